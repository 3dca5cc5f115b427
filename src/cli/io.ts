import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import type { Io } from '#core/command'
import { UserError } from '#core/errors'

/** The command line's own input and output. */
export const io: Io = {
  async read(path) {
    try {
      return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
    } catch (error) {
      throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
    }
  },
  async write(path, text) {
    await writeAside(path, text)
  },
  print(line) {
    process.stdout.write(`${line}\n`)
  },
  note(line) {
    process.stderr.write(`${line}\n`)
  },
  now: () => performance.now(),
}

/** Why the system refused, in its own words ("no such file or directory"). */
export function reasonOf(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException
  return (errno !== undefined && getSystemErrorMap().get(errno)?.[1]) || message
}

let written = 0

/** Writes a file under a temporary name and renames it, so that nobody ever reads half of it. */
export async function writeAside(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}-${++written}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new UserError(`cannot write '${path}': ${reasonOf(error)}`)
  }
}
