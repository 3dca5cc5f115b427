import type { Env } from '#core/env/env'
import type { RecordEvent } from '#core/record/record'
import type { RunInfo } from '#core/record/run'
import type { OpenPack } from './trainer/levels.ts'
import type { Team } from './trainer/team.ts'
import type { FindModel } from './workplace.ts'

/**
 * Where a learner runs. All that differs between Node and browsers is handed in here, beside the store (core/store.ts);
 * the rest of this room takes nothing from either.
 */
export interface Host {
  /** The games there are. */
  readonly envs: readonly Env[]
  /** Those of them that were added, by id: the package, and what it is loaded by. */
  readonly packages: NonNullable<RunInfo['packages']>
  /** Threads worth starting. */
  readonly threads: number
  /** The machine in words, for reports. */
  readonly machine: string
  readonly model: FindModel
  readonly openPack: OpenPack
  /** Replicas in as many threads of their own, or with 0 one in this thread. */
  team(workers: number, onEvent: (event: RecordEvent) => void): Team
}
