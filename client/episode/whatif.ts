import { play } from '#core/play/play'
import { Conversation, type Policy, type Request, type Response } from '#core/play/policy'
import type { RecordEvent, StepEvent } from '#core/record/record'
import { type Asked, isLearned, learned } from '../play/learned.ts'
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
  const played: StepEvent[] = []
  const model = isLearned(agent)
    ? learned(agent, { start, steps: played }, config, new AbortController().signal, (seat) =>
        askedBefore(film, t, seat),
      )
    : null
  const decide = agentOf(env, config, agent)
  const answer = async (request: Request): Promise<Response> => {
    const given = opening[request.state.t]?.[request.seat]
    if (given !== undefined) return { valid: true, actions: [given] }
    return model ? (await model.act([request]))[0] : { valid: true, actions: decide(request) }
  }
  const policy: Policy = {
    id: `${agent} from step ${t}`,
    act: (requests) => Promise.all(requests.map(answer)),
  }
  const match = {
    episode: made.id.slice(LOCAL.length),
    env,
    config,
    seed: start.seed,
    policies: start.agents.map(() => policy),
    conversation: Conversation.parse({
      modality: start.conversation.modality,
      maxTurns: 10_000,
      // A model plays as many at once as it was taught to.
      ...(model && { actionsPerTurn: 200 }),
    }),
  }
  keepFilm(made)
  const onEvent = (event: RecordEvent) => {
    if (event.type === 'step') played.push(event)
    made.push([event], true)
  }
  void play([match], { onEvent }).catch((error: unknown) => made.fail((error as Error).message))
  return made
}

/** What a seat was asked in the first `t` steps of a film, for a model that goes on from there. */
function askedBefore({ turns, start, env }: Film, t: number, seat: number): Asked[] {
  const names = start && env ? env.actions(env.config.parse(start.config)) : []
  return turns
    .filter((turn) => turn.seat === seat && turn.t < t)
    .map(({ t, valid, actions }) => ({ t, actions: valid ? actions.map((name) => names.indexOf(name)) : [] }))
}
