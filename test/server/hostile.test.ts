import { connect } from 'node:net'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer } from '#core/record/wire'
import { ask, Place, result, until } from './place.ts'
import { start, turn, Writer } from './writer.ts'

let place: Place
let run: Writer
beforeEach(async () => {
  place = await Place.open()
  run = new Writer(place.runs, 'a')
  run.events('0.jsonl', start('e'))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/e' })).ok)
  socket.disconnect()
})
afterEach(() => place.close())

/** The raw WebSocket under a socket.io client. */
function wire(socket: Socket): {
  send(data: unknown): void
  readonly _socket: { pause(): void; resume(): void }
} {
  return (socket.io.engine.transport as unknown as { ws: never }).ws
}

function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('disconnect', resolve))
}

test('a message that does not match its schema is answered with what is wrong', async () => {
  const socket = await place.socket()
  for (const [name, value, line] of [
    ['watch', {}, 'watch: episode'],
    ['watch', { episode: 7 }, 'watch: episode'],
    ['watch', { episode: 'a/e', after: -1 }, 'watch: after'],
    ['watch', { episode: 'a/e', extra: 1 }, 'extra'],
    ['watch', { episode: 'x'.repeat(201) }, 'watch: episode'],
    ['watch', [], 'watch: '],
    ['wathc', {}, "did you mean 'watch'"],
    ['__proto__', {}, 'no message'],
    ['disconnect', {}, 'no message'],
    ['error', {}, 'no message'],
  ] as const) {
    const answer: Answer<never> = await socket.timeout(120_000).emitWithAck(name, value).catch(String)
    // A client refuses to send the names that socket.io keeps for itself.
    if (typeof answer === 'string') continue
    expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_MESSAGE' } })
    if (!answer.ok) expect(answer.error.message).toContain(line)
  }
  expect(await ask(socket, 'watch', { episode: 'a/none' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await ask(socket, 'run', { run: '../a' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect((await ask(socket, 'watch', { episode: 'a/e' })).ok).toBe(true)
  expect(place.lines).toEqual([])
})

test('what is no message at all closes its socket and disturbs nobody', async () => {
  const bystander = await place.socket()
  await result(bystander, 'watch', { episode: 'a/e' })
  const seen: { seq: number }[] = []
  bystander.on('events', (batch) => seen.push(batch))
  for (const frame of [
    Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]), // an array of 2^32 - 1 things
    Buffer.alloc(60_000, 0x91), // arrays in arrays in arrays
    Buffer.from(Array.from({ length: 40 }, () => [0xdd, 0x01, 0xff, 0xff, 0xff]).flat()), // claims 5 GB
    Buffer.from([0xc1]), // no msgpack
    Buffer.alloc(80_000, 0x20), // longer than any message
    'no packet of this protocol',
  ]) {
    const socket = await place.socket()
    const end = closed(socket)
    wire(socket).send(frame)
    await end
  }
  run.events('0.jsonl', turn('e', 0))
  await until(() => seen.length === 1)
  expect(seen[0].seq).toBe(1)
})

test('too many messages are refused, then the socket is closed; others are answered meanwhile', async () => {
  const [flood, bystander] = [await place.socket(), await place.socket()]
  const codes = new Map<string, number>()
  const end = closed(flood)
  for (let i = 0; i < 3000; i++) {
    flood.emit('wall', {}, (answer: Answer<unknown>) => {
      const code = answer.ok ? 'ok' : answer.error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
    })
  }
  expect((await ask(bystander, 'watch', { episode: 'a/e' })).ok).toBe(true)
  await end
  expect(codes.get('ok')).toBeGreaterThanOrEqual(200)
  expect(codes.get('RATE_LIMITED')).toBeGreaterThanOrEqual(100)
  expect([...codes.keys()].sort()).toEqual(['RATE_LIMITED', 'ok'])
  expect((await ask(bystander, 'wall')).ok).toBe(true)
})

test('a socket can watch a wall of boards, not everything', async () => {
  const names = Array.from({ length: 110 }, (_, i) => `w${i}`)
  run.events('0.jsonl', ...names.map((name) => start(name)))
  const socket = await place.socket()
  await until(async () => (await ask(socket, 'watch', { episode: 'a/w109' })).ok)
  const answers = await Promise.all(names.map((name) => ask(socket, 'watch', { episode: `a/${name}` })))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(100)
  expect(answers.at(-2)).toMatchObject({ error: { code: 'RATE_LIMITED' } })
})

test('a slow watcher is told where it fell behind, fetches the gap and goes on', async () => {
  const [slow, quick] = [await place.socket(), await place.socket()]
  const told: { episode: string; seq: number }[] = []
  const seen = { slow: 1, quick: 1 }
  slow.on('behind', (message) => told.push(message))
  slow.on('events', ({ seq, events }) => {
    expect(seq).toBe(seen.slow)
    seen.slow += events.length
  })
  quick.on('events', ({ seq, events }) => {
    expect(seq).toBe(seen.quick)
    seen.quick += events.length
  })
  await result(slow, 'watch', { episode: 'a/e' })
  await result(quick, 'watch', { episode: 'a/e' })
  wire(slow)._socket.pause()
  const response = 'thinking '.repeat(50_000)
  for (let n = 0; n < 40; n++) {
    run.events('0.jsonl', turn('e', n, { response }))
    await until(() => seen.quick === n + 2)
  }
  wire(slow)._socket.resume()
  await until(() => told.length > 0)
  const [{ seq }] = told
  expect(told).toEqual([{ episode: 'a/e', seq }])
  expect(seq).toBe(seen.slow)
  expect(seq).toBeLessThan(41)

  const fetched = (await place.get(`/api/episodes/a%2Fe?after=${seq}`)).body as {
    seq: number
    events: unknown[]
  }
  expect(fetched.events).toHaveLength(41 - seq)
  seen.slow = fetched.seq
  const again = await result(slow, 'watch', { episode: 'a/e', after: fetched.seq })
  expect(again).toMatchObject({ seq: 41, events: [] })
  run.events('0.jsonl', turn('e', 40))
  await until(() => seen.slow === 42)
})

test('half-open connections do not keep others out', async () => {
  const { port } = new URL(place.serving.url)
  const idle = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1'))
  idle[0].write('GET / HTTP/1.1\r\nHost: loc')
  await until(async () => (await place.get('/api/health')).status === 200)
  await expect(place.socket()).resolves.toMatchObject({ connected: true })
  for (const socket of idle) socket.destroy()
})
