import { type Random, seeded } from '../base/random.ts'
import type { Env, State } from '../env/env.ts'
import { checkLegal, emptyPlan, type Plan, renew } from './plan.ts'
import type { Conversation, PastTurn, Policy, Request, Response } from './policy.ts'

/** A turn with what came of it. */
export interface PlayedTurn {
  readonly request: Request
  readonly response: Response
  /** Environment reward of this seat for every step since it was answered, until the next turn; last, what a forfeit was worth. */
  readonly rewards: readonly number[]
  /** Environment reward terms of this seat over those steps, summed by name. */
  readonly terms: Readonly<Record<string, number>>
}

/** One seat of an episode being played: its policy, the actions it still has, and its turns so far. */
export interface Seat {
  readonly index: number
  readonly policy: Policy
  readonly random: Random
  readonly plan: Plan
  readonly turns: GrowingTurn[]
  readonly history: PastTurn[]
  /** Environment reward of every step; last, what a forfeit was worth. */
  readonly rewards: number[]
  /** Has answered since the last step. */
  answered: boolean
}

interface GrowingTurn extends PlayedTurn {
  readonly rewards: number[]
  readonly terms: Record<string, number>
}

/** @throws UserError when the conversation asks for a macro or legal actions that the environment does not have. */
export function openSeat(
  env: Env,
  conversation: Conversation,
  index: number,
  policy: Policy,
  seed: string,
): Seat {
  checkLegal(env, conversation)
  return {
    index,
    policy,
    random: seeded(`${seed}/${index}`),
    plan: emptyPlan(env, conversation),
    turns: [],
    history: [],
    rewards: [],
    answered: false,
  }
}

/**
 * Begins a turn: `response` answers `request`, and its actions wait to be played.
 * @throws RangeError when a policy answers an action that does not exist.
 */
export function openTurn(seat: Seat, request: Request, response: Response, names: readonly string[]): void {
  for (const action of response.actions) {
    if (!Number.isInteger(action) || action < 0 || action >= names.length) {
      throw new RangeError(
        `${seat.policy.id} answered action ${action}; actions are 0 to ${names.length - 1}`,
      )
    }
  }
  seat.turns.push({ request, response, rewards: [], terms: {} })
  renew(seat.plan, request.conversation, response.valid, response.actions)
  seat.answered = true
}

/** Adds what the last step brought to the seat's latest turn. */
export function rewardTurn(seat: Seat, env: Env, state: State): void {
  seat.answered = false
  const reward = state.rewards[seat.index]
  seat.rewards.push(reward)
  const turn = seat.turns.at(-1)
  if (!turn) return
  turn.rewards.push(reward)
  for (let i = 0; i < env.terms.length; i++) {
    const term = state.terms[seat.index * env.terms.length + i]
    if (term !== 0) turn.terms[env.terms[i]] = (turn.terms[env.terms[i]] ?? 0) + term
  }
}

/** Adds what a forfeit is worth to the seat, to what it earned and to its latest turn. */
export function settle(seat: Seat, worth: number): void {
  seat.rewards.push(worth)
  const turn = seat.turns.at(-1)
  if (!turn) return
  turn.rewards.push(worth)
  turn.terms.forfeit = worth
}

/** Moves the latest turn, now over, into the history that later requests see. */
export function closeTurn(seat: Seat, names: readonly string[]): void {
  const turn = seat.turns.at(-1)
  if (!turn) return
  const played = seat.plan.actions.slice(0, seat.plan.begun).map((action) => names[action])
  seat.history.push({
    observation: turn.request.observation,
    response: turn.response.text || turn.response.actions.map((action) => names[action]).join(', '),
    actions: played,
    feedback: feedback(turn, played),
  })
}

function feedback({ response, rewards }: PlayedTurn, played: readonly string[]): string {
  if (!response.valid) {
    return response.reason ?? 'The answer could not be read: regenerate it, following the format.'
  }
  const sum = rewards.reduce((total, reward) => total + reward, 0)
  return `Played ${played.length > 0 ? played.join(', ') : 'nothing'}. Reward ${Math.round(sum * 100) / 100}.`
}
