import type { Lock, Store } from '#core/base/store'
import { StoreError } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { OpfsStore } from '#stores/opfs'

/** Where the runs of this page are. */
export interface Place {
  /** They are there again when the page is opened again. */
  readonly kept: boolean
  /** A store whose folders are the runs. */
  readonly root: Store
  /** The folder of one. */
  run(id: string): Store
  /** Games that were brought. */
  readonly games: Store
}

const FOLDER = 'kickpush/runs'
const GAMES = 'kickpush/games'

/** The browser's private file system where this page may use it, else memory. */
export async function place(): Promise<Place> {
  try {
    await navigator.storage.getDirectory()
    if ('createWritable' in FileSystemFileHandle.prototype)
      return {
        kept: true,
        root: new OpfsStore(FOLDER),
        run: (id) => new OpfsStore(`${FOLDER}/${id}`),
        games: new OpfsStore(GAMES),
      }
  } catch {
    // A page without a secure address, or a private window: it forgets.
  }
  const root = new MemoryStore('memory')
  return { kept: false, root, run: (id) => folderOf(root, id), games: new MemoryStore('games') }
}

const locked = new Set<string>()

/** A folder of a store as a store. */
export function folderOf(root: Store, folder: string): Store {
  const inside = (path: string) => (path === '' ? folder : `${folder}/${path}`)
  return {
    name: folder,
    read: (file, from, to) => root.read(inside(file), from, to),
    stat: (file) => root.stat(inside(file)),
    list: (path) => root.list(inside(path)),
    write: (file, content) => root.write(inside(file), content),
    append: (file, content) => root.append(inside(file), content),
    sync: (file) => root.sync(inside(file)),
    remove: (path) => root.remove(inside(path)),
    lock: async (): Promise<Lock> => {
      if (locked.has(folder)) throw new StoreError('locked', `${folder} is being written already`)
      locked.add(folder)
      return { release: async () => void locked.delete(folder) }
    },
  }
}

/** Runs that come with a static site, from a list of their files beside the page; none where there is no list. */
export async function shipped(base: string): Promise<Store> {
  const store = new MemoryStore('shipped')
  const list = await fetch(new URL('shipped/files.json', base))
    .then((response) => (response.ok ? (response.json() as Promise<string[]>) : []))
    .catch(() => [])
  await Promise.all(
    list.map(async (file) => {
      const response = await fetch(new URL(`shipped/${file}`, base)).catch(() => null)
      if (response?.ok) await store.write(file, new Uint8Array(await response.arrayBuffer()))
    }),
  )
  return store
}
