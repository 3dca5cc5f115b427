import { type Lock, type Stat, type Store, StoreError, type StoreErrorKind } from '#core/base/store'
import type { Dice } from './dice.ts'
import { never, type Process, type Scheduler } from './scheduler.ts'

interface File {
  bytes: Uint8Array
  size: number
  /** Bytes that survive the machine. */
  durable: number
  /** When it was last changed: as the machine believes, and in the world's own time. */
  changed: number
  at: number
  readonly identity: string
}

/** How a disk misbehaves. All off: it is fast and never fails. */
export interface DiskFaults {
  /** Probability that an operation is refused, and that a read or a change of a file takes its time (ms, at most). */
  refusal: number
  slow: number
  delay: number
  /** Probability that an append reaches the file in two pieces. */
  pieces: number
  /** Bytes free. */
  room: number
}
export const CALM: Readonly<DiskFaults> = {
  refusal: 0,
  slow: 0,
  delay: 1,
  pieces: 0,
  room: Number.POSITIVE_INFINITY,
}

/** Milliseconds after which the system has written everything back by itself. */
const WRITEBACK = 30_000
const REFUSALS: readonly (readonly [StoreErrorKind, string])[] = [
  ['broken', 'EIO'],
  ['broken', 'EIO'],
  ['limit', 'too many files are open in this process'],
]

/**
 * A disk with the promises of core/store.ts and no other: what was not synced may be lost or torn when the machine
 * crashes, a change under way may be undone, an append may reach the file in part, anything may be refused or take long.
 */
export class Disk {
  faults: DiskFaults = { ...CALM }
  readonly #scheduler: Scheduler
  readonly #dice: Dice
  /** What processes see, and what survives the machine. */
  readonly #files = new Map<string, File>()
  readonly #kept = new Map<string, File>()
  readonly #lists = new Map<string, string[]>()
  readonly #locks = new Map<string, Process>()
  #made = 0

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler
    this.#dice = dice
  }

  /** The files below a folder, as a process gets to them. */
  store(folder: string, process: Process): Store {
    const at = (file: string): string => (folder === '' ? file : file === '' ? folder : `${folder}/${file}`)
    const act = async <T>(verb: string, file: string, what: () => Promise<T>): Promise<T> => {
      if (!process.alive) return never()
      const { refusal, slow, delay } = this.faults
      if (this.#dice.chance(slow)) await process.sleep(this.#dice.between(1, delay))
      if (this.#dice.chance(refusal)) {
        const [kind, reason] = this.#dice.pick(REFUSALS)
        throw new StoreError(kind, `cannot ${verb} '${file}': ${reason}`)
      }
      return what()
    }
    return {
      name: folder,
      read: (file, from = 0, to = Number.POSITIVE_INFINITY) =>
        act('read', at(file), async () => {
          const found = this.#files.get(at(file))
          return found ? found.bytes.slice(from, Math.max(from, Math.min(to, found.size))) : null
        }),
      stat: (file) => act('look at', at(file), async () => this.#stat(at(file))),
      list: (path) => act('list', at(path), async () => this.#list(at(path))),
      write: (file, content) => act('write', at(file), () => this.#write(process, at(file), content)),
      append: (file, content) => act('append to', at(file), () => this.#append(process, at(file), content)),
      sync: (file) => act('sync', at(file), () => this.#sync(process, at(file))),
      remove: (path) => act('remove', at(path), () => this.#remove(process, at(path))),
      lock: () => act('lock', at('lock'), () => this.#lock(process, folder)),
    }
  }

  /** The machine loses its power: every process on it must have been killed. */
  crash(): void {
    const { now } = this.#scheduler
    for (const path of new Set([...this.#files.keys(), ...this.#kept.keys()])) {
      const seen = this.#files.get(path)
      const kept = this.#kept.get(path)
      const young = !seen || now - seen.at <= WRITEBACK
      if (seen !== kept && young && this.#dice.chance(0.5)) {
        if (kept) this.#files.set(path, kept)
        else this.#files.delete(path)
      }
    }
    this.#lists.clear()
    this.#kept.clear()
    for (const [path, file] of this.#files) {
      this.#tear(file, now)
      this.#kept.set(path, file)
    }
  }

  /** Everything there is, for whoever judges the world. */
  *contents(folder: string): Generator<[string, Uint8Array]> {
    for (const [path, { bytes, size }] of [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (path.startsWith(`${folder}/`)) yield [path.slice(folder.length + 1), bytes.subarray(0, size)]
    }
  }

  /** Of what was not synced a beginning is left, of which the last may be zeros. */
  #tear(file: File, now: number): void {
    if (file.size > file.durable && now - file.at <= WRITEBACK) {
      const left = file.durable + this.#dice.below(file.size - file.durable + 1)
      if (this.#dice.chance(0.3)) file.bytes.fill(0, Math.max(file.durable, left - 40), left)
      file.size = left
    }
    file.durable = file.size
  }

  #stat(path: string): Stat | null {
    const found = this.#files.get(path)
    return found ? { size: found.size, changed: found.changed, identity: found.identity } : null
  }

  #list(folder: string): string[] {
    let names = this.#lists.get(folder)
    if (!names) {
      const inside = folder === '' ? '' : `${folder}/`
      const found = new Set<string>()
      for (const file of this.#files.keys()) {
        if (file.startsWith(inside)) found.add(file.slice(inside.length).split('/', 1)[0])
      }
      names = [...found].sort()
      this.#lists.set(folder, names)
    }
    return names.slice()
  }

  async #write(process: Process, path: string, content: Uint8Array | string): Promise<void> {
    const bytes = bytesOf(content).slice()
    await this.#busy(process)
    if (bytes.length > this.faults.room) throw full('write', path)
    const { length: size } = bytes
    this.faults.room -= bytes.length
    const file = this.#file(bytes, size)
    this.#files.set(path, file)
    this.#lists.clear()
    // Seen by all before it is there for good: a crash now leaves the one or the other.
    await this.#busy(process)
    this.#kept.set(path, file)
  }

  async #append(process: Process, path: string, content: Uint8Array | string): Promise<void> {
    const bytes = bytesOf(content)
    await this.#busy(process)
    const fits = Math.max(0, Math.min(bytes.length, this.faults.room))
    const first = this.#dice.chance(this.faults.pieces) ? this.#dice.below(fits + 1) : fits
    this.#extend(path, bytes.subarray(0, first))
    if (first < fits) {
      await this.#busy(process)
      this.#extend(path, bytes.subarray(first, fits))
    }
    if (fits < bytes.length) throw full('append to', path)
  }

  #extend(path: string, bytes: Uint8Array): void {
    let file = this.#files.get(path)
    if (!file) {
      file = this.#file(new Uint8Array(64), 0)
      this.#files.set(path, file)
      this.#lists.clear()
    }
    const size = file.size + bytes.length
    if (size > file.bytes.length) {
      const roomier = new Uint8Array(2 * size)
      roomier.set(file.bytes.subarray(0, file.size))
      file.bytes = roomier
    }
    file.bytes.set(bytes, file.size)
    file.size = size
    file.changed = this.#scheduler.wall()
    file.at = this.#scheduler.now
    this.faults.room -= bytes.length
  }

  #file(bytes: Uint8Array, size: number): File {
    const { now: at } = this.#scheduler
    return { bytes, size, durable: size, changed: this.#scheduler.wall(), at, identity: `${++this.#made}` }
  }

  async #sync(process: Process, path: string): Promise<void> {
    const file = this.#files.get(path)
    if (!file) return
    const { size } = file
    await this.#busy(process)
    file.durable = Math.max(file.durable, size)
    if (this.#files.get(path) === file) this.#kept.set(path, file)
  }

  async #remove(process: Process, path: string): Promise<void> {
    for (const file of [...this.#files.keys()].filter(
      (file) => file === path || file.startsWith(`${path}/`),
    )) {
      await this.#busy(process)
      this.#files.delete(file)
      this.#lists.clear()
      await this.#busy(process)
      if (!this.#files.has(file)) this.#kept.delete(file)
    }
  }

  async #lock(process: Process, folder: string): Promise<Lock> {
    await this.#busy(process)
    const holder = this.#locks.get(folder)
    if (holder?.alive) {
      throw new StoreError('locked', `${folder} is being written by ${holder.name}: stop it first`)
    }
    this.#locks.set(folder, process)
    return {
      ...(holder ? { note: `${holder.name}, which was writing ${folder}, is gone: taken over` } : {}),
      release: async () => {
        if (process.alive && this.#locks.get(folder) === process) this.#locks.delete(folder)
      },
    }
  }

  /** A change of the disk takes a moment, in which its process may be killed. */
  #busy(process: Process): Promise<void> {
    return process.sleep(this.#dice.between(1, 1 + this.faults.delay))
  }
}

const full = (verb: string, path: string): StoreError =>
  new StoreError('full', `cannot ${verb} '${path}': no room is left on the disk`)

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
