import { readFileSync } from 'node:fs'
import path from 'node:path'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import { afterEach, expect, test } from 'vitest'
import { COMMENTARY, type Remark } from '#core/record/commentary'
import { writeLine } from '#core/record/jsonl'
import { BUILT_IN } from '#registry/games'
import { commentatorOf } from '../../src/cli/commentator.ts'
import { record, sokoban } from '../browser/world.ts'
import { type FakeChat, fail, fakeChat, type Said } from '../chat-server.ts'
import { ask, Place, until } from './place.ts'
import { Writer } from './writer.ts'

const solved = await record(sokoban('3', 1), 'e', { run: 'a', stage: 'fre', update: 0 })
const HALF = solved.length - 3

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

/** A server whose commentator is answered so, and somebody who listens to `a/e`, which is half played. */
async function listening(...said: Said[]) {
  const chat: FakeChat = await fakeChat(...said)
  const place = await Place.open({ commentator: commentatorOf(BUILT_IN, `chat:tiny@${chat.origin}`) })
  const run = new Writer(place.runs, 'a')
  run.events('0.jsonl', ...solved.slice(0, HALF))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  const listener = listenTo(place.serving.url)
  const remarks: Remark[] = []
  listener.on('remark', (remark) => remarks.push(remark))
  const answer = await listener.timeout(120_000).emitWithAck('listen', { episode: 'a/e' })
  close = async () => {
    listener.disconnect()
    await place.close()
    chat.close()
  }
  return { chat, place, run, socket, listener, remarks, answer }
}

function listenTo(url: string): Socket {
  return io(url + COMMENTARY, { parser, transports: ['websocket'], forceNew: true, reconnection: false })
}

test('who listens to an episode that is being played hears of what happens in it; its record does not', async () => {
  const { chat, place, run, listener, remarks, answer } = await listening('<b>Solved</b> at last.')
  expect(answer).toEqual({ ok: true, result: { by: 'tiny' } })
  run.events('0.jsonl', ...solved.slice(HALF))
  await until(() => remarks.length > 0)
  const steps = solved.filter(({ type }) => type === 'step').length
  expect(remarks[0]).toMatchObject({ episode: 'a/e', t: steps, by: 'tiny', text: '<b>Solved</b> at last.' })
  expect(chat.asked[0].body.model).toBe('tiny')
  const { body } = await place.get('/api/episodes/a%2Fe')
  expect(body).toMatchObject({ events: solved, take: remarks[0].take })
  const kept = readFileSync(path.join(run.folder, 'episodes', '0.jsonl'), 'utf8')
  expect(
    kept
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(solved.map((event) => JSON.parse(writeLine(event))))
  expect(await listener.timeout(120_000).emitWithAck('listen', { episode: 7 })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_MESSAGE' },
  })
})

test('a model that fails is told of once, and the stream goes on', async () => {
  const { chat, place, run, socket, remarks } = await listening(fail(500, 'the model is gone'))
  const events: unknown[] = []
  socket.on('events', (batch) => events.push(...batch.events))
  run.events('0.jsonl', ...solved.slice(HALF))
  await until(() => place.lines.length > 0)
  expect(place.lines).toEqual([expect.stringMatching(/^commentary: chat server .*500 .*the model is gone/)])
  await until(() => events.length === solved.length - HALF)
  expect(events).toEqual(solved.slice(HALF))
  expect(chat.asked).toHaveLength(1)
  expect(remarks).toEqual([])
})

test('a server without commentary has no such place', async () => {
  const place = await Place.open()
  close = () => place.close()
  const listener = listenTo(place.serving.url)
  const refused = await new Promise<Error>((resolve) => listener.once('connect_error', resolve))
  expect(refused.message).toBe('Invalid namespace')
  listener.disconnect()
})
