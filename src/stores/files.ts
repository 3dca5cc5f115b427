import { randomUUID } from 'node:crypto'
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Lock, Stat, Store } from '#core/base/store'
import { refusal } from './errno.ts'
import { makeFolder } from './folder.ts'
import { lockFolder } from './lock.ts'

/** Names of files that are being written; where their writer is gone, they are nothing. */
const ASIDE = /\.[0-9a-f]{8}\.part$/

/** A folder of the file system. */
export class FileStore implements Store {
  readonly name: string

  /** @param folder need not be there before something is written. */
  constructor(folder: string) {
    this.name = folder
  }

  async read(file: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
    return this.#tell('read', file, async (path) => {
      const handle = await open(path)
      try {
        const { size } = await handle.stat()
        const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from))
        let got = 0
        while (got < bytes.length) {
          const { bytesRead } = await handle.read(bytes, got, bytes.length - got, from + got)
          if (bytesRead === 0) break
          got += bytesRead
        }
        return bytes.subarray(0, got)
      } finally {
        await handle.close()
      }
    })
  }

  async stat(file: string): Promise<Stat | null> {
    return this.#tell('look at', file, async (path) => {
      // A link is no file of this store: it may lead out of it.
      const found = await lstat(path)
      if (!found.isFile()) return null
      // A number is given again at once to the next file; when it was made tells the two apart.
      const identity = `${found.ino}.${found.birthtimeMs}`
      return { size: found.size, changed: found.mtimeMs, identity }
    })
  }

  async list(folder: string): Promise<string[]> {
    const names = await this.#tell('list', folder, (path) => readdir(path))
    return names?.filter((name) => !ASIDE.test(name)).sort() ?? []
  }

  async write(file: string, content: Uint8Array | string): Promise<void> {
    await this.#do('write', file, async (path) => {
      // A name of its own, so that two writers of a file cannot mix.
      const aside = `${path}.${randomUUID().slice(0, 8)}.part`
      try {
        await inFolder(path, () => using(aside, 'wx', (handle) => writeAll(handle, content, true)))
        await rename(aside, path)
      } catch (error) {
        await rm(aside, { force: true }).catch(() => {})
        throw error
      }
      await syncFolder(dirname(path))
    })
  }

  async append(file: string, content: Uint8Array | string): Promise<void> {
    await this.#do('append to', file, (path) =>
      inFolder(path, () => using(path, 'a', (handle) => writeAll(handle, content, false))),
    )
  }

  async sync(file: string): Promise<void> {
    await this.#tell('sync', file, async (path) => {
      await using(path, 'r+', (handle) => handle.sync())
      await syncFolder(dirname(path))
    })
  }

  async remove(path: string): Promise<void> {
    await this.#tell('remove', path, async (full) => {
      await lstat(full)
      await rm(full, { recursive: true, force: true })
      await syncFolder(dirname(full))
    })
  }

  async lock(): Promise<Lock> {
    return this.#do('lock', 'lock', async (path) => {
      const lock = await inFolder(path, () => lockFolder(path, this.name))
      await sweep(this.name).catch(() => {})
      return lock
    })
  }

  /** As `#do`; null where there is no such file. */
  async #tell<T>(verb: string, file: string, what: (path: string) => Promise<T>): Promise<T | null> {
    return this.#do(verb, file, (path) =>
      what(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
        throw error
      }),
    )
  }

  async #do<T>(verb: string, file: string, what: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.name, file)
    try {
      return await what(path)
    } catch (error) {
      throw refusal(error, verb, path)
    }
  }
}

/** Removes what writers that are gone have left half written, but in folders that have a lock of their own. */
async function sweep(folder: string, top = true): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  if (!top && entries.some(({ name }) => name === 'lock')) return
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await sweep(path, false)
    else if (ASIDE.test(entry.name)) await rm(path, { force: true })
  }
}

/** Does what needs the folder of `path`, making it where it is missing. */
async function inFolder<T>(path: string, what: () => Promise<T>): Promise<T> {
  try {
    return await what()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    makeFolder(dirname(path))
    return what()
  }
}

async function using(path: string, how: string, what: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, how)
  try {
    await what(handle)
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, content: Uint8Array | string, durable: boolean): Promise<void> {
  await handle.writeFile(content)
  if (durable) await handle.sync()
}

/** A renamed or new file is durable when its folder is; not every system can tell a folder that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
