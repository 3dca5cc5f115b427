import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { seeded, uniform } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { readRecord } from '#core/record/jsonl'
import { verifyRecord } from '#core/record/verify'
import { Room } from '#server/vec/room'
import { serveSocket, serveWebSocket, talkOver } from '#server/vec/serve'
import type { TalkOptions } from '#server/vec/talk'
import { Cutter, headOf, json, KIND, type Message, type Section, VEC_PROTOCOL } from '#server/vec/wire'
import { toy } from '../toy.ts'

const env: Env = toy
const folder = mkdtempSync(join(tmpdir(), 'vec-'))
const notes: string[] = []
const options: TalkOptions = {
  find: () => env,
  defaults: {},
  work: { entry: new URL('./vec-thread.ts', import.meta.url), data: { file: join(folder, 'threads.jsonl') } },
  log: (line) => notes.push(line),
}

/** Talks to a server over streams: a message out, the answer in. */
class Client {
  readonly input = new PassThrough()
  readonly output = new PassThrough()
  readonly over: Promise<void>
  #waiting: ((message: Message) => void)[] = []

  constructor(given: Partial<TalkOptions> = {}) {
    this.over = talkOver(this.input, this.output, { ...options, ...given })
    const cutter = new Cutter()
    this.output.on('data', (chunk: Buffer) =>
      cutter.push(chunk, (message) => this.#waiting.shift()?.({ ...message })),
    )
  }

  ask(message: Message): Promise<Message> {
    const answer = new Promise<Message>((resolve) => this.#waiting.push(resolve))
    this.input.write(headOf(message))
    this.input.write(message.payload)
    return answer
  }

  async told(message: Message): Promise<Record<string, unknown>> {
    const { payload } = await this.ask(message)
    return JSON.parse(new TextDecoder().decode(payload))
  }

  async open(given: object): Promise<Seen> {
    const spec = await this.told(json(KIND.open, { protocol: VEC_PROTOCOL, env: 'toy', ...given }))
    return new Seen(spec as never)
  }
}

interface Told {
  readonly lanes: number
  readonly seats: number
  readonly bytes: number
  readonly sections: readonly Section[]
  readonly observations: readonly string[]
}

/** Reads batches as their spec says. */
class Seen {
  readonly spec: Told
  constructor(spec: Told) {
    this.spec = spec
  }

  section({ payload }: Message, name: string): number[] {
    const section = this.spec.sections.find((one) => one.name === name)!
    const length = section.shape.reduce((product, size) => product * size, 1)
    const at = payload.byteOffset + section.offset
    if (section.dtype === 'uint8') return [...new Uint8Array(payload.buffer, at, length)]
    const bytes = payload.slice(
      section.offset,
      section.offset + length * (section.dtype === 'float64' ? 8 : 4),
    )
    return [
      ...(section.dtype === 'float64' ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer)),
    ]
  }
}

function actions(...numbers: number[]): Message {
  return { kind: KIND.step, payload: new Uint8Array(Int32Array.from(numbers).buffer) }
}

const pair = { preset: 'pair', slip: 0.2, maxSteps: 9 }
const config = resolveConfig(env, pair)

test('batches say what the episodes are, in place and in threads, in every mode', async () => {
  for (const mode of ['next-step', 'same-step', 'disabled'] as const) {
    const clients = [0, 2].map((threads) => ({ client: new Client(), threads }))
    const batches: Message[][] = []
    for (const { client, threads } of clients) {
      const given = {
        config: pair,
        lanes: 3,
        observations: ['line', 'text', 'frame'],
        mode,
        threads,
        legal: true,
      }
      const seen = await client.open({ ...given, seed: 's' })
      expect(seen.spec.seats).toBe(2)
      const list = [await client.ask(json(KIND.reset, { seeds: ['a', 'b', 'c'] }))]
      const random = seeded(1)
      for (let step = 0; step < 40; step++) {
        const six = Array.from({ length: 6 }, () => Math.floor(3 * uniform(random)))
        list.push(await client.ask(actions(...six)))
      }
      list.push(await client.ask(json(KIND.reset, { lanes: [1] })))
      batches.push(list)
      const line = seen.section(list[0], 'line')
      for (const [i, seed] of ['a', 'b', 'c'].entries()) {
        const own = new Uint8Array(36)
        const state = env.reset(config, seed)
        for (const seat of [0, 1]) env.tensors!.line.write(state, seat, own, 18 * seat)
        expect(line.slice(36 * i, 36 * (i + 1))).toEqual([...own])
      }
      client.input.end()
      await client.over
    }
    const bytes = batches.map((list) => list.map(({ payload }) => Buffer.from(payload).toString('base64')))
    expect(bytes[1]).toEqual(bytes[0])
    expect(new Set(bytes[0]).size).toBeGreaterThan(5)
    const ends = batches[0].filter(({ payload }) =>
      new DataView(payload.buffer, payload.byteOffset).getUint32(0, true),
    )
    expect(ends.length > 0).toBe(mode === 'same-step')
  }
})

test('a lane is saved, loaded, painted and described', async () => {
  const client = new Client()
  const seen = await client.open({
    config: pair,
    lanes: 2,
    observations: ['line'],
    mode: 'disabled',
    seed: 'x',
  })
  await client.ask(actions(1, 2, 1, 2))
  const { kind, payload } = await client.ask(json(KIND.save, { lane: 0 }))
  expect(kind).toBe(KIND.saved)
  const bytes = new Uint8Array(4 + payload.length)
  bytes[0] = 1
  bytes.set(payload, 4)
  const line = seen.section(await client.ask({ kind: KIND.load, payload: bytes }), 'line')
  expect(line.slice(36)).toEqual(line.slice(0, 36))
  const picture = await client.ask(json(KIND.render, { lane: 1, seat: 1, width: 20, height: 10 }))
  expect([picture.kind, picture.payload.length]).toEqual([KIND.picture, 600])
  expect(await client.told(json(KIND.describe, { lane: 1 }))).toMatchObject({ seed: 'x/1', steps: 1 })
  client.input.end()
  await client.over
})

test.each([
  [json(KIND.open, { protocol: 9, env: 'toy' }), 'protocol'],
  [json(KIND.open, { protocol: 1, env: 'toy', lanes: 0 }), 'lanes'],
  [json(KIND.open, { protocol: 1, env: 'toy', record: 1 }), 'records nothing'],
  [json(KIND.open, { protocol: 1, env: 'toy', config: { cells: 1 } }), 'cells'],
  [json(KIND.open, { protocol: 1, env: 'toy', observations: ['lime'] }), "did you mean 'line'"],
  [json(KIND.open, { protocol: 1, env: 'toy', lanes: 65536, observations: ['frame'] }), 'take fewer lanes'],
  [
    json(KIND.open, { protocol: 1, env: 'toy', config: { level: { beacon: 99, starts: [0] } } }),
    'does not fit',
  ],
  [{ kind: KIND.reset, payload: new TextEncoder().encode('{') }, 'not JSON'],
  [json(KIND.reset, { seeds: ['a'] }), '2 lanes, but 1 seeds'],
  [json(KIND.reset, { lanes: [2] }), 'no lane 2'],
  [json(KIND.reset, { lanes: [0, 0, 0] }), '2 lanes, but 3 are named'],
  [actions(0, 0, 0), '16 bytes of int32 (got 12)'],
  [actions(0, 0, 0, 7), 'lane 1, seat 1: action 7'],
  [json(KIND.render, { lane: 0, seat: 5, width: 9, height: 9 }), 'seat 5'],
  [json(KIND.render, { lane: 0, width: 99_999, height: 9 }), 'width'],
  [json(KIND.save, { lane: 9 }), 'no lane 9'],
  [{ kind: KIND.load, payload: new Uint8Array(9) }, 'load:'],
  [{ kind: KIND.load, payload: new Uint8Array(2) }, 'load:'],
  [{ kind: 77, payload: new Uint8Array(0) }, '77'],
])('message %# is refused in words, and the lanes go on', async (message, words) => {
  const client = new Client()
  await client.open({ config: pair, lanes: 2, mode: 'disabled' })
  const answer = await client.ask(message)
  expect(answer.kind).toBe(KIND.error)
  expect(new TextDecoder().decode(answer.payload)).toContain(words)
  if (message.kind !== KIND.open) expect((await client.ask(actions(0, 0, 0, 0))).kind).toBe(KIND.batch)
  client.input.end()
  await client.over
})

test('an action that one lane refuses is played by none, threads or not', async () => {
  for (const threads of [0, 2]) {
    const client = new Client()
    await client.open({ config: pair, lanes: 2, mode: 'disabled', threads })
    const before = await client.told(json(KIND.describe, { lane: 0 }))
    expect((await client.ask(actions(1, 1, 1, -1))).kind).toBe(KIND.error)
    expect(await client.told(json(KIND.describe, { lane: 0 }))).toEqual(before)
    client.input.end()
    await client.over
  }
})

test('a state of another shape is not loaded', async () => {
  const client = new Client()
  await client.open({ config: pair, lanes: 1, observations: ['line'], mode: 'disabled' })
  const other = env.save(env.reset(resolveConfig(env, { preset: 'pair', cells: 12 }), 'x'))
  const payload = new Uint8Array(4 + other.length)
  payload.set(other, 4)
  expect(String(await client.told({ kind: KIND.load, payload }).then(({ message }) => message))).toContain(
    'shape',
  )
  client.input.end()
  await client.over
})

test('lanes are opened first', async () => {
  const client = new Client()
  expect((await client.told(actions(0))).message).toBe('the first message opens lanes')
  client.input.end()
  await client.over
})

test('a stream that holds no messages ends with a word', async () => {
  const client = new Client()
  const chunks: Buffer[] = []
  client.output.on('data', (chunk: Buffer) => chunks.push(chunk))
  client.input.write('GET / HTTP/1.1\r\n\r\n')
  await client.over
  expect(String(Buffer.concat(chunks))).toContain('a message has 4 to')
})

test('episodes of recorded lanes verify, in place and in threads', async () => {
  const lines: string[] = []
  const book = { write: (text: string) => lines.push(text) }
  for (const threads of [0, 2]) {
    const client = new Client({ book })
    const given = { config: pair, lanes: 3, mode: 'same-step', threads, record: 2, starts: 5 }
    await client.open(given)
    for (let step = 0; step < 30; step++) await client.ask(actions(1, 2, 2, 1, step % 3, 0))
    client.input.end()
    await client.over
  }
  const texts = [lines.join(''), readFileSync(join(folder, 'threads.jsonl'), 'utf8')]
  for (const text of texts) {
    const { events, bad } = readRecord(text)
    expect(bad).toEqual([])
    expect(new Set(events.map(({ event }) => event.episode)).size).toBeGreaterThan(5)
    const { episodes } = verifyRecord(text, [env])
    expect(episodes.filter(({ status }) => status !== 'agrees')).toEqual([])
  }
})

let serving: { url: string; close(): Promise<void> } | undefined
afterEach(async () => {
  await serving?.close()
  serving = undefined
})

test('a socket of the file system serves several clients, and leaves no file', async () => {
  const path = join(folder, 'sock')
  serving = await serveSocket(path, options)
  await expect(serveSocket(path, options)).rejects.toThrow('cannot listen')
  await expect(serveSocket(join(folder, 'x'.repeat(200)), options)).rejects.toThrow('1 to 103 bytes')
  const answers = await Promise.all(
    [0, 1].map(
      () =>
        new Promise<Message>((resolve, reject) => {
          const socket = connect(path)
          const cutter = new Cutter()
          socket.on('data', (chunk) =>
            cutter.push(chunk, (message) => {
              resolve(message)
              socket.destroy()
            }),
          )
          socket.on('error', reject)
          const message = json(KIND.open, { protocol: VEC_PROTOCOL, env: 'toy' })
          socket.write(headOf(message))
          socket.write(message.payload)
        }),
    ),
  )
  expect(answers.map(({ kind }) => kind)).toEqual([KIND.spec, KIND.spec])
  await serving.close()
  serving = undefined
  expect(readdirSync(folder)).not.toContain('sock')
})

test('a socket for a single client turns the second away, and lets in the next', async () => {
  const path = join(folder, 'one')
  serving = await serveSocket(path, options, true)
  const opened = (): Promise<number> =>
    new Promise((resolve) => {
      const socket = connect(path)
      const cutter = new Cutter()
      socket.on('data', (chunk) => cutter.push(chunk, ({ kind }) => resolve(kind)))
      socket.on('close', () => resolve(0))
      socket.on('error', () => resolve(0))
      sockets.push(socket)
      const message = json(KIND.open, { protocol: VEC_PROTOCOL, env: 'toy' })
      socket.write(headOf(message))
      socket.write(message.payload)
    })
  const sockets: Socket[] = []
  expect(await opened()).toBe(KIND.spec)
  expect(await opened()).toBe(0)
  const gone = new Promise((resolve) => sockets[0].once('close', resolve))
  sockets[0].destroy()
  await gone
  await expect.poll(() => opened()).toBe(KIND.spec)
  for (const socket of sockets) socket.destroy()
})

test('a WebSocket carries a message each, and lets in whom the other servers let in', async () => {
  serving = await serveWebSocket({ port: 0 }, options)
  const socket = new WebSocket(serving.url)
  await new Promise((resolve) => socket.once('open', resolve))
  const { payload } = json(KIND.open, { protocol: VEC_PROTOCOL, env: 'toy' })
  const bytes = new Uint8Array(4 + payload.length)
  bytes[0] = KIND.open
  bytes.set(payload, 4)
  const answer = new Promise<Buffer>((resolve) => socket.once('message', resolve))
  socket.send(bytes)
  expect((await answer).readUInt32LE(0)).toBe(KIND.spec)
  const bad = new Promise<Buffer>((resolve) => socket.once('message', resolve))
  socket.send(new Uint8Array(2))
  expect(String(await bad)).toContain('begins with its kind')
  socket.close()
  const stranger = new WebSocket(serving.url, { headers: { origin: 'https://elsewhere.example' } })
  await expect(
    new Promise((resolve, reject) => stranger.once('open', resolve).once('error', reject)),
  ).rejects.toThrow('403')
})

test('who does not read is not read from, and gets every answer later', async () => {
  const client = new Client()
  await client.open({ config: pair, lanes: 2, observations: ['frame'] })
  client.output.pause()
  const answers = Array.from({ length: 500 }, () => client.ask(json(KIND.describe, { lane: 0 })))
  await new Promise((resolve) => setImmediate(resolve))
  expect(client.input.isPaused()).toBe(true)
  client.output.resume()
  const kinds = new Set((await Promise.all(answers)).map(({ kind }) => kind))
  expect(kinds).toEqual(new Set([KIND.described]))
  client.input.end()
  await client.over
})

test('beyond this machine a WebSocket asks for the token, and its names are those of all servers', async () => {
  const lines: string[] = []
  const access = { host: '0.0.0.0', token: 'secret', hosts: ['kick.example'] }
  serving = await serveWebSocket({ port: 0, ...access }, { ...options, log: (line) => lines.push(line) })
  expect(lines).toEqual([expect.stringMatching(/^warning: listening on 0.0.0.0/)])
  const url = serving.url.replace('0.0.0.0', '127.0.0.1')
  const bearer = { authorization: 'Bearer secret' }
  for (const [headers, wanted] of [
    [{}, '401'],
    [{ authorization: 'Bearer secre' }, '401'],
    [{ host: 'kick.example' }, '401'],
    [{ ...bearer, host: 'evil.example' }, '403'],
    [{ ...bearer, origin: 'https://evil.example' }, '403'],
    [{ ...bearer, host: 'kick.example' }, 'open'],
    [bearer, 'open'],
  ] as const) {
    const socket = new WebSocket(url, { headers })
    const seen = await new Promise<string>((resolve) => {
      socket.once('open', () => resolve('open')).once('error', ({ message }) => resolve(message))
    })
    expect([headers, seen]).toEqual([headers, expect.stringContaining(wanted)])
    socket.terminate()
  }
})

/** Talks to a server of several clients over a socket of the file system. */
function asking(path: string): { ask(message: Message): Promise<string>; leave(): Promise<void> } {
  const socket = connect(path)
  const waiting: ((text: string) => void)[] = []
  const cutter = new Cutter()
  socket.on('data', (chunk) =>
    cutter.push(chunk, ({ kind, payload }) =>
      waiting.shift()?.(`${kind} ${new TextDecoder().decode(payload)}`),
    ),
  )
  return {
    ask: (message) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        socket.write(headOf(message))
        socket.write(message.payload)
      }),
    leave: () => new Promise((resolve) => void socket.once('close', () => resolve()).end()),
  }
}

test('clients of one server share its memory and its threads; its own thread plays for none', async () => {
  const path = join(folder, 'shared')
  const untouched: Env = {
    ...env,
    reset() {
      throw new Error('in the thread of the server')
    },
  }
  serving = await serveSocket(path, { ...options, find: () => untouched })
  const wish = (given: object): Message => json(KIND.open, { protocol: VEC_PROTOCOL, env: 'toy', ...given })
  const [first, second] = [asking(path), asking(path)]
  expect(await first.ask(wish({}))).toMatch(/^101 /)
  expect(await second.ask(wish({ lanes: 64, threads: 64 }))).toMatch(/^199 .*63 left of 64 threads/)
  const much = await second.ask(wish({ lanes: 65_536, starts: 1_000_000 }))
  expect(much).toMatch(/^199 .*1065536 lanes and starts need about \d+ bytes/)
  for (let i = 0; i < 3; i++) expect(await second.ask(wish({ starts: 9 }))).toMatch(/^101 /)
  await Promise.all([first.leave(), second.leave()])
})

test('what nobody waits for any more is not done', async () => {
  const path = join(folder, 'endless')
  serving = await serveSocket(path, options)
  const wish = (given: object): Message => json(KIND.open, { protocol: VEC_PROTOCOL, ...given })
  const [first, second] = [asking(path), asking(path)]
  void first.ask(wish({ env: 'endless', lanes: 64, threads: 64 }))
  // It has every thread there is, until it goes.
  while (!(await second.ask(wish({ env: 'toy' }))).includes('0 left of 64 threads'));
  await first.leave()
  while (!(await second.ask(wish({ env: 'toy' }))).startsWith('101 '));
  await second.leave()
})

test('what is left is there for the next', () => {
  const room = new Room()
  const need = { states: 60_000, stateBytes: 8_000, batchBytes: 1 << 26, threads: 40 }
  const leave = room.take(need)
  expect(() => room.take(need)).toThrow('take fewer, or wait')
  leave()
  leave()
  room.take(need)
  expect(() => room.take({ ...need, states: 1 })).toThrow('24 left of 64 threads')
})
