import { open, stat } from 'node:fs/promises'

const CHUNK = 1 << 20
const LONGEST_LINE = 1 << 26

/** Whole lines that were appended to a file. */
export interface Lines {
  /** Offset of the first byte. */
  readonly start: number
  /** Ends with a newline. */
  readonly bytes: Buffer
  /** There was more in the file when they were read. */
  readonly more: boolean
  /** The file was cut or replaced since: everything read before is void. */
  readonly restarted: boolean
}

/** Reads a growing file in whole lines; a torn last line waits for its rest. */
export class Tail {
  readonly path: string
  /** Offset up to which lines were read. */
  offset = 0
  /** Milliseconds since 1970 when the file last changed; never before it was read. */
  changed = Number.POSITIVE_INFINITY
  private inode = 0
  private size = -1
  private chunk = CHUNK

  constructor(path: string) {
    this.path = path
  }

  /** Whether the file is there and may hold something new; costs one stat. */
  async grown(): Promise<boolean> {
    const found = await stat(this.path).catch(() => null)
    return found !== null && (found.size !== this.size || found.ino !== this.inode)
  }

  /** The next whole lines, about a megabyte at most; null when there are none yet. */
  async read(): Promise<Lines | null> {
    const file = await open(this.path).catch(() => null)
    if (file === null) return null
    try {
      const { size, ino, mtimeMs } = await file.stat()
      const restarted = this.inode !== 0 && (ino !== this.inode || size < this.offset)
      if (restarted) this.offset = 0
      this.inode = ino
      this.changed = mtimeMs
      const bytes = Buffer.allocUnsafe(Math.min(this.chunk, size - this.offset))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.offset)
      const whole = bytes.lastIndexOf(10, bytesRead - 1) + 1
      if (bytesRead === 0 || whole === 0) {
        const full = bytesRead === this.chunk
        if (!full) this.size = size
        else if (this.chunk < LONGEST_LINE) this.chunk *= 2
        else this.offset += bytesRead
        if (full) return await this.read()
        return restarted ? { start: 0, bytes: bytes.subarray(0, 0), more: false, restarted } : null
      }
      const start = this.offset
      this.offset += whole
      this.chunk = CHUNK
      const more = start + bytesRead < size
      if (!more) this.size = size
      return { start, bytes: bytes.subarray(0, whole), more, restarted }
    } finally {
      await file.close()
    }
  }
}

/** Calls `each` with every line of `bytes` (without its newline) and the offset of its first byte in them. */
export function eachLine(bytes: Buffer, each: (line: Buffer, at: number) => void): void {
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at)
    const end = newline === -1 ? bytes.length : newline
    if (end > at) each(bytes.subarray(at, end), at)
    at = end + 1
  }
}
