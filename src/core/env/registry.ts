import { didYouMean, shown, UserError } from '../base/errors.ts'
import type { Env } from './env.ts'

/**
 * The environment of that id.
 * @throws UserError naming the ones there are.
 */
export function findEnv(envs: readonly Env[], id: string): Env {
  const found = envs.find((env) => env.id === id)
  if (found) return found
  const ids = envs.map((env) => env.id)
  throw new UserError(`unknown environment ${shown(id)}${didYouMean(id, ids)}`)
}
