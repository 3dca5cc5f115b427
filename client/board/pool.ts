/** Values shared by those who use them; unused ones stay until there are too many bytes of them. */
export class Pool<V> {
  readonly #limit: number
  readonly #destroy: (value: V) => void
  readonly #used = new Map<string, Entry<V>>()
  /** Nobody uses these now; the longest unused first. */
  readonly #idle = new Map<string, Entry<V>>()
  #idleBytes = 0

  /** @param limit bytes of unused values that are kept. */
  constructor(limit: number, destroy: (value: V) => void) {
    this.#limit = limit
    this.#destroy = destroy
  }

  /** The value of this key, made where there is none; give it back with `release` once for each time. */
  acquire(key: string, make: () => { readonly value: V; readonly bytes: number }): V {
    const used = this.#used.get(key)
    if (used) {
      used.uses++
      return used.value
    }
    const idle = this.#idle.get(key)
    if (idle) {
      this.#idle.delete(key)
      this.#idleBytes -= idle.bytes
    }
    const entry = idle ?? { ...make(), uses: 0 }
    entry.uses = 1
    this.#used.set(key, entry)
    return entry.value
  }

  release(key: string): void {
    const entry = this.#used.get(key)
    if (!entry || --entry.uses > 0) return
    this.#used.delete(key)
    this.#idle.set(key, entry)
    this.#idleBytes += entry.bytes
    for (const [oldest, { value, bytes }] of this.#idle) {
      if (this.#idleBytes <= this.#limit) return
      this.#idle.delete(oldest)
      this.#idleBytes -= bytes
      this.#destroy(value)
    }
  }
}

interface Entry<V> {
  readonly value: V
  readonly bytes: number
  uses: number
}
