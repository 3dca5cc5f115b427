import { createReadStream } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { decodeText } from '#core/decode'
import { UserError } from '#core/errors'

/** Most bytes of a file that is read as one text: one that never ends (/dev/zero) is refused there. */
export const MOST_BYTES = 1 << 28

/**
 * The text of a file that somebody named, or of standard input for `-`.
 * @throws UserError naming the file and why it cannot be read, or that it has more than `most` bytes.
 */
export async function readTextFile(path: string, most = MOST_BYTES): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of createReadStream(path === '-' ? '/dev/stdin' : path)) {
      size += chunk.length
      if (size > most) break
      chunks.push(chunk)
    }
  } catch (error) {
    throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
  }
  if (size > most) throw new UserError(`cannot read '${path}': it has more than ${most} bytes`)
  return decodeText(Buffer.concat(chunks))
}

/** Why the system refused, in its own words ("no such file or directory"). */
export function reasonOf(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException
  return (errno !== undefined && getSystemErrorMap().get(errno)?.[1]) || message
}
