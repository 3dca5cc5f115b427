import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import { parse } from '#core/env/config'
import type { Env, State } from '#core/env/env'
import { observe } from '#core/env/observe'
import { findEnv } from '#core/env/registry'
import { acts, givenActions } from '#core/env/turns'
import { actionLimit } from '#core/play/plan'
import { Conversation, type PastTurn, type Policy } from '#core/play/policy'
import type { AskedMove, Move } from '#core/record/wire'
import type { Games } from '#registry/games'
import type { GameModule } from '#registry/module'
import { beside, type ThreadEntry } from '#threads/thread'

/** What a thread of learned agents is given. */
export interface PlayersWork {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  /** The folder of runs whose agents play. */
  readonly runs: string
}

/** The thread with the agents of a folder of runs, and those that come with Kickpush. */
export function playersOf({ added }: Games, runs: string): ThreadEntry {
  const data: PlayersWork = { games: added, runs }
  return { entry: beside(import.meta.url, 'players-thread'), data }
}

/**
 * What an agent plays next in a game that is told from its beginning. It is asked as it was taught to talk, and sees what
 * it would have seen had it played by itself.
 * @throws UserError for a game that is not there or was not played like that.
 */
export async function decide(
  envs: readonly Env[],
  agentOf: (name: string, env: Env) => Promise<Policy>,
  asked: AskedMove,
): Promise<Move> {
  const env = findEnv(envs, asked.env)
  const policy = await agentOf(asked.agent, env)
  const conversation = Conversation.parse(policy.conversation ?? {})
  const config = parse(env.config, asked.config, 'config')
  const state = env.reset(config, asked.seed)
  const { seat } = asked
  if (seat >= state.rewards.length) throw new UserError(`seat ${seat}: ${env.id} has ${state.rewards.length}`)
  const names = env.actions(config)
  const history: PastTurn[] = []
  const turns = [...asked.turns]
  for (const row of asked.steps) {
    while (turns.length > 0 && turns[0].t === state.t) {
      history.push(pastTurn(env, state, seat, conversation, turns.shift()!.actions, names))
    }
    advance(env, state, row, names.length)
  }
  if (turns.length > 0) throw new UserError(`turns: the game has no step ${turns[0].t} yet`)
  if (over(state) || !acts(env, state, seat))
    throw new UserError(`seat ${seat} does not act at step ${state.t}`)
  const [response] = await policy.act([
    {
      episode: 'by hand',
      env,
      state,
      seat,
      turn: history.length,
      conversation,
      limit: actionLimit(conversation),
      observation: observe(env, state, seat, conversation.modality),
      history,
      random: seeded(`${asked.seed}/${seat}/${state.t}`),
    },
  ])
  const { valid, actions, reason, text, thought, value, probabilities } = response
  return { valid, actions, reason, text, thought, value, probabilities }
}

const over = (state: State): boolean => state.terminated || state.truncated

function pastTurn(
  env: Env,
  state: State,
  seat: number,
  { modality }: Conversation,
  actions: readonly number[],
  names: readonly string[],
): PastTurn {
  const unknown = actions.find((action) => action >= names.length)
  if (unknown !== undefined) throw new UserError(`turns: no action ${unknown}`)
  const played = actions.map((action) => names[action])
  return { observation: observe(env, state, seat, modality), response: '', actions: played, feedback: '' }
}

/** Plays a step in place. @throws UserError for one that cannot be. */
function advance(env: Env, state: State, row: readonly number[], count: number): void {
  if (over(state)) throw new UserError(`steps: the game was over after ${state.t}`)
  if (row.length !== state.rewards.length) {
    throw new UserError(`steps.${state.t}: one action for each of ${state.rewards.length} seats`)
  }
  const actions = givenActions(env, state, row)
  const unknown = actions.find((action) => action >= count)
  if (unknown !== undefined) throw new UserError(`steps.${state.t}: no action ${unknown}`)
  env.step(state, actions)
}
