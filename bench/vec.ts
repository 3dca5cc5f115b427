import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'
import type { Serving } from '#server/listen'
import { serveSocket } from '#server/vec/serve'
import { headOf, json, KIND, type Message, VEC_PROTOCOL } from '#server/vec/wire'
import type { Benchmark } from './benchmark.ts'

/** Different actions, played in turn, so that drawing them is not measured. */
const DRAWN = 64

/** A client and a server of lanes in one process, over a socket: what a step costs both ends together. */
class Ends {
  readonly #folder: string
  readonly #serving: Serving
  readonly #socket: Socket
  #missing = 0
  #head = Buffer.alloc(0)
  #over: (() => void) | undefined

  private constructor(folder: string, serving: Serving, socket: Socket) {
    this.#folder = folder
    this.#serving = serving
    this.#socket = socket
    socket.on('data', (chunk) => this.#take(chunk))
  }

  static async open(given: object): Promise<Ends> {
    const folder = await mkdtemp(path.join(tmpdir(), 'kickpush-bench-'))
    const file = path.join(folder, 'lanes')
    const serving = await serveSocket(file, {
      find: (id) => findEnv(envs, id),
      defaults: {},
      work: { entry: new URL('about:blank') }, // it plays in place
      log: (line) => process.stderr.write(`${line}\n`),
    })
    const ends = new Ends(folder, serving, connect(file))
    await ends.ask(json(KIND.open, { protocol: VEC_PROTOCOL, mode: 'same-step', ...given }))
    return ends
  }

  /** Sends a message and waits until all of its answer has come; it is not looked at. */
  ask(message: Message): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#over = resolve
    })
    this.#socket.write(headOf(message))
    this.#socket.write(message.payload)
    return answered
  }

  async close(): Promise<void> {
    this.#socket.destroy()
    await this.#serving.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #take(chunk: Buffer): void {
    let rest = chunk
    if (this.#missing === 0) {
      this.#head = Buffer.concat([this.#head, chunk])
      if (this.#head.length < 4) return
      this.#missing = 4 + this.#head.readUInt32LE(0)
      rest = this.#head
      this.#head = Buffer.alloc(0)
    }
    this.#missing -= rest.length
    if (this.#missing === 0) this.#over?.()
  }
}

function lanes(
  name: string,
  count: number,
  given: { env: string; config: Readonly<Record<string, unknown>>; [key: string]: unknown },
): Benchmark {
  const env = findEnv(envs, given.env)
  let ends: Ends
  let drawn: Message[] = []
  let next = 0
  return {
    name,
    unit: 'steps',
    async setup() {
      ends = await Ends.open({ ...given, lanes: count })
      const random = seeded('bench')
      const actions = env.actions(resolveConfig(env, given.config)).length
      drawn = Array.from({ length: DRAWN }, () => {
        const numbers = Int32Array.from({ length: count }, () => below(random, actions))
        return { kind: KIND.step, payload: new Uint8Array(numbers.buffer) }
      })
    },
    async run() {
      await ends.ask(drawn[next++ % DRAWN])
      return count
    },
    teardown: () => ends.close(),
  }
}

const SMALL = { env: 'sokoban', config: { preset: 'small-v0' }, starts: 1000 }
const MATCH = { env: 'football', config: { preset: '11_vs_11_stochastic' } }

export const benchmarks: readonly Benchmark[] = [
  lanes('vec.sokoban.planes', 1024, { ...SMALL, observations: ['planes'] }),
  lanes('vec.sokoban.planes.one', 1, { ...SMALL, observations: ['planes'] }),
  lanes('vec.sokoban.frame16', 64, { ...SMALL, observations: ['frame'] }),
  lanes('vec.football.simple115', 64, { ...MATCH, observations: ['simple115v2'] }),
]
