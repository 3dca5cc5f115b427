import { didYouMean, shown, UserError } from '../base/errors.ts'
import type { Env, Origin } from './env.ts'

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

/** What an `Env` cannot be without, and of which type. */
const MEMBERS = {
  id: 'string',
  title: 'string',
  version: 'number',
  look: 'number',
  terms: 'object',
  config: 'object',
  presets: 'object',
  examples: 'object',
  seats: 'function',
  actions: 'function',
  reset: 'function',
  step: 'function',
  clone: 'function',
  save: 'function',
  load: 'function',
  text: 'function',
  scene: 'function',
  frame: 'function',
  prompt: 'function',
  outcome: 'function',
} as const satisfies Partial<Record<keyof Env, string>>

/** So many of an `Env`'s members make an object one that is meant to be an `Env`. */
const MEANT = 5

/**
 * A registry with the games that a module exports, under whatever names, one by one or in a list.
 * @param origin the package they come from, which their records tell; its name is empty where there is none.
 * @throws UserError when it exports none, one that lacks a member (named), or one whose id is taken.
 */
export function addGames(envs: readonly Env[], exported: object, origin: Origin): readonly Env[] {
  const candidates = Object.values(exported).flatMap((value) => (Array.isArray(value) ? value : [value]))
  const meant = [...new Set<unknown>(candidates)].filter(
    (value): value is Record<string, unknown> =>
      typeof value === 'object' &&
      value !== null &&
      Object.keys(MEMBERS).filter((name) => name in value).length >= MEANT,
  )
  if (meant.length === 0) throw new UserError('it exports no game (an object with id, reset, step ...)')
  const all = [...envs]
  for (const game of meant) {
    for (const [name, type] of Object.entries(MEMBERS)) {
      const found = game[name] === null ? 'null' : typeof game[name]
      if (found === type) continue
      const what = found === 'undefined' ? `has no '${name}'` : `has a ${found} as '${name}'`
      throw new UserError(
        `its game ${shown(game.id)} ${what} (an Env's is ${type === 'object' ? 'an' : 'a'} ${type})`,
      )
    }
    const env = game as unknown as Env
    if (all.some(({ id }) => id === env.id)) throw new UserError(`there is a game '${env.id}' already`)
    all.push(origin.package === '' ? env : { ...env, origin })
  }
  return all
}
