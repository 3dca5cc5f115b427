import { createReadStream } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { decodeText } from '#core/base/decode'
import { BadFile, UserError } from '#core/base/errors'

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
  return textOf(Buffer.concat(chunks), path, most)
}

/**
 * The text that bytes of a file are, or that they hold where they are compressed by gzip.
 * @throws BadFile naming the file when it is an archive, damaged, or holds more than `most` bytes.
 */
export function textOf(bytes: Uint8Array, path: string, most = MOST_BYTES): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) {
    throw new BadFile(`cannot read '${path}': it is an archive (zip); unpack it first`)
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decodeText(bytes)
  try {
    return decodeText(gunzipSync(bytes, { maxOutputLength: most }))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ERR_BUFFER_TOO_LARGE' ? `it holds more than ${most} bytes` : `gzip: ${message}`
    throw new BadFile(`cannot read '${path}': ${reason}`)
  }
}

/** Most characters of a line that is read on its own. */
const LONGEST_LINE = 1 << 26

/**
 * The lines of a file, or of standard input for `-`, as they arrive; without their ends.
 * @throws UserError naming the file and why it cannot be read, or that a line of it does not end.
 */
export async function* textLines(path: string): AsyncGenerator<string> {
  const input = path === '-' ? process.stdin : createReadStream(path)
  input.setEncoding('utf8')
  let begun: string[] = []
  let length = 0
  try {
    for await (const chunk of input) {
      const [rest, ...lines] = (chunk as string).split('\n')
      begun.push(rest)
      length += rest.length
      for (const line of lines) {
        yield begun.join('').replace(/\r$/, '')
        begun = [line]
        length = line.length
      }
      if (length > LONGEST_LINE)
        throw new UserError(`cannot read '${path}': a line has more than ${LONGEST_LINE} characters`)
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
  }
  const last = begun.join('')
  if (last !== '') yield last
}

/** Why the system refused, in its own words ("no such file or directory"). */
export function reasonOf(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException
  return (errno !== undefined && getSystemErrorMap().get(errno)?.[1]) || message
}
