import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { RESET_MODES } from '#core/env/lanes'

/** The protocol's version; a server refuses another one. docs/vec-protocol.md says it in words. */
export const VEC_PROTOCOL = 1

/** What a message is: the number in front of it. */
export const KIND = {
  open: 1,
  reset: 2,
  step: 3,
  render: 4,
  save: 5,
  load: 6,
  describe: 7,
  spec: 101,
  batch: 102,
  picture: 103,
  saved: 104,
  described: 105,
  error: 199,
} as const

/** Bytes of a message from a client at most. */
export const MOST = 1 << 24
/** Bytes in front of a payload on a stream: its length with the kind, then the kind; all numbers are little-endian. */
const HEAD = 8

export const MOST_LANES = 65_536
export const MOST_THREADS = 64

const lane = z.int().min(0)

export const Open = z.strictObject({
  protocol: z.literal(VEC_PROTOCOL),
  env: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  lanes: z.int().min(1).max(MOST_LANES).default(1),
  observations: z
    .array(z.string())
    .max(8)
    .default([])
    .describe("names of the game's tensors, `frame` or `text`"),
  mode: z.enum(RESET_MODES).default('next-step'),
  seed: z
    .string()
    .max(200)
    .default('0')
    .describe('lane i has <seed>/<i> until it is reset with one of its own'),
  starts: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('levels made once that all episodes begin in; 0 makes one for each episode'),
  legal: z.boolean().default(false).describe('whether batches say which actions are legal'),
  threads: z
    .int()
    .min(0)
    .max(MOST_THREADS)
    .default(0)
    .describe('threads that play; 0 plays where messages are read'),
  record: z.int().min(0).max(MOST_LANES).default(0).describe('lanes whose episodes are recorded'),
})
export type Open = z.infer<typeof Open>

export const Reset = z.strictObject({
  seeds: z.array(z.string().max(200).nullable()).max(MOST_LANES).optional(),
  lanes: z.array(lane).max(MOST_LANES).optional(),
})
export const Render = z.strictObject({
  lane,
  seat: z.int().min(0).default(0),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
})
export const OfLane = z.strictObject({ lane })

/** A part of every batch, at a fixed place: `[lanes, ...shape]` numbers of one type from byte `offset` on. */
export interface Section {
  readonly name: string
  readonly dtype: 'uint8' | 'float32' | 'float64'
  readonly shape: readonly number[]
  readonly offset: number
  /** Of an observation: the largest number, where there is one below what its type can hold. */
  readonly high?: number
}

/** A message. */
export interface Message {
  readonly kind: number
  readonly payload: Uint8Array
}

export function json(kind: number, value: unknown): Message {
  return { kind, payload: new TextEncoder().encode(JSON.stringify(value)) }
}

/** What stands in front of a payload on a stream. */
export function headOf({ kind, payload }: Message): Uint8Array {
  const head = new DataView(new ArrayBuffer(HEAD))
  head.setUint32(0, payload.length + 4, true)
  head.setUint32(4, kind, true)
  return new Uint8Array(head.buffer)
}

/** A message that came whole, its kind in front. */
export function unframed(bytes: Uint8Array): Message {
  if (bytes.length < 4)
    throw new UserError(`a message begins with its kind, in 4 bytes (got ${bytes.length})`)
  const kind = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return { kind, payload: bytes.subarray(4) }
}

/** Cuts a stream into messages; a payload starts at a multiple of 8 bytes of memory. */
export class Cutter {
  readonly #head = new Uint8Array(HEAD)
  #got = 0
  #body: Uint8Array | undefined
  #filled = 0

  /**
   * Takes what came and calls `each` with every message that is whole.
   * @throws UserError when this is no stream of messages; nothing can be read from it any more.
   */
  push(chunk: Uint8Array, each: (message: Message) => void): void {
    let at = 0
    while (at < chunk.length) {
      if (!this.#body) {
        const take = Math.min(HEAD - this.#got, chunk.length - at)
        this.#head.set(chunk.subarray(at, at + take), this.#got)
        this.#got += take
        at += take
        if (this.#got < HEAD) return
        const length = new DataView(this.#head.buffer).getUint32(0, true)
        if (length < 4 || length > MOST)
          throw new UserError(`a message has 4 to ${MOST} bytes (this one says ${length})`)
        this.#body = new Uint8Array(length - 4)
        this.#filled = 0
      }
      const take = Math.min(this.#body.length - this.#filled, chunk.length - at)
      this.#body.set(chunk.subarray(at, at + take), this.#filled)
      this.#filled += take
      at += take
      if (this.#filled < this.#body.length) return
      const kind = new DataView(this.#head.buffer).getUint32(4, true)
      const payload = this.#body
      this.#body = undefined
      this.#got = 0
      each({ kind, payload })
    }
  }
}
