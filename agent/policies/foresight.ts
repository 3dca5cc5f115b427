import { append } from '#core/base/lists'
import type { Random } from '#core/base/random'
import type { Env, Scripted, State } from '#core/env/env'
import { actionsOf, idleAction, NO_ACTION } from '#core/env/turns'

/**
 * The actions that `scripted` would play from `state` to the end of the episode, at most `limit`, each seen as it
 * comes: a whole answer also of agents that decide step by step. It plays on in a copy, whose randomness is the
 * episode's own; the other seats play as `scripted` does.
 */
export function foresee(
  env: Env,
  scripted: Scripted,
  state: State,
  seat: number,
  limit: number,
  random: Random,
): number[] {
  const ahead = env.clone(state)
  const plans: number[][] = Array.from(ahead.rewards, () => [])
  const played: number[] = []
  while (played.length < limit && !ahead.terminated && !ahead.truncated) {
    const actions = actionsOf(env, ahead, (other) => {
      const plan = plans[other]
      if (plan.length === 0) append(plan, scripted.act(ahead, other, random))
      return plan.shift() ?? idleAction(env, ahead.config)
    })
    if (actions[seat] !== NO_ACTION) played.push(actions[seat])
    env.step(ahead, actions)
  }
  return played
}
