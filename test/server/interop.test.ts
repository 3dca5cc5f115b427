import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { verifyRecord } from '#core/record/verify'
import type { Serving } from '#server/listen'
import { serveEnv } from '#server/openenv'
import { serveRewards } from '#server/reward'
import { toy } from '../toy.ts'
import { toyWork } from './toy-game.ts'
import { runsFolder } from './writer.ts'

const runs = runsFolder()
const record = path.join(runs, 'served')

let serving: Serving
const lines: string[] = []
beforeAll(async () => {
  serving = await serveEnv({
    port: 0,
    ...toyWork('one'),
    sessions: 3,
    record,
    log: (line) => lines.push(line),
  })
})
afterAll(async () => {
  await serving.close()
  rmSync(runs, { recursive: true })
})

interface Stepped {
  observation: Record<string, unknown>
  reward: number | null
  done: boolean
  error?: { code: string; message: string }
}

async function http(path: string, body?: object): Promise<Stepped & Record<string, unknown>> {
  const init = body && { method: 'POST', body: JSON.stringify(body) }
  return (await (await fetch(serving.url + path, init)).json()) as never
}

/** A connection that answers messages in order. */
async function connect(): Promise<{
  say(message: unknown): Promise<{ type: string; data: never }>
  socket: WebSocket
}> {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/ws`)
  const waiting: ((message: never) => void)[] = []
  const early: never[] = []
  socket.on('message', (bytes) => {
    const message = JSON.parse(String(bytes)) as never
    const next = waiting.shift()
    if (next) next(message)
    else early.push(message)
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (message: unknown) => {
    if (message !== null) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    return new Promise<never>((resolve) => {
      const next = early.shift()
      if (next) resolve(next)
      else waiting.push(resolve)
    })
  }
  return { say, socket }
}

test('an episode over HTTP: a seed holds, actions by name, index and words, and the end', async () => {
  const begun = await http('/reset', { seed: 7, episode_id: 'one' })
  expect(begun).toMatchObject({
    reward: null,
    done: false,
    observation: {
      episode_id: 'one',
      seed: '7',
      text: 'ice ice me ice ice beacon ice',
      limit: 2,
      outcome: 'walking',
    },
  })
  const moved = await http('/step', { action: { actions: ['East', 2] }, episode_id: 'one' })
  expect(moved).toMatchObject({
    done: false,
    observation: { text: 'ice ice ice ice me beacon ice', turn: 1 },
  })
  expect(moved.reward).toBeCloseTo(-0.2)
  const unread = await http('/step', { action: { response: 'east!' } })
  expect(unread).toMatchObject({ reward: 0, done: false, observation: { turn: 2 } })
  const wrong = await http('/step', { action: { actions: 'Up' } })
  expect(wrong.error).toMatchObject({
    code: 'INVALID_MESSAGE',
    message: expect.stringContaining('no action "Up"'),
  })
  const arrived = await http('/step', { action: { response: 'go E' } })
  expect(arrived).toMatchObject({ done: true, observation: { outcome: 'arrived', success: true } })
  expect(arrived.reward).toBeCloseTo(0.9)
  expect(await http('/state?episode_id=one')).toMatchObject({
    step_count: 3,
    terminated: true,
    truncated: false,
  })
  expect((await http('/step', { action: { response: 'go E' } })).error?.message).toContain(
    'the episode is over',
  )
  expect((await http('/step', { action: {}, episode_id: 'none' })).error?.message).toContain(
    'no episode "none"',
  )
})

test('the schema, metadata and health say what clients ask for', async () => {
  expect(await http('/health')).toEqual({ status: 'healthy' })
  expect(await http('/metadata')).toMatchObject({ name: 'beacon', description: toy.title, version: '1.1' })
  const schema = (await http('/schema')) as unknown as Record<
    string,
    { properties?: object; anyOf?: object[] }
  >
  expect(schema.action.anyOf).toHaveLength(2)
  expect(Object.keys(schema.observation.properties ?? {})).toContain('messages')
  expect(Object.keys(schema.state.properties ?? {})).toContain('step_count')
})

test('each connection is an environment of its own, and errors leave it as it was', async () => {
  const [a, b] = [await connect(), await connect()]
  await a.say({ type: 'reset', data: { seed: 1 } })
  await b.say({ type: 'reset', data: { seed: 1, config: { level: { beacon: 0, starts: [1] } } } })
  expect(await a.say({ type: 'step', data: { actions: 'East East' } })).toMatchObject({
    type: 'observation',
    data: { done: false, observation: { text: 'ice ice ice ice me beacon ice' } },
  })
  expect(await b.say({ type: 'step', data: { actions: 'West' } })).toMatchObject({ data: { done: true } })
  for (const [message, code] of [
    ['{"type":', 'INVALID_JSON'],
    [[], 'INVALID_JSON'],
    [{ type: 'jump' }, 'UNKNOWN_TYPE'],
    [{ type: 'step', data: {} }, 'VALIDATION_ERROR'],
    [{ type: 'step', data: { actions: 'East', response: 'go E' } }, 'VALIDATION_ERROR'],
    [{ type: 'step', data: { actions: ['Est'] } }, 'VALIDATION_ERROR'],
    [{ type: 'reset', data: { seed: 1.5 } }, 'VALIDATION_ERROR'],
    [{ type: 'reset', data: { config: { cells: 1 } } }, 'VALIDATION_ERROR'],
    [{ type: 'reset', data: { config: { level: { beacon: 90, starts: [1] } } } }, 'EXECUTION_ERROR'],
  ]) {
    expect(await a.say(message)).toMatchObject({ type: 'error', data: { code } })
  }
  expect(lines).toEqual([expect.stringContaining('the level does not fit')])
  expect(await a.say({ type: 'state' })).toMatchObject({ type: 'state', data: { step_count: 2, seed: '1' } })
  expect(await a.say({ type: 'step', data: { actions: 'East' } })).toMatchObject({ data: { done: true } })
  a.socket.close()
  b.socket.close()
})

test('one environment too many is refused, and its place is free again later', async () => {
  const some = [await connect(), await connect(), await connect()]
  const late = await connect()
  expect(await late.say(null)).toMatchObject({ type: 'error', data: { code: 'CAPACITY_REACHED' } })
  some[0].socket.close()
  await new Promise((resolve) => some[0].socket.once('close', resolve))
  const next = await connect()
  expect(await next.say({ type: 'reset' })).toMatchObject({ type: 'observation' })
  for (const { socket } of [...some, next, late]) socket.close()
})

test('what was played from outside is a record like any other', async () => {
  const text = readFileSync(path.join(record, 'episodes', '0.jsonl'), 'utf8')
  const { episodes, bad } = verifyRecord(text, [toy as never])
  expect(bad).toEqual([])
  expect(episodes.length).toBeGreaterThanOrEqual(3)
  expect(episodes.filter(({ status }) => status !== 'agrees')).toEqual([])
  expect(text).toContain('"response":"go E"')
})

test('two seats decide together, and a rule pays each turn when it is over', async () => {
  const server = await serveEnv({ port: 0, ...toyWork('pair'), sessions: 1 })
  const post = async (path: string, body: object) =>
    (await (await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) })).json()) as Stepped
  const begun = await post('/reset', {})
  expect(begun.observation.seats).toMatchObject([{ seat: 0 }, { seat: 1 }])
  const one = await post('/step', { action: { actions: 'East' } })
  expect(one.error?.message).toContain('2 seats must decide, 1 did')
  const both = { seats: [{ actions: 'East' }, { response: 'go W' }] }
  expect(await post('/step', { action: both })).toMatchObject({ reward: 1, done: false })
  await post('/step', { action: both })
  const stay = { seats: [{ actions: 'Stay' }, { actions: 'West' }] }
  await post('/step', { action: stay })
  expect(await post('/step', { action: stay })).toMatchObject({
    reward: 11,
    done: true,
    observation: { rewards: [11, 11] },
  })
  await server.close()
})

test('rewards are given in order, with their terms beside them', async () => {
  const work = { entry: new URL('./score-thread.ts', import.meta.url) }
  const server = await serveRewards({ port: 0, work, threads: 2 })
  const post = async (body: unknown) => {
    const init = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(`${server.url}/get_reward`, init)
    return { status: response.status, ...((await response.json()) as object) }
  }
  const query = ['What? Up', 'Where? Left', 'no prompt']
  const prompts = ['What? ', 'Where? ', 'other']
  expect(await post({ query, prompts, labels: ['Up', 'Right', null] })).toEqual({
    status: 200,
    rewards: [2, 4, 9],
    scores: [1, 1, 1],
    extra_logs: { right: [1, 0, 0] },
  })
  expect(await post({ query, prompts })).toEqual({
    ...{ status: 200, rewards: [2, 4, 9], scores: [1, 1, 1], extra_logs: {} },
  })
  expect(await post({ query, prompts: ['x'] })).toMatchObject({
    status: 400,
    error: { message: 'request: the lists must be equally long (query 3, prompts 1, labels none)' },
  })
  expect(await post({ query: 'x', prompts })).toMatchObject({
    status: 400,
    error: { code: 'INVALID_MESSAGE' },
  })
  expect(await post('{')).toMatchObject({ status: 400, error: { message: 'the body is not JSON' } })
  expect((await fetch(`${server.url}/get_rewards`)).status).toBe(404)
  await server.close()
})
