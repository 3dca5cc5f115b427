import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { collectionFiles } from '#stores/collections'
import { readDocument } from '#stores/document'
import { makeFolder } from '#stores/folder'
import { readTextFile, reasonOf } from '#stores/text'

/** The command line's own input and output. */
export const io: Io = {
  read: (path) => readTextFile(path),
  document: readDocument,
  files: collectionFiles,
  write: writeAside,
  print(line) {
    process.stdout.write(`${line}\n`)
  },
  note(line) {
    process.stderr.write(`${line}\n`)
  },
  now: () => performance.now(),
}

let written = 0

/**
 * Writes a file under a temporary name and renames it, so that nobody ever reads half of it. A link stays one, and a
 * device or pipe (/dev/null, /dev/stdout) is written to, not replaced.
 */
export async function writeAside(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const there = await stat(path).catch(() => null)
    if (there !== null && !there.isFile() && !there.isDirectory()) return await writeFile(path, content)
    await replace(there ? await realpath(path) : path, content)
  } catch (error) {
    throw new UserError(`cannot write '${path}': ${reasonOf(error)}`)
  }
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}-${++written}.tmp`
  try {
    makeFolder(dirname(path))
    await writeFile(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}
