import type { Env } from '#core/env/env'
import type { Choice } from './backend.ts'
import type { CreatePolicy } from './policies/create.ts'
import type { ModelBytes } from './trainer/jobs.ts'
import type { OpenPack } from './trainer/levels.ts'

/** The model of a name, as `mini:<name>` has it. @throws UserError when there is none. */
export type FindModel = (name: string) => Promise<ModelBytes>

/** Where a replica works. */
export interface Workplace {
  /** The games there are. */
  readonly envs: readonly Env[]
  /** Starts a backend of tfjs, or with 'auto' the fastest. @throws UserError when it does not start. */
  chooseBackend(wanted: string): Promise<Choice>
  readonly createPolicy: CreatePolicy
  readonly openPack: OpenPack
}
