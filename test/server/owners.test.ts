import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { verifyRecord } from '#core/record/verify'
import type { Serving } from '#server/listen'
import { serveEnv } from '#server/openenv'
import { toy } from '../toy.ts'
import { toyWork } from './toy-game.ts'
import { runsFolder } from './writer.ts'

const runs = runsFolder()
const record = path.join(runs, 'served')
let serving: Serving
beforeAll(async () => {
  serving = await serveEnv({ port: 0, ...toyWork('one'), sessions: 20, record })
})
afterAll(async () => {
  await serving.close()
  rmSync(runs, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly observation: { readonly episode_id: string; readonly seed: string }
  readonly done: boolean
  readonly error: { readonly code: string; readonly message: string }
}

async function post(path: string, body: object): Promise<Answer> {
  const answer = await fetch(serving.url + path, { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, ...((await answer.json()) as Omit<Answer, 'status'>) }
}

/** A connection, and what it is answered to one message after the other. */
async function connect() {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/ws`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = async (type: string, data: object = {}) => {
    const answered = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ type, data }))
    return JSON.parse(String(await answered)) as { type: string; data: Answer & Answer['error'] }
  }
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const tell = (type: string) => socket.send(JSON.stringify({ type, data: {} }))
  return { say, tell, closed, close: () => socket.close(), cut: () => socket.terminate() }
}

/** What the record says of every episode; a line of another between two lines of its own would not agree. */
function recorded() {
  const files = readdirSync(path.join(record, 'episodes'))
  return files.flatMap((file) => {
    const text = readFileSync(path.join(record, 'episodes', file), 'utf8')
    return verifyRecord(text, [toy as never]).episodes
  })
}

test('ids made here are random, and never repeat', async () => {
  const ids = []
  for (let i = 0; i < 10; i++) ids.push((await post('/reset', {})).observation.episode_id)
  expect(new Set(ids).size).toBe(10)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  for (const episode_id of ids) await finish(episode_id)
})

async function finish(episode_id: string) {
  for (let turn = 0; turn < 20; turn++) {
    if ((await post('/step', { action: { actions: 'East East' }, episode_id })).done) return
  }
}

test('an id that is being played cannot be taken by anybody, however either of them speaks', async () => {
  const [a, b] = [await connect(), await connect()]
  await a.say('reset', { episode_id: 'ours' })
  const own = await b.say('reset', { seed: 4 })
  expect(await b.say('reset', { episode_id: 'ours' })).toMatchObject({
    type: 'error',
    data: { code: 'SESSION_ERROR', message: expect.stringContaining('"ours" is being played by another') },
  })
  expect(await post('/reset', { episode_id: 'ours' })).toMatchObject({
    status: 409,
    error: { code: 'CONFLICT' },
  })
  expect(await post('/step', { action: { actions: 'East' }, episode_id: 'ours' })).toMatchObject({
    status: 400,
  })
  // Whoever was refused still has the episode it had.
  const moved = await b.say('step', { actions: 'East' })
  expect(moved.data.observation.episode_id).toBe(own.data.observation.episode_id)
  // Its owner may begin it again, and who comes later may have it once it is left or over.
  expect((await a.say('reset', { episode_id: 'ours' })).type).toBe('observation')
  a.close()
  for (let tries = 0; (await b.say('reset', { episode_id: 'ours' })).type === 'error'; tries++) {
    expect(tries).toBeLessThan(20_000)
  }
  b.close()
})

test('a step without an id is refused while several episodes are open', async () => {
  const [one, two] = [await post('/reset', { episode_id: 'one' }), await post('/reset', {})]
  const step = { action: { actions: 'East' } }
  expect(await post('/step', step)).toMatchObject({
    status: 409,
    error: { code: 'CONFLICT', message: '2 episodes are open: say which by its episode_id' },
  })
  expect((await fetch(`${serving.url}/state`)).status).toBe(409)
  await finish(two.observation.episode_id)
  expect((await post('/step', step)).observation.episode_id).toBe(one.observation.episode_id)
  await finish('one')
  expect(await post('/step', step)).toMatchObject({ status: 400, error: { code: 'INVALID_MESSAGE' } })
})

test('whatever ids several clients choose, and whoever steps when, every record is one episode', async () => {
  const doing = fc.record({
    who: fc.nat(2),
    id: fc.constantFrom('x', 'y', undefined),
    steps: fc.nat(3),
  })
  const clients = [await connect(), await connect(), await connect()]
  await fc.assert(
    fc.asyncProperty(fc.array(doing, { minLength: 3, maxLength: 12 }), async (plan) => {
      for (const { who, id, steps } of plan) {
        await clients[who].say('reset', id ? { episode_id: id } : {})
        for (let i = 0; i < steps; i++) {
          await Promise.all(clients.map((client) => client.say('step', { actions: 'East' })))
        }
      }
    }),
    { numRuns: 20 },
  )
  for (const client of clients) client.close()
  const episodes = recorded()
  expect(episodes.length).toBeGreaterThan(20)
  expect(episodes.filter(({ status }) => status !== 'agrees')).toEqual([])
})

test('an episode whose client is gone is taken up again by its id, over a new connection or HTTP', async () => {
  const a = await connect()
  const { observation } = (await a.say('reset', { seed: 9 })).data
  const id = observation.episode_id
  const moved = (await a.say('step', { actions: 'East' })).data.observation
  // While it looks alive its random id is enough: a dead client may not have been noticed yet.
  const b = await connect()
  const again = await b.say('reset', { episode_id: id, resume: true, request_id: 'r1' })
  expect(again).toMatchObject({ type: 'observation', data: { reward: null, done: false } })
  expect(again.data.observation).toEqual({ ...moved, rewards: undefined, request_id: 'r1' })
  expect(await a.say('step', { actions: 'East' })).toMatchObject({
    type: 'error',
    data: { message: 'no episode: reset first' },
  })
  b.cut()
  a.close()
  let stepped = await post('/step', { action: { actions: 'East' }, episode_id: id })
  for (let tries = 0; stepped.status !== 200; tries++) {
    expect(tries).toBeLessThan(20_000)
    stepped = await post('/step', { action: { actions: 'East' }, episode_id: id })
  }
  expect(stepped.observation).toMatchObject({ episode_id: id, seed: '9', turn: 2 })
  const c = await connect()
  expect((await c.say('reset', { episode_id: id, resume: true })).data.observation).toMatchObject({ turn: 2 })
  expect((await c.say('step', { actions: 'East' })).data.done).toBe(true)
  expect(recorded().filter(({ episode }) => episode === id)).toMatchObject([{ status: 'agrees' }])
  c.close()
})

test('a name that a client chose is taken up only once its connection is gone, and one that was closed is over', async () => {
  const [a, b] = [await connect(), await connect()]
  await a.say('reset', { episode_id: 'mine' })
  const told = { type: 'error', data: { message: expect.stringContaining('no episode "mine" to resume') } }
  expect(await b.say('reset', { episode_id: 'mine', resume: true })).toMatchObject(told)
  a.cut()
  let taken = await b.say('reset', { episode_id: 'mine', resume: true })
  for (let tries = 0; taken.type === 'error'; tries++) {
    expect(tries).toBeLessThan(20_000)
    taken = await b.say('reset', { episode_id: 'mine', resume: true })
  }
  const c = await connect()
  b.tell('close')
  await b.closed
  expect(await c.say('reset', { episode_id: 'mine', resume: true })).toMatchObject(told)
  expect(await c.say('reset', { resume: true })).toMatchObject({
    data: { message: 'reset: resume needs an episode_id' },
  })
  c.close()
})
