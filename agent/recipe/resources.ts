import type { Env } from '#core/env/env'
import type { Shape } from '../model/shape.ts'
import type { OpenPack } from '../trainer/levels.ts'
import type { Evaluation, Source } from './recipe.ts'

/** What a recipe asks for that only those who train can tell. */
export interface Resources {
  readonly envs: readonly Env[]
  readonly openPack: OpenPack
  /** Whether an agent of that name plays the data. @throws UserError when not. */
  agent(name: string, data: readonly Source[]): Promise<unknown>
  /** Whether an evaluation has all its levels. @throws UserError when not. */
  levels(evaluation: Evaluation, data: readonly Source[]): Promise<unknown>
  /** Loads what the first stage starts from, where that is still to be done. @throws UserError when there is none. */
  start?(): Promise<Start>
}

/** The model that a recipe starts from. */
export interface Start {
  readonly vocabulary: readonly string[]
  readonly weights: readonly string[]
  readonly shape: Shape
}
