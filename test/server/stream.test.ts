import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RecordEvent } from '#core/record/record'
import type { EpisodeSummary } from '#core/record/wire'
import { ask, Place, result, until } from './place.ts'
import { end, episode, start, step, turn, Writer } from './writer.ts'

let place: Place
let run: Writer
beforeEach(async () => {
  place = await Place.open()
  run = new Writer(place.runs, 'a')
})
afterEach(() => place.close())

interface Batch {
  episode: string
  seq: number
  events: RecordEvent[]
}

/** Collects the batches of a socket. */
function batches(socket: { on(name: string, listener: (batch: Batch) => void): unknown }): Batch[] {
  const seen: Batch[] = []
  socket.on('events', (batch) => seen.push(batch))
  return seen
}

test('a late join is one message, and what follows continues it without a gap', async () => {
  run.events('0.jsonl', start('e'), turn('e', 0), step('e', 1))
  await until(async () => (await place.get('/api/episodes?live=true')).body as { total: number })
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const seen = batches(socket)
  const joined = await result(socket, 'watch', { episode: 'a/e' })
  expect(joined).toMatchObject({ seq: 3, live: true, summary: { turns: 1, steps: 1, return: [-0.5] } })
  expect(joined.events.map((event) => event.type)).toEqual(['start', 'turn', 'step'])

  run.events('0.jsonl', turn('e', 1), step('e', 2))
  await until(() => seen.length === 1)
  run.events('0.jsonl', end('e', 2, -1))
  await until(() => seen.length === 2)
  expect(seen.map(({ seq, events }) => [seq, events.length])).toEqual([
    [3, 2],
    [5, 1],
  ])
  const { summary } = await result(socket, 'watch', { episode: 'a/e' })
  expect(summary).toMatchObject({ outcome: 'solved', success: true, live: false, seq: 6, return: [-1] })
})

test('a torn last line waits for its rest', async () => {
  const line = `${JSON.stringify(step('e', 1))}\n`
  run.events('0.jsonl', start('e'))
  run.raw('0.jsonl', line.slice(0, 60))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const seen = batches(socket)
  // What was written later elsewhere has been read, and so has the beginning of the line.
  run.events('1.jsonl', start('later'))
  await until(async () => (await ask(socket, 'watch', { episode: 'a/later' })).ok)
  expect(seen).toEqual([])
  run.raw('0.jsonl', line.slice(60))
  await until(() => seen.length === 1)
  expect(seen[0]).toMatchObject({ episode: 'a/e', seq: 1, events: [step('e', 1)] })
})

test('a watcher resumes after the last event it saw', async () => {
  run.events('0.jsonl', ...episode('e', 5))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const all = await result(socket, 'watch', { episode: 'a/e' })
  const rest = await result(socket, 'watch', { episode: 'a/e', after: 4 })
  expect(all.events).toHaveLength(12)
  expect(rest.events).toEqual(all.events.slice(4))
  expect(rest.seq).toBe(12)
  const { body } = await place.get('/api/episodes/a%2Fe?after=4')
  expect(body).toMatchObject({ seq: 12, live: false, events: all.events.slice(4) })
})

test('interleaved episodes reach only those who watch them', async () => {
  run.events('0.jsonl', start('x'), start('y'))
  const [one, two] = [await place.socket(), await place.socket()]
  await until(async () => (await ask(one, 'watch', { episode: 'a/x' })).ok)
  await result(two, 'watch', { episode: 'a/y' })
  const [ofOne, ofTwo] = [batches(one), batches(two)]
  run.events('0.jsonl', turn('x', 0), turn('y', 0), step('x', 1), step('y', 1))
  await until(() => ofOne.length === 1 && ofTwo.length === 1)
  expect(ofOne[0]).toMatchObject({ episode: 'a/x', seq: 1, events: [turn('x', 0), step('x', 1)] })
  expect(ofTwo[0].episode).toBe('a/y')
  await result(one, 'unwatch', { episode: 'a/x' })
  run.events('0.jsonl', turn('x', 1), turn('y', 1))
  await until(() => ofTwo.length === 2)
  expect(ofOne).toHaveLength(1)
})

test('an episode that a resumed learner plays anew begins again at 0', async () => {
  run.events('0.jsonl', start('e'), turn('e', 0), step('e', 1))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const seen = batches(socket)
  run.events('1.jsonl', ...episode('e', 1))
  await until(() => seen.length === 1)
  expect(seen[0]).toMatchObject({ seq: 0, events: episode('e', 1) })
  expect((await result(socket, 'watch', { episode: 'a/e' })).events).toEqual(episode('e', 1))
})

test('who has events of another take is told the episode from its beginning', async () => {
  run.events('0.jsonl', start('e'), turn('e', 0), step('e', 1))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const { take } = await result(socket, 'watch', { episode: 'a/e' })
  const more = await result(socket, 'watch', { episode: 'a/e', after: 2, take })
  expect(more.events).toEqual([step('e', 1)])
  // A resumed learner plays it anew, and otherwise: the same name, perhaps the same file number.
  rmSync(path.join(run.folder, 'episodes', '0.jsonl'))
  const anew = [start('e'), turn('e', 0, { response: 'another' }), step('e', 1), turn('e', 1)]
  run.events('0.jsonl', ...anew)
  await until(async () => (await result(socket, 'watch', { episode: 'a/e' })).take !== take)
  const { events, seq } = await result(socket, 'watch', { episode: 'a/e', after: 2, take })
  expect(events).toEqual(anew)
  expect(seq).toBe(4)
  const { body } = await place.get(`/api/episodes/a%2Fe?after=2&take=${take}`)
  expect(body).toMatchObject({ seq: 4, events: anew })
})

test('the wall shows live episodes first, then those that ended', async () => {
  run.events('0.jsonl', ...episode('done', 1), start('live'))
  const socket = await place.socket()
  const seen: { episodes: EpisodeSummary[] }[] = []
  socket.on('wall', (wall) => seen.push(wall))
  await result(socket, 'wall')
  await until(() => seen.some(({ episodes }) => episodes.length === 2))
  expect(seen.at(-1)?.episodes.map(({ id, live }) => [id, live])).toEqual([
    ['a/live', true],
    ['a/done', false],
  ])
})

test('the metrics of a run arrive as rows with numbers', async () => {
  run.metrics({ update: 0, stage: 'fre', loss: 1 })
  const socket = await place.socket()
  const seen: { row: number; rows: object[] }[] = []
  socket.on('metrics', (message) => seen.push(message))
  await until(async () => (await ask(socket, 'run', { run: 'a' })).ok)
  await until(async () => (await result(socket, 'run', { run: 'a' })).total === 1)
  run.metrics({ update: 1, stage: 'fre', loss: 0.5 }, { update: 2, stage: 'fre', loss: 0.25 })
  await until(() => seen.length > 0)
  expect(seen[0]).toEqual({
    run: 'a',
    row: 1,
    rows: [
      { update: 1, stage: 'fre', loss: 0.5 },
      { update: 2, stage: 'fre', loss: 0.25 },
    ],
  })
  const told: { status: string }[] = []
  socket.on('run', (info) => told.push(info))
  run.status('done')
  await until(() => told.some(({ status }) => status === 'done'))
})

test('who asks while the server begins gets the same answer as later', async () => {
  for (const id of ['b', 'c', 'd']) new Writer(place.runs, id).events('0.jsonl', ...episode('e', 50))
  run.events('0.jsonl', ...episode('e', 50))
  const again = await Place.open({}, place.runs)
  const [socket, { status }] = await Promise.all([again.socket(), again.get('/api/episodes/b%2Fe')])
  expect(status).toBe(200)
  expect((await result(socket, 'watch', { episode: 'a/e' })).seq).toBe(102)
  expect(await result(socket, 'run', { run: 'c' })).toMatchObject({ info: { episodes: 1 } })
  socket.disconnect()
  await again.serving.close()
})
