import { randomUUID } from 'node:crypto'
import { link, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Lock, StoreError } from '#core/base/store'

/** Who holds a lock. A process is told by number and start, since numbers are given again. */
interface Holder {
  readonly pid: number
  readonly started: string
  readonly host: string
  readonly key: string
}

/**
 * Locks by a file that names the process. It is linked into place, so that it is there whole or not at all, or made
 * there where the file system knows no links; that of a process of this machine that is gone is taken over. Of another
 * machine nobody can tell: it has to be removed.
 * @param what for messages. @throws StoreError of kind `locked`.
 */
export async function lockFolder(path: string, what: string): Promise<Lock> {
  const { pid } = process
  const me: Holder = {
    pid,
    started: (await startOf(pid)) ?? '',
    host: hostname(),
    key: randomUUID(),
  }
  // The process is in the name, so that what is left of one that is gone can be told.
  const own = `${path}.${pid}.${me.key}`
  await writeFile(own, JSON.stringify(me))
  let note: string | undefined
  try {
    for (let tries = 0; ; tries++) {
      if (await place(own, path)) break
      const text = await readFile(path, 'utf8').catch(() => null)
      if (text === null) continue // released since
      const holder = holderIn(text)
      const gone = holder === null || (holder.host === me.host && !(await lives(holder)))
      if (!gone || tries > TRIES) throw held(holder, me.host, what, path)
      await takeAway(path, text, own)
      note = holder
        ? `process ${holder.pid}, which was writing ${what}, is gone: taken over`
        : `the lock of ${what} names nobody: taken over`
    }
  } finally {
    await rm(own, { force: true })
  }
  await sweep(path)
  return {
    ...(note === undefined ? {} : { note }),
    release: async () => {
      const text = await readFile(path, 'utf8').catch(() => null)
      if (text !== null && holderIn(text)?.key === me.key) await rm(path, { force: true })
    },
  }
}

/** What systems say of hard links where a file system (exFAT, many network drives) has none. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EXDEV'])

/** Puts what `own` holds at `path`, whole; false when something is there. @throws the system's error. */
async function place(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === undefined || !NO_LINKS.has(code)) throw error
  }
  return create(path, await readFile(own, 'utf8'))
}

/**
 * The same without links. Between its making and its words a file names nobody, and may be taken over: it counts only
 * if it is still there afterwards.
 */
async function create(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null
    throw error
  })
  if (!file) return false
  try {
    await file.writeFile(text)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return (await readFile(path, 'utf8').catch(() => null)) === text
}

/** Removes what processes that died while they took the lock have left: `<lock>.<pid>.<key>`. */
async function sweep(path: string): Promise<void> {
  const begin = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(begin)) continue
    const pid = Number(name.slice(begin.length).split('.', 1)[0])
    if (Number.isInteger(pid) && pid > 0 && !exists(pid)) await rm(join(dirname(path), name), { force: true })
  }
}

/**
 * Removes a dead process's lock, unless another has come into its place since. Of those who try at once one does, behind
 * a lock of its own: else one who has looked too early would remove what the first has put there.
 */
async function takeAway(path: string, text: string, own: string): Promise<void> {
  const guard = `${path}.taken`
  if (await place(own, guard)) {
    try {
      if ((await readFile(path, 'utf8').catch(() => null)) === text) await rm(path, { force: true })
    } finally {
      await rm(guard, { force: true })
    }
    return
  }
  const holder = holderIn(await readFile(guard, 'utf8').catch(() => ''))
  if (holder?.host === hostname() && !(await lives(holder))) await rm(guard, { force: true })
  await new Promise((resolve) => setTimeout(resolve, AGAIN))
}
/** How often it is tried, and the milliseconds between, while others take the same lock over. */
const TRIES = 100
const AGAIN = 5

function held(holder: Holder | null, here: string, what: string, path: string): StoreError {
  if (!holder || holder.host === here) {
    const by = holder ? `process ${holder.pid}` : 'somebody else'
    return new StoreError(
      'locked',
      `${what} is being written by ${by}: stop it first, or choose another folder`,
    )
  }
  return new StoreError(
    'locked',
    `${what} is being written by process ${holder.pid} on ${holder.host}: if that is gone, remove ${path}`,
  )
}

function holderIn(text: string): Holder | null {
  try {
    const { pid, started, host, key } = JSON.parse(text) as Holder
    return Number.isInteger(pid) ? { pid, started, host, key } : null
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function lives({ pid, started }: Holder): Promise<boolean> {
  if (!exists(pid)) return false
  const now = await startOf(pid)
  return now === null || started === '' || now === started
}

/** When a process was started, as the system says it (Linux: boot and ticks); null where it does not. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const line = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold blanks; the start is the 20th word after it.
    return `${boot.trim()} ${line.slice(line.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return null
  }
}
