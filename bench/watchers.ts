// The load of the server benchmark, a process of its own: writes a run folder as a learner would and watches it
// through many sockets. Speaks with its parent by messages: Orders in, Reports out.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import { KICKPUSH } from '#core/base/version'

/** What the load shall be. */
export interface Load {
  readonly url: string
  readonly runs: string
  readonly watchers: number
  readonly boards: number
  readonly turnsPerSecond: number
}

export type Order = { begin: Load } | { count: true } | { stop: true }

/** What happened since the last report; times in milliseconds from writing an event to having it. */
export interface Report {
  readonly messages: number
  readonly events: number
  /** Events that came out of order or not at all; must be 0. */
  readonly gaps: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** CPU seconds of this process, writing included. */
  readonly cpu: number
}

interface Batch {
  readonly seq: number
  readonly events: readonly { readonly at?: number }[]
}

const RUN = 'load'
const hash = '0123456789abcdef'
const sockets: Socket[] = []
let latencies: number[] = []
let messages = 0
let events = 0
let gaps = 0
let cpu = process.cpuUsage()
let timer: NodeJS.Timeout | undefined

/** Turns of about 700 bytes: a thought, probabilities, a step. */
function writer(load: Load): () => void {
  const folder = path.join(load.runs, RUN)
  const file = path.join(folder, 'episodes', '0.jsonl')
  mkdirSync(path.join(folder, 'episodes'), { recursive: true })
  const info = {
    format: 1,
    id: RUN,
    kickpush: KICKPUSH,
    recipe: RUN,
    seed: '1',
    backend: '',
    stages: [],
    envs: {},
  }
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...info, status: 'running' }))
  const line = (event: object) => `${JSON.stringify(event)}\n`
  for (let board = 0; board < load.boards; board++) {
    const start = {
      type: 'start',
      format: 1,
      episode: `${board}`,
      kickpush: KICKPUSH,
      env: 'none',
      version: 1,
    }
    const rest = { look: 1, config: {}, seed: '1', agents: ['load'], conversation: {}, hash }
    appendFileSync(file, line({ ...start, ...rest }))
  }
  const probabilities = [{ Up: 0.25, Down: 0.25, Left: 0.25, Right: 0.25 }]
  const response = `<think>${'the box is to the right of me '.repeat(8)}</think><answer>Right</answer>`
  let t = 0
  return () => {
    let lines = ''
    for (let board = 0; board < load.boards; board++) {
      const at = performance.now()
      const head = {
        episode: `${board}`,
        turn: t,
        t,
        seat: 0,
        observation: { modality: 'text', hash },
        valid: true,
      }
      lines += line({ type: 'turn', ...head, actions: ['Right'], response, value: 0.5, probabilities, at })
      const flags = { terminated: false, truncated: false }
      const step = {
        episode: `${board}`,
        t: t + 1,
        actions: [1],
        rewards: [-0.1],
        terms: [{ step: -0.1 }],
        ...flags,
      }
      lines += line({ type: 'step', ...step, hash, at })
    }
    t++
    appendFileSync(file, lines)
  }
}

async function watch(load: Load, index: number): Promise<void> {
  const socket = io(load.url, { parser, transports: ['websocket'], forceNew: true })
  sockets.push(socket)
  const episode = `${RUN}/${index % load.boards}`
  let next = 0
  socket.on('events', (batch: Batch) => {
    messages++
    if (batch.seq !== next) gaps++
    next = batch.seq + batch.events.length
    events += batch.events.length
    const now = performance.now()
    for (const { at } of batch.events) if (at !== undefined) latencies.push(now - at)
  })
  for (;;) {
    const answer = await socket.timeout(10_000).emitWithAck('watch', { episode })
    next = answer.result?.seq ?? 0
    if (answer.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function report(): Report {
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0
  const { user, system } = process.cpuUsage(cpu)
  const result = {
    messages,
    events,
    gaps,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    cpu: (user + system) / 1e6,
  }
  latencies = []
  messages = events = gaps = 0
  cpu = process.cpuUsage()
  return result
}

async function begin(load: Load): Promise<void> {
  const write = writer(load)
  for (let index = 0; index < load.watchers; index += 50) {
    const some = Math.min(50, load.watchers - index)
    await Promise.all(Array.from({ length: some }, (_, i) => watch(load, index + i)))
  }
  timer = setInterval(write, 1000 / load.turnsPerSecond)
  report()
}

process.on('message', async (order: Order) => {
  if ('begin' in order) await begin(order.begin)
  if ('stop' in order) {
    clearInterval(timer)
    for (const socket of sockets) socket.disconnect()
    process.disconnect?.()
    return
  }
  process.send?.(report())
})
