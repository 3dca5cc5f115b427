import { envs } from '#envs'
import { FileStore } from '#stores/files'
import { answerJobs } from './jobs.ts'
import { keepRecord } from './records.ts'

/** A record that was handed in, and the folder of runs it is for. */
export interface Handed {
  readonly runs: string
  readonly record: Uint8Array
}

answerJobs(({ runs, record }: Handed) =>
  keepRecord(new FileStore(runs), Buffer.from(record).toString('utf8'), envs),
)
