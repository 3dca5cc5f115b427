import type { Store } from '#core/base/store'

/** Bytes read at once: no more than can be taken up in a few milliseconds. */
const CHUNK = 1 << 16
const LONGEST_LINE = 1 << 26

/** Whole lines that were appended to a file. */
export interface Lines {
  /** Offset of the first byte. */
  readonly start: number
  /** Ends with a newline. */
  readonly bytes: Buffer
  /** Of the file, and milliseconds since 1970 when it last changed. */
  readonly identity: string
  readonly changed: number
  /** There was more in the file when they were read. */
  readonly more: boolean
  /** The file was cut or replaced since: everything read before is void. */
  readonly restarted: boolean
}

/** Reads a growing file in whole lines; a torn last line waits for its rest. */
export class Tail {
  /** Offset up to which lines were read. */
  offset = 0
  /** Milliseconds since 1970 when the file last changed; never before it was read. */
  changed = Number.POSITIVE_INFINITY
  readonly #store: Store
  readonly #file: string
  #identity = ''
  #size = -1
  #chunk = CHUNK

  constructor(store: Store, file: string) {
    this.#store = store
    this.#file = file
  }

  /** Whether the file is there and may hold something new; costs one stat. @throws StoreError */
  async grown(): Promise<boolean> {
    const found = await this.#store.stat(this.#file)
    return found !== null && (found.size !== this.#size || found.identity !== this.#identity)
  }

  /**
   * The next whole lines, about 64 KB at most; null when there are none yet.
   * @throws StoreError, and then nothing counts as read.
   */
  async read(): Promise<Lines | null> {
    const found = await this.#store.stat(this.#file)
    if (found === null) return null
    const { size, identity } = found
    const restarted = this.#identity !== '' && (identity !== this.#identity || size < this.offset)
    const start = restarted ? 0 : this.offset
    const to = Math.min(size, start + this.#chunk)
    const read = await this.#store.read(this.#file, start, to)
    // What was read under the name of a file that was replaced meanwhile may be the other's.
    const after = await this.#store.stat(this.#file)
    if (read === null || read.length < to - start || after?.identity !== identity) return null
    const bytes = bufferOf(read)
    const whole = bytes.lastIndexOf(NEWLINE) + 1
    const endless = whole === 0 && bytes.length === this.#chunk
    if (endless && this.#chunk < LONGEST_LINE) {
      this.#chunk *= 2
      return this.read()
    }
    this.#identity = identity
    this.changed = found.changed
    this.offset = start + (endless ? bytes.length : whole)
    if (endless && !restarted) return this.read()
    const more = to < size
    if (!more) this.#size = size
    if (whole === 0 && !restarted) return null
    this.#chunk = CHUNK
    return { start, bytes: bytes.subarray(0, whole), identity, changed: this.changed, more, restarted }
  }
}

/** The same bytes as a Buffer, not a copy. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Calls `each` with every line of `bytes` (without its newline) and the offset of its first byte in them. */
export function eachLine(bytes: Buffer, each: (line: Buffer, at: number) => void): void {
  for (const line of linesOf(bytes)) each(line, line.byteOffset - bytes.byteOffset)
}

/** Every line of `bytes`, without its newline. */
export function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const end = newline === -1 ? bytes.length : newline
    if (end > at) yield bytes.subarray(at, end)
    at = end + 1
  }
}

const NEWLINE = 10
