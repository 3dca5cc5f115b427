import { unzipSync, zipSync } from 'fflate'
import { UserError } from '#core/base/errors'
import type { Store } from '#core/base/store'

/** Most bytes of what a zip holds. */
const MOST = 1 << 29
/** Of files that are not for others: who writes, and room for what could not be written else. */
const OWN = ['lock', 'reserve']

/** A run's folder as a zip with one folder of its name. @throws StoreError */
export async function zipped(store: Store, run: string): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {}
  for (const path of await pathsIn(store)) {
    if (!OWN.includes(path)) files[`${run}/${path}`] = (await store.read(path)) ?? new Uint8Array()
  }
  // No clocks: the same run gives the same zip.
  return new Uint8Array(zipSync(files, { mtime: '2000-01-01T00:00:00', level: 6 }))
}

/**
 * The files of the run in a zip, by their paths in its folder, and the folder's name.
 * @throws UserError when it is no zip, holds no run, or paths that lead elsewhere.
 */
export function unzipped(bytes: Uint8Array): { name: string; files: Record<string, Uint8Array> } {
  let size = 0
  let all: Record<string, Uint8Array>
  try {
    all = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize
        if (size > MOST) throw new UserError(`the zip holds more than ${MOST} bytes`)
        return true
      },
    })
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`not a zip that can be read: ${(error as Error).message}`)
  }
  const info = Object.keys(all).find((path) => path === 'run.json' || /^[^/]+\/run\.json$/.test(path))
  if (info === undefined) throw new UserError('the zip holds no run: there is no run.json in it')
  const folder = info.slice(0, -'run.json'.length)
  const files: Record<string, Uint8Array> = {}
  for (const [path, content] of Object.entries(all)) {
    const inside = path.slice(folder.length)
    if (!path.startsWith(folder) || path.endsWith('/') || OWN.includes(inside)) continue
    const good = inside.split('/').every((part) => /^[\w~][\w.~-]*$/.test(part))
    if (!good) throw new UserError(`the zip holds a file with a name that no run has: ${path.slice(0, 100)}`)
    files[inside] = content
  }
  return { name: folder.slice(0, -1), files }
}

/** The paths of all files of a store. */
export async function pathsIn(store: Store, folder = ''): Promise<string[]> {
  const paths: string[] = []
  for (const name of await store.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`
    if ((await store.stat(path)) !== null) paths.push(path)
    else for (const one of await pathsIn(store, path)) paths.push(one)
  }
  return paths
}
