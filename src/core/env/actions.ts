import { didYouMean, shown, UserError } from '../base/errors.ts'
import type { Env, State } from './env.ts'
import { NO_ACTION } from './turns.ts'

/**
 * Action indices, one array per step with one index per seat, from what a person or program wrote: a text of
 * names or indices ("Up, 2 Left"), the game's own notation, or an array of either. With several seats, one array
 * per step, with null or -1 for a seat that does not act in it; where seats take turns, also one action per step, which
 * is that of whoever acts.
 * @throws UserError naming the first action that is none.
 */
export function parseActions(env: Env, config: object, value: unknown): number[][] {
  const seats = env.seats(config)
  const names = env.actions(config)
  const single = seats === 1 || env.toAct !== undefined
  const all = (action: unknown): unknown[] => new Array(seats).fill(action)
  if (typeof value === 'string' && single) return parseTurn(env, config, value).map(all) as number[][]
  if (!Array.isArray(value)) {
    const wanted = single ? 'a text or an array' : `an array of arrays of ${seats} actions`
    throw new UserError(`actions of ${env.id} must be ${wanted} (got ${shown(value)})`)
  }
  return value.map((step, i) => {
    const row: unknown = single && !Array.isArray(step) ? all(step) : step
    if (!Array.isArray(row) || row.length !== seats) {
      throw new UserError(`actions[${i}] must have one action per seat, ${seats} (got ${shown(row)})`)
    }
    const none = (action: unknown): boolean =>
      env.toAct !== undefined && (action === null || action === NO_ACTION)
    return row.map((action) => (none(action) ? NO_ACTION : readAction(names, action, `actions[${i}]`)))
  })
}

/** The actions of a seat that are legal now, as indices; all where the game does not say, or says none is. */
export function legalActions(env: Env, state: State, seat: number): number[] {
  const all = env.actions(state.config).map((_, action) => action)
  const legal = env.legal?.(state, seat)
  return legal?.includes(true) ? all.filter((action) => legal[action]) : all
}

/**
 * Action indices of one seat, from a text of names or indices or in the game's own notation.
 * @throws UserError naming the first action that is none.
 */
export function parseTurn(env: Env, config: object, text: string): number[] {
  const names = env.actions(config)
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  if (!words.every((word) => indexOf(names, word) >= 0)) {
    const own = env.parseActions?.(config, text)
    if (own) return [...own]
  }
  return words.map((word, i) => readAction(names, word, `actions[${i}]`))
}

function readAction(names: readonly string[], action: unknown, where: string): number {
  const index = indexOf(names, action)
  if (index >= 0) return index
  if (typeof action === 'string' && !/^-?\d+$/.test(action)) {
    throw new UserError(`${where}: no action ${shown(action)}${didYouMean(action, names)}`)
  }
  throw new UserError(
    `${where}: an action is a name or an index from 0 to ${names.length - 1} (got ${shown(action)})`,
  )
}

/** The index that a name or number means, or -1. */
function indexOf(names: readonly string[], action: unknown): number {
  if (typeof action === 'number') return Number.isInteger(action) && action in names ? action : -1
  if (typeof action !== 'string') return -1
  if (/^\d+$/.test(action)) return indexOf(names, Number(action))
  return names.findIndex((name) => name.toLowerCase() === action.toLowerCase())
}
