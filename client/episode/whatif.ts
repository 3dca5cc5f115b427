import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { agentOf } from './agents.ts'
import { Film } from './film.ts'
import { keepFilm, LOCAL } from './films.ts'

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
  const decide = agentOf(env, config, agent)
  const policy: Policy = {
    id: `${agent} from step ${t}`,
    act: async (requests) =>
      requests.map((request) => {
        const given = opening[request.state.t]?.[request.seat]
        return { valid: true, actions: given === undefined ? decide(request) : [given] }
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
