import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-workers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A command that serves in several processes. */
async function serving(...words: string[]): Promise<{ url: string; child: ChildProcess; told: string[] }> {
  const child = spawn(process.execPath, [
    'bin/kickpush.js',
    ...words,
    '--port',
    '0',
    '--workers',
    '2',
    '--threads',
    '1',
  ])
  const told: string[] = []
  child.stderr?.on('data', (text) => told.push(String(text)))
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout?.on('data', (text) => {
      out += String(text)
      const address = /http:\/\/[^\s/]+/.exec(out)
      if (address) resolve(address[0])
    })
    child.once('exit', () => reject(new Error(told.join(''))))
  })
  return { url, child, told }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  return (await ended)[0] as number | null
}

interface Stepped {
  readonly status: number
  readonly observation: { readonly episode_id: string; readonly seed: string; readonly turn: number }
  readonly done: boolean
  readonly error: { readonly code: string }
}

describe('an environment server of two workers', () => {
  let server: Awaited<ReturnType<typeof serving>>
  const record = join(folder, 'together')
  beforeAll(async () => {
    const config = ['--config', 'preset=tiny-1', '--record', record]
    server = await serving('env-server', '--env', 'sokoban', ...config)
  })

  /** Over a connection of its own each, so that both workers are asked. */
  const post = async (path: string, body: object): Promise<Stepped> => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { connection: 'close' } }
    const answer = await fetch(server.url + path, init)
    return { status: answer.status, ...((await answer.json()) as Omit<Stepped, 'status'>) }
  }
  const connect = async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
    await once(socket, 'open')
    const say = async (type: string, data: object = {}) => {
      const answered = once(socket, 'message')
      socket.send(JSON.stringify({ type, data }))
      return JSON.parse(String((await answered)[0])) as { type: string; data: Stepped & { message: string } }
    }
    return { say, socket }
  }

  test('plays every episode wherever its client asks, and gives no seed twice', async () => {
    const seeds = new Set<string>()
    for (let i = 0; i < 8; i++) {
      const { observation } = await post('/reset', i % 2 === 0 ? { episode_id: `chosen ${i}` } : {})
      seeds.add(observation.seed)
      const { episode_id } = observation
      for (let turn = 1; turn < 4; turn++) {
        const stepped = await post('/step', { episode_id, action: { actions: [i % 4] } })
        expect(stepped).toMatchObject({ status: 200, observation: { episode_id, turn } })
      }
      const state = await fetch(`${server.url}/state?episode_id=${encodeURIComponent(episode_id)}`)
      expect(await state.json()).toMatchObject({ step_count: 3, seed: observation.seed })
    }
    expect(seeds.size).toBe(8)
    expect(await post('/step', { action: { actions: [0] } })).toMatchObject({
      status: 409,
      error: { code: 'CONFLICT' },
    })
    expect(await post('/reset', { episode_id: 'chosen 0' })).toMatchObject({ status: 409 })
  })

  test('gives an episode back over whichever connection its client comes', async () => {
    const ids = []
    for (let i = 0; i < 4; i++) {
      const { say, socket } = await connect()
      const begun = await say('reset', i % 2 === 0 ? { episode_id: `mine ${i}`, seed: i } : { seed: i })
      ids.push(begun.data.observation.episode_id)
      expect(await say('step', { actions: [1] })).toMatchObject({ type: 'observation' })
      socket.terminate()
    }
    for (const [i, id] of ids.entries()) {
      const { say, socket } = await connect()
      let again = await say('reset', { episode_id: id, resume: true })
      for (let tries = 0; again.type === 'error'; tries++) {
        expect(tries).toBeLessThan(20_000)
        again = await say('reset', { episode_id: id, resume: true })
      }
      expect(again.data.observation).toMatchObject({ episode_id: id, seed: `${i}`, turn: 1 })
      expect((await say('step', { actions: [2] })).data.observation).toMatchObject({
        episode_id: id,
        turn: 2,
      })
      // From here on it plays something else, wherever that is.
      expect((await say('reset', { seed: 'new' })).data.observation).toMatchObject({ seed: 'new', turn: 0 })
      expect((await say('reset', { preest: 1 })).data.message).toContain("did you mean 'preset'")
      socket.close()
    }
  })

  test('ends when it is told to, and every record verifies', async () => {
    expect(await stop(server.child)).toBe(0)
    const episodes = readdirSync(join(record, 'episodes')).flatMap(
      (file) => verifyRecord(readFileSync(join(record, 'episodes', file), 'utf8'), envs).episodes,
    )
    expect(episodes.length).toBeGreaterThanOrEqual(16)
    expect(episodes.filter(({ status }) => status === 'differs')).toEqual([])
  })
})

test('a reward server of two workers scores, and begins one again that broke down', async () => {
  const { url, child, told } = await serving('reward-server', '--env', 'sokoban')
  const label = JSON.stringify({
    ...{ env: 'sokoban', config: { level: '#######|#@-$.-#|#######' }, seed: '1' },
    ...{ actions: 5, modality: 'text' },
  })
  const said = 'q<think>push</think><answer>Right, Right</answer>'
  const score = async () => {
    const body = JSON.stringify({ query: [said], prompts: ['q'], labels: [label] })
    const answer = await fetch(`${url}/get_reward`, {
      method: 'POST',
      body,
      headers: { connection: 'close' },
    })
    return ((await answer.json()) as { scores: number[] }).scores
  }
  for (let i = 0; i < 4; i++) expect(await score()).toEqual([1])
  const workers = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
  const worker = workers.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('reward-server'))
  const broke = once(child.stderr!, 'data')
  process.kill(Number(worker), 'SIGKILL')
  await broke
  expect(told.join('')).toContain('a worker broke down (SIGKILL) and is begun again')
  for (let i = 0; i < 4; i++) expect(await score()).toEqual([1])
  expect(await stop(child)).toBe(0)
})

test('what stands in the way of workers is told once', async () => {
  const child = spawn(
    process.execPath,
    ['bin/kickpush.js', 'reward-server', '--host', '0.0.0.0', '--workers', '2'],
    {
      env: { ...process.env, KICKPUSH_TOKEN: '' },
    },
  )
  let err = ''
  child.stderr.on('data', (text) => {
    err += text
  })
  const [code] = await once(child, 'close')
  expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
  expect(err).toContain('--host 0.0.0.0 is beyond this machine')
  expect((await run('env-server', '--env', 'sokoban', '--workers', '0')).err[0]).toMatch(
    /--workers must be at least 1/,
  )
})
