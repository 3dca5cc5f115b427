import { type Lock, type Stat, type Store, StoreError, type StoreErrorKind } from '#core/base/store'

declare global {
  /** TypeScript declares it where there is no page only. */
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<{
      getSize(): number
      write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
      flush(): void
      close(): void
    }>
  }
}

/** Files that a browser is writing anew stand beside the old ones under such names. */
const ASIDE = /\.crswap$/
/** Readings of a file that grows meanwhile are begun again, so often at most. */
const TRIES = 5

const KINDS: Readonly<Record<string, readonly [StoreErrorKind, string]>> = {
  QuotaExceededError: ['full', 'no room is left for this page'],
  NoModificationAllowedError: ['denied', 'it is in use'],
  NotAllowedError: ['denied', 'the browser does not permit it'],
  SecurityError: ['denied', 'the browser does not permit it'],
  InvalidStateError: ['denied', 'the browser does not permit it'],
  TypeMismatchError: ['denied', 'a folder is in the way of a file, or a file in that of a folder'],
}

/** Which making of a file is there, by its path: browsers tell nothing that a file keeps while it grows. */
const makings = new Map<string, number>()
let made = 0
/** Folders whose lock this worker has: nobody else writes below them, so what it wrote there need not be looked up. */
const ours = new Set<string>()
const written = new Map<string, { readonly size: number; readonly changed: number }>()

/**
 * A folder of the browser's private file system (OPFS), for dedicated workers. What it promises of power cuts is as good
 * as the browser's own promise. That another tab has replaced a file is not told by `identity`.
 */
export class OpfsStore implements Store {
  readonly name: string
  readonly #parts: readonly string[]
  /** Folders that were found: every step of a path is a message to another process. */
  readonly #found = new Map<string, FileSystemDirectoryHandle>()

  /** @param folder names with `/` between; need not be there before something is written. */
  constructor(folder: string) {
    this.name = folder
    this.#parts = partsOf(folder)
  }

  async read(file: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
    return this.#tell('read', file, async () => {
      for (let tries = 1; ; tries++) {
        const found = await this.#file(file)
        if (!found) return null
        const part = found.slice(from, Math.max(from, Math.min(to, found.size)))
        try {
          return new Uint8Array(await part.arrayBuffer())
        } catch (error) {
          // It was changed since it was opened.
          if ((error as Error).name !== 'NotReadableError' || tries === TRIES) throw error
        }
      }
    })
  }

  async stat(file: string): Promise<Stat | null> {
    return this.#tell('look at', file, async () => {
      const own = written.get(this.#path(file))
      if (own) return { ...own, identity: String(this.#making(file)) }
      const found = await this.#file(file)
      if (!found) return null
      return { size: found.size, changed: found.lastModified, identity: String(this.#making(file)) }
    })
  }

  async list(folder: string): Promise<string[]> {
    return this.#tell('list', folder, async () => {
      const names = await this.#within(partsOf(folder), false, namesIn)
      return names?.sort() ?? []
    })
  }

  async write(file: string, content: Uint8Array | string): Promise<void> {
    await this.#tell('write', file, async () => {
      const handle = await this.#make(file)
      const writable = await handle.createWritable()
      try {
        await writable.write(bytesOf(content))
        // Here the new file takes the place of the old one.
        await writable.close()
      } catch (error) {
        await writable.abort().catch(() => {})
        throw error
      }
      makings.set(this.#path(file), ++made)
      this.#wrote(file, bytesOf(content).length)
    })
  }

  async append(file: string, content: Uint8Array | string): Promise<void> {
    await this.#tell('append to', file, async () => {
      const access = await (await this.#make(file)).createSyncAccessHandle()
      try {
        const bytes = bytesOf(content)
        const size = access.getSize()
        const done = access.write(bytes, { at: size })
        this.#wrote(file, size + done)
        if (done < bytes.length) throw new DOMException('', 'QuotaExceededError')
      } finally {
        access.close()
      }
    })
  }

  async sync(file: string): Promise<void> {
    await this.#tell('sync', file, async () => {
      const handle = await this.#handle(file)
      const access = await handle?.createSyncAccessHandle()
      access?.flush()
      access?.close()
    })
  }

  async remove(path: string): Promise<void> {
    await this.#tell('remove', path, async () => {
      const parts = partsOf(path)
      const name = parts.pop()
      const folder = name === undefined ? null : await this.#folder(parts, false)
      forget(this.#found, path)
      if (folder && name !== undefined) await folder.removeEntry(name, { recursive: true })
      forget(makings, this.#path(path))
      forget(written, this.#path(path))
    })
  }

  async lock(): Promise<Lock> {
    return new Promise((resolve, reject) => {
      const path = this.#parts.join('/')
      const name = `kickpush ${path}`
      const held = navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
        if (!lock) {
          throw new StoreError('locked', `${this.name} is being written by another tab: stop it there first`)
        }
        ours.add(path)
        await new Promise<void>((release) => {
          resolve({
            release: async () => {
              ours.delete(path)
              forget(written, path)
              release()
              await held
            },
          })
        })
      })
      held.catch(reject)
    })
  }

  async #file(file: string): Promise<File | null> {
    return (await (await this.#handle(file))?.getFile()) ?? null
  }

  async #handle(file: string): Promise<FileSystemFileHandle | null> {
    const parts = partsOf(file)
    const name = parts.pop()
    if (name === undefined) return null
    return this.#within(parts, false, (folder) => folder.getFileHandle(name))
  }

  async #make(file: string): Promise<FileSystemFileHandle> {
    const parts = partsOf(file)
    const name = parts.pop()!
    return (await this.#within(parts, true, (folder) => folder.getFileHandle(name, { create: true })))!
  }

  /** Does something in a folder; null where there is no such folder, or not what is looked for in it. */
  async #within<T>(
    parts: readonly string[],
    create: boolean,
    what: (folder: FileSystemDirectoryHandle) => Promise<T>,
  ): Promise<T | null> {
    const path = parts.join('/')
    const known = this.#found.get(path)
    try {
      if (known) return await what(known)
    } catch (error) {
      if (!isAbsent(error)) throw error
      // Perhaps another tab has removed the folder and made it again.
      this.#found.delete(path)
    }
    const folder = await this.#folder(parts, create)
    if (!folder) return null
    this.#found.set(path, folder)
    try {
      return await what(folder)
    } catch (error) {
      if (!create && isAbsent(error)) return null
      throw error
    }
  }

  async #folder(parts: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle | null> {
    let place = await navigator.storage.getDirectory()
    for (const part of [...this.#parts, ...parts]) {
      try {
        place = await place.getDirectoryHandle(part, { create })
      } catch (error) {
        if (!create && isAbsent(error)) return null
        throw error
      }
    }
    return place
  }

  #making(file: string): number {
    const path = this.#path(file)
    const known = makings.get(path)
    if (known === undefined) makings.set(path, ++made)
    return known ?? made
  }

  /** Notes a file's size where nobody else can change it. */
  #wrote(file: string, size: number): void {
    const path = this.#path(file)
    for (const folder of ours) {
      if (path.startsWith(`${folder}/`)) written.set(path, { size, changed: Date.now() })
    }
  }

  #path(file: string): string {
    return [...this.#parts, ...partsOf(file)].join('/')
  }

  /** Does something; what the browser refuses is told as a store tells it. */
  async #tell<T>(verb: string, path: string, what: () => Promise<T>): Promise<T> {
    try {
      return await what()
    } catch (error) {
      if (verb === 'remove' && isAbsent(error)) return undefined as T
      if (!(error instanceof DOMException)) throw error
      const [kind, reason] = KINDS[error.name] ?? (['broken', error.message || error.name] as const)
      throw new StoreError(kind, `cannot ${verb} '${this.name}/${path}': ${reason}`)
    }
  }
}

/** Forgets what is known of a path, and of all below it. */
function forget(known: Map<string, unknown>, path: string): void {
  for (const one of known.keys()) {
    if (path === '' || one === path || one.startsWith(`${path}/`)) known.delete(one)
  }
}

/** What is in a folder, but for what is being written. */
async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) if (!ASIDE.test(name)) names.push(name)
  return names
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')

/** There is none, or something else under its name. */
const isAbsent = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')

const bytesOf = (content: Uint8Array | string): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
