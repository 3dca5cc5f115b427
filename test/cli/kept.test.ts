import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { type Asked, completion, type FakeChat, fakeChat, type Said } from '../chat-server.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-kept-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MOVES = ['Up', 'Right', '**Down**', 'hm', 'Left']

/** Always says the same to the same chat. */
function play({ body }: Asked, response: ServerResponse): void {
  const sum = [...JSON.stringify(body)].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1_000_003, 7)
  response.end(JSON.stringify(completion(`<think>a</think><answer>${MOVES[sum % MOVES.length]}</answer>`)))
}

async function serve(...said: Said[]): Promise<FakeChat> {
  const server = await fakeChat(...said)
  onTestFinished(() => server.close())
  return server
}

const line = [
  '--env',
  'sokoban',
  '--config',
  'preset=tiny-1',
  '--episodes',
  '3',
  '--max-turns',
  '3',
  '--json',
]
/** Of each command: its words, and how many requests of a chat agent it takes. */
const COMMANDS: readonly (readonly [name: string, words: (agent: string) => string[], requests: number])[] = [
  ['compare two agents', (agent) => ['compare', agent, 'random'], 9],
  ['compare ways to ask', (agent) => ['compare', agent, '--variant', 'thought=false'], 27],
  ['arena', (agent) => ['arena', agent, 'random', 'expert'], 9],
]

/** How many episodes a folder holds, all of which must verify and be whole. */
function recorded(name: string): number {
  const episodes = readdirSync(join(folder, name, 'episodes')).map((file) =>
    join(folder, name, 'episodes', file),
  )
  const { episodes: told } = verifyRecord(episodes.map((file) => readFileSync(file, 'utf8')).join(''), envs)
  expect(told.filter(({ status, complete }) => status !== 'agrees' || !complete)).toEqual([])
  return told.length
}

describe.each(COMMANDS)('%s', (name, words, requests) => {
  const all = name === 'compare two agents' ? 6 : 9

  it('keeps every episode, and asks nothing twice after it was told to stop in its middle', async () => {
    const undisturbed = await serve(play)
    const agent = `chat:m@${undisturbed.origin}`
    const plain = await run(...words(agent), ...line)
    expect(plain.code).toBe(0)
    expect(undisturbed.asked).toHaveLength(requests)

    let left = Math.floor(requests / 2)
    const server = await serve((asked, response) => {
      if (left-- === 0) process.emit('SIGINT')
      else play(asked, response)
    })
    const out = join(folder, name)
    const command = [...words(`chat:m@${server.origin}`), ...line, '--concurrency', '1', '--out', out]
    const stopped = await run(...command)
    expect(stopped.code).toBe(130)
    // On a slow machine how far it is was told before.
    expect(stopped.err.at(-1)).toContain('--resume goes on')
    const resumed = await run(...command, '--resume')
    expect(resumed.code).toBe(0)
    const sameBut = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, 'there')
    expect(sameBut(resumed.out[0])).toBe(sameBut(plain.out[0]))
    // The request that was in flight had no answer.
    expect(server.asked).toHaveLength(requests + 1)
    expect(recorded(name)).toBe(all)

    expect(await run(...command, '--resume')).toMatchObject({ code: 0, out: resumed.out })
    expect(server.asked).toHaveLength(requests + 1)
    const told = await run(...command)
    expect(told).toMatchObject({ code: 2, err: [expect.stringContaining('go on with --resume')] })
    const other = await run(...command, '--resume', '--seed', 'x')
    expect(other.err).toEqual([expect.stringMatching(/begun with another seed: "1", not "x"/)])
  })

  it('asks again what failed, and only that', async () => {
    const server: FakeChat = await serve((asked, response) => {
      if (server.asked.length === 3 || server.asked.length === 5) response.writeHead(500).end('moody')
      else play(asked, response)
    })
    const flags = ['--tries', '1', '--concurrency', '1', '--out', join(folder, `${name}, moody`)]
    const command = [...words(`chat:m@${server.origin}`), ...line, ...flags]
    await run(...command)
    const before = server.asked.length
    const { code, err } = await run(...command, '--resume')
    expect(err).toEqual([])
    expect(code).toBe(0)
    expect(server.asked.length).toBeGreaterThan(before)
    expect(server.asked).toHaveLength(requests + 2)
    expect(recorded(`${name}, moody`)).toBe(all)
  })
})

it('a folder of another command is refused, and so is --resume without one', async () => {
  const out = join(folder, 'other')
  const game = line.filter((word) => word !== '--json')
  expect((await run('arena', 'random', 'expert', ...game, '--out', out)).code).toBe(0)
  const { code, err } = await run('compare', 'random', 'expert', ...game, '--out', out, '--resume')
  expect({ code, err }).toEqual({
    code: 2,
    err: [`'${out}' was begun by 'kickpush arena', not by 'kickpush compare'`],
  })
  for (const command of ['arena', 'compare']) {
    expect((await run(command, 'random', 'expert', ...game, '--resume')).err).toEqual([
      `kickpush ${command}: --resume goes on in a folder: give --out`,
    ])
  }
})

it('plays from both seats are kept as well', async () => {
  const out = join(folder, 'seats')
  const words = ['arena', 'random', 'idle', '--env', 'football', '--config']
  const config = 'preset=academy_empty_goal_close,controlled=1,opponents=1'
  const command = [...words, config, '--episodes', '2', '--max-turns', '2', '--json', '--out', out]
  const first = await run(...command)
  expect(first.err).toEqual([])
  expect(await run(...command, '--resume')).toMatchObject({ code: 0, out: first.out })
})
