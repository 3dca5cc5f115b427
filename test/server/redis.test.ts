import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordEvent } from '#core/record/record'
import { serve } from '#server/server'
import { ask, Place, result, until } from './place.ts'
import { hasRedis, redisServer } from './redis.ts'
import { end, start, step, turn, Writer } from './writer.ts'

interface Batch {
  readonly episode: string
  readonly seq: number
  readonly events: RecordEvent[]
}

describe.skipIf(!hasRedis)('two servers over Redis', () => {
  let redis: Awaited<ReturnType<typeof redisServer>>
  let here: Place
  let there: Place
  let run: Writer
  beforeAll(async () => {
    redis = await redisServer()
    here = await Place.open({ redis: redis.url })
    there = await Place.open({ redis: redis.url })
    run = new Writer(here.runs, 'a')
  })
  afterAll(async () => {
    await here.close()
    await there.close()
    await redis.close()
  })

  /** What a watcher has after what it was answered and what came since: every event once, in order. */
  async function watcher(place: Place, episode: string) {
    const socket = await place.socket()
    const batches: Batch[] = []
    socket.on('events', (batch: Batch) => batches.push(batch))
    await until(async () => (await ask(socket, 'watch', { episode })).ok)
    batches.length = 0
    const joined = await result(socket, 'watch', { episode })
    const whole = () => {
      const events = [...joined.events]
      for (const batch of batches) events.push(...batch.events.slice(Math.max(0, events.length - batch.seq)))
      return events.map(({ type }) => type)
    }
    return { socket, joined, whole, batches }
  }

  test('a run of one is watched at both, live, each event once', async () => {
    run.events('0.jsonl', start('e'), turn('e', 0), step('e', 1))
    const [a, b] = [await watcher(here, 'a/e'), await watcher(there, 'a/e')]
    expect(b.joined).toMatchObject({ seq: 3, live: true })
    run.events('0.jsonl', turn('e', 1), step('e', 2))
    await until(() => a.whole().length === 5 && b.whole().length === 5)
    run.events('0.jsonl', end('e', 2, -1))
    await until(() => a.whole().length === 6 && b.whole().length === 6)
    expect(a.whole()).toEqual(['start', 'turn', 'step', 'turn', 'step', 'end'])
    expect(b.whole()).toEqual(a.whole())
    // Nobody got a batch twice.
    for (const { batches } of [a, b]) expect(new Set(batches.map(({ seq }) => seq)).size).toBe(batches.length)
  })

  test('pages of one are answered by the other that has them, and what nobody has by nobody', async () => {
    expect((await there.get('/api/episodes/a%2Fe/record')).body).toBe(
      (await here.get('/api/episodes/a%2Fe/record')).body,
    )
    expect((await there.get('/api/episodes/a%2Fe?after=0')).body).toMatchObject({ seq: 6 })
    expect((await there.get('/api/runs/a/metrics')).status).toBe(200)
    expect((await there.get('/api/episodes/a%2Fnone')).status).toBe(404)
    expect((await there.get('/api/runs/none/metrics')).status).toBe(404)
    const socket = await there.socket()
    expect(await ask(socket, 'watch', { episode: 'a/none' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND' },
    })
  })

  test('a server ends also while Redis is away', async () => {
    const own = await redisServer()
    const alone = await Place.open({ redis: own.url })
    await own.close()
    await until(() => alone.lines.some((line) => line.includes('trying again')))
    expect((await alone.get('/api/health')).status).toBe(200)
    await alone.close()
  })

  test('metrics and the wall reach both', async () => {
    run.metrics({ update: 0, stage: 'fre' })
    const socket = await there.socket()
    const rows: unknown[] = []
    socket.on('metrics', (message: { rows: unknown[] }) => rows.push(...message.rows))
    const { info, row } = await result(socket, 'run', { run: 'a' })
    expect({ id: info.id, row }).toEqual({ id: 'a', row: 0 })
    run.metrics({ update: 1, stage: 'fre' })
    await until(() => rows.length > 0)
    const { episodes } = await result(socket, 'wall')
    expect(episodes.map(({ id }) => id)).toContain('a/e')
  })
})

test('a Redis that is not there is told in one line', async () => {
  const place = { port: 0, runs: 'none', redis: 'redis://user:secret@127.0.0.1:1', log: () => {} }
  const problem = await serve(place).catch((error: Error) => error.message)
  expect(problem).toMatch(/^--redis redis:\/\/.*127\.0\.0\.1:1: .*ECONNREFUSED/)
  expect(problem).not.toContain('secret')
})
