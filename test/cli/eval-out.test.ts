import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { type Asked, completion, type FakeChat, fail, fakeChat, type Said } from '../chat-server.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  delete process.env.SECRET_KEY
})

const MOVES = ['Up', 'Right', '**Down**', 'hm', 'Left']

/** Always says the same to the same chat. */
function play({ body }: Asked, response: ServerResponse): void {
  const action = MOVES[sumOf(body) % MOVES.length]
  response.end(JSON.stringify(completion(`<think>a</think><answer>${action}</answer>`)))
}

function sumOf(body: object): number {
  return [...JSON.stringify(body)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7)
}

async function serve(...said: Said[]): Promise<FakeChat> {
  const server = await fakeChat(...said)
  onTestFinished(() => server.close())
  return server
}

/** An evaluation of six episodes of four turns in the folder of that name. */
function evaluation({ origin }: FakeChat, name: string, ...more: string[]) {
  const line = ['eval', '--env', 'sokoban', '--config', 'preset=tiny-1', '--agent', `chat:m@${origin}`]
  const flags = ['--episodes', '6', '--max-turns', '4', '--tries', '1', '--json', '--out', join(folder, name)]
  return run(...line, ...flags, ...more)
}

const read = (name: string, file: string) => readFileSync(join(folder, name, file), 'utf8')
const rows = (name: string) =>
  read(name, 'results.jsonl')
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row))

/** Every episode of a folder, as verified. */
function recorded(name: string) {
  const text = readdirSync(join(folder, name, 'episodes'))
    .map((file) => read(name, `episodes/${file}`))
    .join('')
  return verifyRecord(text, envs).episodes.map(({ episode, status, complete }) => ({
    episode,
    status,
    complete,
  }))
}

it('an evaluation in a folder is a run like any other, with what replies cost and how they ended', async () => {
  const server = await serve(play)
  const { code, out } = await evaluation(server, 'whole', '--price', '1,2')
  expect(code).toBe(0)
  const told = JSON.parse(out[0])
  expect(told).toMatchObject({ episodes: 6, usage: { input: 2400, output: 480 } })
  expect(told.cost).toBeCloseTo(2400e-6 + 2 * 480e-6)
  expect(told.lenient).toBeGreaterThan(0)
  expect(told.ends.malformed).toBe(told.malformed)
  expect(JSON.parse(read('whole', 'run.json'))).toMatchObject({
    kind: 'evaluation',
    status: 'done',
    id: 'whole',
  })
  expect(recorded('whole')).toHaveLength(6)
  expect(recorded('whole').filter(({ status, complete }) => status !== 'agrees' || !complete)).toEqual([])
  expect(rows('whole')).toHaveLength(6)

  expect((await evaluation(server, 'whole')).err).toEqual([expect.stringContaining('go on with --resume')])
  const again = await evaluation(server, 'whole', '--price', '1,2', '--resume')
  expect(again).toEqual({ code: 0, out, err: [] })
  expect(server.asked).toHaveLength(24)
  const other = await evaluation(server, 'whole', '--resume', '--max-turns', '5').catch(() => undefined)
  expect(other).toMatchObject({ code: 2 })
  const seeded = await evaluation(server, 'whole', '--resume', '--seed', 'x')
  expect(seeded).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/was begun with another seed: "1", not "x"/)],
  })
})

it('wherever it was killed, it goes on, asks nothing twice and comes out the same', async () => {
  const undisturbed = await serve(play)
  const { out } = await evaluation(undisturbed, 'undisturbed')
  const [record, results] = [read('undisturbed', 'episodes/0.jsonl'), read('undisturbed', 'results.jsonl')]
  let tries = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(record.length), fc.boolean(), async (cut, torn) => {
      const name = `killed-${tries++}`
      const server = await fakeChat(play)
      // The same address in every run.json: the chat's own does not matter here.
      await evaluation(server, name)
      const before = record.slice(0, cut)
      const lines = before.split('\n').slice(0, -1)
      const ended = new Set(
        lines.filter((line) => line.startsWith('{"type":"end"')).map((line) => JSON.parse(line).episode),
      )
      const kept = results
        .trimEnd()
        .split('\n')
        .filter((row) => ended.has(`eval-${JSON.parse(row).index}`))
      writeFileSync(join(folder, name, 'episodes/0.jsonl'), before)
      writeFileSync(join(folder, name, 'results.jsonl'), kept.map((row) => `${row}\n`).join(''))
      if (torn) appendFileSync(join(folder, name, 'results.jsonl'), '{"index":')
      const turns = lines.filter((line) => line.startsWith('{"type":"turn"')).length
      const asked = server.asked.length
      expect(await evaluation(server, name, '--resume')).toMatchObject({ code: 0, out })
      expect(server.asked.length - asked).toBe(24 - turns)
      expect(recorded(name).filter(({ status, complete }) => status !== 'agrees' || !complete)).toEqual([])
      expect(recorded(name)).toHaveLength(6)
      server.close()
    }),
    { numRuns: 6 },
  )
})

it('a failed episode is a row, left out of the figures, and asked again by --resume', async () => {
  let broken = true
  const moody: Said = (asked, response) => {
    if (broken && asked.body.messages.length > 4 && sumOf(asked.body) % 3 === 0)
      response.writeHead(500).end('moody')
    else play(asked, response)
  }
  const server = await serve(moody)
  const first = JSON.parse((await evaluation(server, 'moody')).out[0])
  expect(first.failed).toBeGreaterThan(0)
  expect(first.episodes + first.failed).toBe(6)
  expect(rows('moody').filter(({ failed }) => failed?.includes('500'))).toHaveLength(first.failed)
  broken = false
  const asked = server.asked.length
  const then = JSON.parse((await evaluation(server, 'moody', '--resume')).out[0])
  expect(then).toMatchObject({ episodes: 6 })
  expect(then.failed).toBeUndefined()
  const failures = 24 - (asked - first.failed)
  expect(server.asked.length - asked).toBe(failures)
})

describe('a server that never answers', () => {
  it('ends it in one line, exit code 2, and the folder says why', async () => {
    const server = await serve(fail(401, 'bad key'))
    const { code, err, out } = await evaluation(server, 'refused')
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err).toEqual([`chat server ${server.origin}: 401 Unauthorized bad key`])
    expect(JSON.parse(read('refused', 'run.json'))).toMatchObject({ status: 'failed', reason: err[0] })
  })

  it('is left at once when told to stop, and gone on with', async () => {
    let silent = true
    const server: FakeChat = await serve((asked, response) => {
      if (!silent) play(asked, response)
      else if (server.asked.length === 1) process.emit('SIGINT')
    })
    const { code, err } = await evaluation(server, 'silent')
    expect(code).toBe(130)
    expect(err).toEqual([expect.stringContaining('--resume goes on')])
    expect(JSON.parse(read('silent', 'run.json')).status).toBe('stopped')
    silent = false
    expect(JSON.parse((await evaluation(server, 'silent', '--resume')).out[0])).toMatchObject({ episodes: 6 })
  })
})

it('keys come from the variable that is named, and are nowhere to be seen', async () => {
  process.env.SECRET_KEY = 'sk-very-secret'
  const server = await serve(play)
  const name = `chat:m@${server.origin.replace('//', '//user:password@')}`
  const line = [
    'eval',
    '--env',
    'sokoban',
    '--config',
    'preset=tiny-1',
    '--episodes',
    '1',
    '--max-turns',
    '2',
  ]
  const flags = ['--api-key-env', 'SECRET_KEY', '--out', join(folder, 'keys')]
  const { code, out, err } = await run(...line, ...flags, '--agent', name)
  expect(code).toBe(0)
  expect(server.asked[0].headers.authorization).toBe('Bearer sk-very-secret')
  const seen = [
    ...out,
    ...err,
    read('keys', 'run.json'),
    read('keys', 'episodes/0.jsonl'),
    read('keys', 'results.jsonl'),
  ]
  expect(seen.join('\n')).not.toMatch(/secret|password/)
  expect((await run(...line, '--agent', name, '--api-key-env', 'NO_SUCH_KEY')).err).toEqual([
    "--api-key-env: the environment variable 'NO_SUCH_KEY' is not set",
  ])
})

it.each([
  [['--extra-body', '[1]'], /--extra-body/],
  [['--extra-body', '{'], /--extra-body is not JSON/],
  [['--price', '1'], /--price: must be two prices/],
  [['--max-tokens', '0'], /--max-tokens/],
  [['--timeout', '0'], /--timeout/],
  [['--resume'], /give --out/],
])('%j is refused in one line', async (words, message) => {
  const line = ['eval', '--env', 'sokoban', '--agent', 'chat:m@http://127.0.0.1:9']
  const { code, err } = await run(...line, ...words)
  expect(code).toBe(2)
  expect(err).toEqual([expect.stringMatching(message)])
})
