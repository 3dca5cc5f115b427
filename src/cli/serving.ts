import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import type { GameModule } from '#registry/module'
import { beside, startThread } from '#threads/thread'
import type { Act } from './exhibition.ts'
import { oldViewer } from './viewer.ts'

/** What the serving thread is given. */
export interface ServingData {
  readonly port: number
  readonly runs: string
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  /** What is on the wall until there is something of one's own; may be empty. */
  readonly programme: readonly Act[]
}

/** What the serving thread says. */
export type ServingMessage =
  | { readonly url: string }
  | { readonly refused: string }
  | { readonly log: string }

export interface OpenServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * The server over a folder of runs in a thread of its own, at the first free port from `port` on, with shipped and
 * scripted agents on the wall.
 * @throws UserError when it cannot listen.
 */
export async function openServer(data: ServingData, io: Io): Promise<OpenServer> {
  const old = await oldViewer()
  const worker = startThread({ entry: beside(import.meta.url, 'serving-thread'), data })
  const url = await new Promise<string>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (message: ServingMessage) => {
      if ('url' in message) resolve(message.url)
      else if ('refused' in message) reject(new UserError(message.refused))
      else io.note(message.log)
    })
  })
  io.print(`viewer: ${url}`)
  if (old) io.note(old)
  return { url, close: async () => void (await worker.terminate()) }
}
