import { workerData } from 'node:worker_threads'
import { loadGames } from '#registry/games'
import type { GameModule } from '#registry/module'
import { FileStore } from '#stores/files'
import { answerJobs } from './jobs.ts'
import { keepRecord } from './records.ts'

/** What the thread is given. */
export interface RecordsWork {
  readonly games: readonly GameModule[]
}

/** A record that was handed in, and the folder of runs it is for. */
export interface Handed {
  readonly runs: string
  readonly record: Uint8Array
}

const { envs } = await loadGames((workerData as RecordsWork).games)

answerJobs(({ runs, record }: Handed) =>
  keepRecord(new FileStore(runs), Buffer.from(record).toString('utf8'), envs),
)
