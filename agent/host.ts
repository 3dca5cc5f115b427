import type { RecordEvent } from '#core/record'
import type { Choice } from './backend.ts'
import type { CreatePolicy } from './policies/create.ts'
import type { ModelBytes } from './trainer/jobs.ts'
import type { OpenPack } from './trainer/levels.ts'
import type { Team } from './trainer/team.ts'

/**
 * Where a learner runs. All that differs between Node and browsers is handed in here, beside the store (core/store.ts);
 * the rest of this room takes nothing from either.
 */
export interface Host {
  /** Threads worth starting. */
  readonly threads: number
  /** The machine in words, for reports. */
  readonly machine: string
  /** The model of a name, as `mini:<name>` has it. @throws UserError when there is none. */
  model(name: string): Promise<ModelBytes>
  readonly openPack: OpenPack
  /** Replicas in as many threads of their own, or with 0 one in this thread. */
  team(workers: number, onEvent: (event: RecordEvent) => void): Team
}

/** Where a replica works. */
export interface Workplace {
  /** Starts a backend of tfjs, or with 'auto' the fastest. @throws UserError when it does not start. */
  chooseBackend(wanted: string): Promise<Choice>
  readonly createPolicy: CreatePolicy
  readonly openPack: OpenPack
}
