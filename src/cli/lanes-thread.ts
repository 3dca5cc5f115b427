import { workerData } from 'node:worker_threads'
import { findEnv } from '#core/env/registry'
import { loadGames } from '#registry/games'
import type { GameModule } from '#registry/module'
import { hostLanes } from '#server/vec/host'

/** What a thread of the vector server plays. */
export interface LanesWork {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  readonly levels?: readonly object[]
  /** File for records. */
  readonly file?: string
}

const { games, levels, file } = workerData as LanesWork
const { envs } = await loadGames(games)

hostLanes((id) => findEnv(envs, id), levels, file)
