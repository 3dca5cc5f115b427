import { below } from '#core/base/random'
import { legalActions } from '#core/env/actions'
import type { Env } from '#core/env/env'
import { idleAction } from '#core/env/turns'
import type { Request } from '#core/play/policy'

/** Agents that can play in the browser: those that need no model. */
export function agentsOf(env: Env): string[] {
  return [...Object.keys(env.policies ?? {}), 'random']
}

/** What an agent of a name plays when it is asked: as `agentsOf` names them, else nothing at all. */
export function agentOf(env: Env, config: object, name: string): (request: Request) => readonly number[] {
  const script = env.policies?.[name]?.(config)
  return ({ state, seat, limit, random }) => {
    if (script) return script.act(state, seat, random).slice(0, limit)
    if (name !== 'random') return [idleAction(env, config)]
    const actions = legalActions(env, state, seat)
    return [actions[below(random, actions.length)]]
  }
}
