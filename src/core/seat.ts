import type { Env, Macro, State } from './env.ts'
import { didYouMean, UserError } from './errors.ts'
import type { Conversation, PastTurn, Policy, Request, Response } from './policy.ts'
import { type Random, seeded } from './random.ts'

/** A turn with what came of it. */
export interface PlayedTurn {
  readonly request: Request
  readonly response: Response
  /** Environment reward of this seat for every step since it was answered, until the next turn. */
  readonly rewards: readonly number[]
  /** Environment reward terms of this seat over those steps, summed by name. */
  readonly terms: Readonly<Record<string, number>>
}

/** One seat of an episode being played: its policy, the actions it still has, and its turns so far. */
export interface Seat {
  readonly index: number
  readonly policy: Policy
  readonly random: Random
  readonly macro: Macro | undefined
  readonly turns: GrowingTurn[]
  readonly history: PastTurn[]
  /** Environment reward of every step. */
  readonly rewards: number[]
  /** Actions of the last answer that may be played, and how many of them have begun. */
  plan: readonly number[]
  begun: number
  /** The decision in progress and the steps played for it. */
  decision: number
  steps: number
  /** Has answered since the last step. */
  answered: boolean
}

interface GrowingTurn extends PlayedTurn {
  readonly rewards: number[]
  readonly terms: Record<string, number>
}

/** @throws UserError when the conversation names a macro that the environment does not have. */
export function openSeat(
  env: Env,
  conversation: Conversation,
  index: number,
  policy: Policy,
  seed: string,
): Seat {
  return {
    index,
    policy,
    random: seeded(`${seed}/${index}`),
    macro: findMacro(env, conversation.macro),
    turns: [],
    history: [],
    rewards: [],
    plan: [],
    begun: 0,
    decision: -1,
    steps: 0,
    answered: false,
  }
}

/** The action that the seat plays next, or -1 when it has none left. Asked once before each step. */
export function nextAction(seat: Seat, state: State): number {
  for (;;) {
    if (seat.decision < 0) {
      if (seat.begun === seat.plan.length) return -1
      seat.decision = seat.plan[seat.begun++]
      seat.steps = 0
    }
    if (!seat.macro) {
      const action = seat.decision
      seat.decision = -1
      return action
    }
    const action = seat.macro.next(state, seat.index, seat.decision, seat.steps)
    if (action !== null) {
      seat.steps++
      return action
    }
    seat.decision = -1
  }
}

/** Most turns of a seat in an episode: a global conversation has one. */
export function turnLimit({ mode, maxTurns }: Conversation): number {
  return mode === 'global' ? 1 : maxTurns
}

/** Most actions of one answer: a global one may use the whole episode. */
export function actionLimit({ mode, maxTurns, actionsPerTurn }: Conversation): number {
  return mode === 'global' ? maxTurns : actionsPerTurn
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
  seat.plan = response.valid ? response.actions.slice(0, request.limit) : []
  seat.begun = 0
  seat.decision = -1
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

/** Moves the latest turn, now over, into the history that later requests see. */
export function closeTurn(seat: Seat, names: readonly string[]): void {
  const turn = seat.turns.at(-1)
  if (!turn) return
  const played = seat.plan.slice(0, seat.begun).map((action) => names[action])
  seat.history.push({
    observation: turn.request.observation,
    response: turn.response.text ?? turn.response.actions.map((action) => names[action]).join(', '),
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

function findMacro(env: Env, name: string | undefined): Macro | undefined {
  if (name === undefined) return undefined
  const macros = env.macros ?? {}
  if (Object.hasOwn(macros, name)) return macros[name]
  throw new UserError(`${env.id} has no macro '${name}'${didYouMean(name, Object.keys(macros))}`)
}
