import { didYouMean, UserError } from '../base/errors.ts'
import type { Env, Macro, State } from '../env/env.ts'
import type { Conversation } from './policy.ts'

/** The actions a seat has answered and how far they are played. */
export interface Plan {
  readonly macro: Macro | undefined
  actions: readonly number[]
  /** How many of them have begun. */
  begun: number
  /** The one in progress, or -1, and the steps played for it. */
  decision: number
  steps: number
  /** Answers in a row of which nothing was played that does something. */
  wasted: number
}

/** An empty plan. @throws UserError when the conversation names a macro that the environment does not have. */
export function emptyPlan(env: Env, { macro: name }: Conversation): Plan {
  const macros = env.macros ?? {}
  if (name !== undefined && !Object.hasOwn(macros, name)) {
    throw new UserError(`${env.id} has no macro '${name}'${didYouMean(name, Object.keys(macros))}`)
  }
  return {
    macro: name === undefined ? undefined : macros[name],
    actions: [],
    begun: 0,
    decision: -1,
    steps: 0,
    wasted: 0,
  }
}

/** @throws UserError when the conversation asks for legal actions, of which the environment says nothing. */
export function checkLegal(env: Env, { mask, listLegal }: Conversation): void {
  if (env.legal || !(mask || listLegal)) return
  throw new UserError(
    `${env.id} does not say which actions are legal, so there is nothing to ${mask ? 'mask' : 'list'}`,
  )
}

/** Begins to play `actions`; an answer that is not valid plays nothing, and too many actions are cut. */
export function renew(
  plan: Plan,
  conversation: Conversation,
  valid: boolean,
  actions: readonly number[],
): void {
  plan.actions = valid ? actions.slice(0, actionLimit(conversation)) : []
  plan.begun = 0
  plan.decision = -1
  plan.wasted++
}

/**
 * Notes that a seat plays `action` in `state`, a game of turns: an answer of which something legal is played was not
 * wasted, nor is one where nothing is legal.
 */
export function played(plan: Plan, env: Env, state: State, seat: number, action: number): void {
  if (!env.toAct || plan.wasted === 0) return
  const legal = env.legal?.(state, seat)
  if (!legal?.includes(true) || legal[action]) plan.wasted = 0
}

/** The action that `seat` plays next, or -1 when none is left. Asked once before each step. */
export function nextAction(plan: Plan, state: State, seat: number): number {
  for (;;) {
    if (plan.decision < 0) {
      if (plan.begun === plan.actions.length) return -1
      plan.decision = plan.actions[plan.begun++]
      plan.steps = 0
    }
    const action = plan.macro ? plan.macro.next(state, seat, plan.decision, plan.steps++) : plan.decision
    if (!plan.macro || action === null) plan.decision = -1
    if (action !== null) return action
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
