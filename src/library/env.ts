/**
 * `kickpush/env`: all that a game is made of. Runs in Node and browsers, and does nothing when it is loaded.
 */
export { z } from 'zod'
export * as bytes from '#core/base/bytes'
export { UserError } from '#core/base/errors'
export { hashBytes, hashText } from '#core/base/hash'
export * as math from '#core/base/math'
export { below, type Random, seeded, shuffle, uniform } from '#core/base/random'
export type { Frame, Item, Scene, Shape } from '#core/draw/scene'
export type { Collection } from '#core/env/collection'
export type { Command, GameTools, Io } from '#core/env/command'
export { resolveConfig } from '#core/env/config'
export type { Document } from '#core/env/document'
export type {
  Env,
  Macro,
  Origin,
  Outcome,
  Prompt,
  Scripted,
  State,
  TensorSpec,
} from '#core/env/env'
export { type Field, type Layout, layout, type StateOf } from '#core/env/layout'
export { findEnv } from '#core/env/registry'
export type { RewardRule, ScoredTurn } from '#core/env/reward'
