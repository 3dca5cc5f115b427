import { z } from 'zod'

/**
 * socket.io namespace in which a server whose owner wants it tells what a chat model says about episodes while they are
 * played; other servers have none. Nothing of it is in any record.
 */
export const COMMENTARY = '/commentary'

/** The message `listen`: what is said about this episode from now on, and about no other. */
export const Listen = z.strictObject({ episode: z.string().min(1).max(200) })

/** Most characters of a remark. */
export const LONGEST_REMARK = 280

/** The message `remark` to whoever listens. */
export interface Remark {
  readonly episode: string
  /** Of which playing of it, as in `events` (wire.ts). */
  readonly take: string
  /** After which step it was said. */
  readonly t: number
  /** The model that said it. */
  readonly by: string
  /** Plain text of one line, at most `LONGEST_REMARK` characters. */
  readonly text: string
}
