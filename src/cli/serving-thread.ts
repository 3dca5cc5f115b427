import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '#core/base/errors'
import { serve } from '#server/server'
import { beside } from '#threads/thread'
import type { ServingData, ServingMessage } from './serving.ts'

const { port, runs, programme } = workerData as ServingData
const say = (message: ServingMessage) => parentPort?.postMessage(message)

try {
  const entry = beside(import.meta.url, 'exhibition-thread')
  const exhibition = programme.length > 0 ? { entry, programme } : undefined
  const { url } = await serve({ port, runs, nextFree: true, exhibition, log: (log) => say({ log }) })
  say({ url })
} catch (error) {
  if (!(error instanceof UserError)) throw error
  say({ refused: error.message })
}
