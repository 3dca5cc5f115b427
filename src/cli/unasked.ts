import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Lock, readText, type Store } from '#core/base/store'
import { FileStore } from '#stores/files'

/** Where runs are unless told otherwise. */
const RUNS = 'runs'
/** Folders that nobody asked for, of one command; the oldest make room. */
const KEPT = 8
/** Bytes of records in such a folder, more or less. */
export const UNASKED_BYTES = 1 << 25

/**
 * A folder for what a command plays when nobody names one: `runs/<command>-<n>`, where there is a folder `runs` here and
 * KICKPUSH_KEEP is not 0. Makes room for it among those of before. undefined where nothing is to be kept.
 */
export async function unaskedFolder(command: string): Promise<string | undefined> {
  if (process.env.KICKPUSH_KEEP === '0' || !existsSync(RUNS)) return undefined
  try {
    const store = new FileStore(RUNS)
    const numbers = (await store.list(''))
      .flatMap((name) => (name.startsWith(`${command}-`) ? [Number(name.slice(command.length + 1))] : []))
      .filter((n) => Number.isInteger(n) && n > 0)
      .sort((a, b) => a - b)
    const own: number[] = []
    for (const n of numbers) if (await isUnasked(store, `${command}-${n}`)) own.push(n)
    for (const n of own.slice(0, Math.max(0, own.length - KEPT + 1)))
      await removeIfIdle(`${command}-${n}`, store)
    return join(RUNS, `${command}-${(numbers.at(-1) ?? 0) + 1}`)
  } catch {
    return undefined // what nobody asked for must not keep a command from its work
  }
}

async function isUnasked(store: Store, run: string): Promise<boolean> {
  try {
    return JSON.parse((await readText(store, `${run}/run.json`)) ?? '').unasked === true
  } catch {
    return false
  }
}

/** Another command may be writing it. */
async function removeIfIdle(run: string, store: Store): Promise<void> {
  let lock: Lock | undefined
  try {
    lock = await new FileStore(join(RUNS, run)).lock()
    await store.remove(run)
  } catch {
    // It stays.
  } finally {
    await lock?.release().catch(() => {})
  }
}
