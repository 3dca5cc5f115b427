import { below } from '#core/base/random'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { Film } from './film.ts'
import { keepFilm, LOCAL } from './films.ts'

/** Agents that can play on in the browser: those that need no model. */
export function agentsOf(env: Env): string[] {
  return [...Object.keys(env.policies ?? {}), 'random']
}

let number = 0

/**
 * Lets `agent` play on from step `t` of a film, in every seat that is asked; what is played is a film of its own that
 * begins with the same steps.
 */
export function playOn(film: Film, t: number, agent: string): Film {
  const { start, env } = film
  if (!start || !env) throw new Error('there is nothing to play on from')
  const config = env.config.parse(start.config)
  const opening = film.steps.slice(0, t).map(({ actions }) => actions)
  const made = new Film(`${LOCAL}what-if-${++number}-${agent}-${start.env}-${start.seed}`)
  const script = env.policies?.[agent]?.(config)
  const count = env.actions(config).length
  const policy: Policy = {
    id: `${agent} from step ${t}`,
    act: async (requests) =>
      requests.map(({ state, seat, limit, random }) => {
        const given = opening[state.t]?.[seat]
        if (given !== undefined) return { valid: true, actions: [given] }
        const actions = script ? script.act(state, seat, random) : [below(random, count)]
        return { valid: true, actions: actions.slice(0, limit) }
      }),
  }
  const match = {
    episode: made.id.slice(LOCAL.length),
    env,
    config,
    seed: start.seed,
    policies: start.agents.map(() => policy),
    conversation: Conversation.parse({ modality: start.conversation.modality, maxTurns: 10_000 }),
  }
  keepFilm(made)
  void play([match], { onEvent: (event) => made.push([event], true) }).catch((error: unknown) =>
    made.fail((error as Error).message),
  )
  return made
}
