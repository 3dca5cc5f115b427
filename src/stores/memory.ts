import { type Lock, type Stat, type Store, StoreError } from '#core/base/store'

interface File {
  bytes: Uint8Array
  /** Bytes in use; `bytes` has room for more, so that appending is linear. */
  size: number
  changed: number
  readonly identity: string
}

/** Files that live as long as the process or the page. */
export class MemoryStore implements Store {
  readonly name: string
  readonly #files = new Map<string, File>()
  readonly #now: () => number
  #made = 0
  #locked = false

  /** @param now tells the milliseconds that `stat` gives. */
  constructor(name = 'memory', now: () => number = () => Date.now()) {
    this.name = name
    this.#now = now
  }

  async read(file: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
    const found = this.#files.get(file)
    return found ? found.bytes.slice(from, Math.min(to, found.size)) : null
  }

  async stat(file: string): Promise<Stat | null> {
    const found = this.#files.get(file)
    return found ? { size: found.size, changed: found.changed, identity: found.identity } : null
  }

  async list(folder: string): Promise<string[]> {
    const inside = folder === '' ? '' : `${folder}/`
    const names = new Set<string>()
    for (const file of this.#files.keys()) {
      if (file.startsWith(inside)) names.add(file.slice(inside.length).split('/', 1)[0])
    }
    return [...names].sort()
  }

  async write(file: string, content: Uint8Array | string): Promise<void> {
    const bytes = bytesOf(content).slice()
    this.#files.set(file, {
      bytes,
      size: bytes.length,
      changed: this.#now(),
      identity: String(++this.#made),
    })
  }

  async append(file: string, content: Uint8Array | string): Promise<void> {
    const found = this.#files.get(file)
    if (!found) return this.write(file, content)
    const bytes = bytesOf(content)
    const size = found.size + bytes.length
    if (size > found.bytes.length) {
      const roomier = new Uint8Array(Math.max(size, 2 * found.bytes.length))
      roomier.set(found.bytes.subarray(0, found.size))
      found.bytes = roomier
    }
    found.bytes.set(bytes, found.size)
    found.size = size
    found.changed = this.#now()
  }

  async sync(): Promise<void> {}

  async remove(path: string): Promise<void> {
    for (const file of [...this.#files.keys()]) {
      if (file === path || file.startsWith(`${path}/`)) this.#files.delete(file)
    }
  }

  async lock(): Promise<Lock> {
    if (this.#locked) throw new StoreError('locked', `${this.name} is being written by somebody else`)
    this.#locked = true
    return {
      release: async () => {
        this.#locked = false
      },
    }
  }
}

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
