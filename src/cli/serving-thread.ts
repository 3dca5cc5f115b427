import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '#core/base/errors'
import { loadGames } from '#registry/games'
import { serve } from '#server/server'
import { beside } from '#threads/thread'
import type { Programme } from './exhibition.ts'
import { playersOf } from './players.ts'
import type { ServingData, ServingMessage } from './serving.ts'

const { port, runs, games, programme: acts } = workerData as ServingData
const say = (message: ServingMessage) => parentPort?.postMessage(message)

try {
  const entry = beside(import.meta.url, 'exhibition-thread')
  const programme: Programme = { games, acts }
  const exhibition = acts.length > 0 ? { entry, programme } : undefined
  const loaded = await loadGames(games)
  const { url } = await serve({
    games: loaded,
    learned: playersOf(loaded, runs),
    port,
    runs,
    nextFree: true,
    exhibition,
    log: (log) => say({ log }),
  })
  say({ url })
} catch (error) {
  if (!(error instanceof UserError)) throw error
  say({ refused: error.message })
}
