import { workerData } from 'node:worker_threads'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'
import { hostLanes } from '#server/vec/host'

/** What a thread of the vector server plays. */
export interface LanesWork {
  readonly levels?: readonly object[]
  /** File for records. */
  readonly file?: string
}

const { levels, file } = workerData as LanesWork

hostLanes((id) => findEnv(envs, id), levels, file)
