import { below, uniform } from '#core/base/random'
import type { Env, Scripted } from '#core/env/env'
import type { Policy, Request, Response } from '#core/play/policy'

/** An agent that has everything a viewer can show: it plays a scripted policy with skill 0..1 and speaks of it. */
export function narrator(env: Env, script: string, skill: number): Policy {
  const agents = new WeakMap<object, Scripted>()
  const make = env.policies?.[script]
  if (!make) throw new Error(`${env.id} has no policy ${script}`)
  return {
    id: `narrator-${Math.round(skill * 100)}`,
    act: async (requests) =>
      requests.map((request) => {
        const { state } = request
        const agent = agents.get(state.config) ?? make(state.config)
        agents.set(state.config, agent)
        return speak(env, request, skill, agent)
      }),
  }
}

function speak(env: Env, { state, seat, limit, random }: Request, skill: number, agent: Scripted): Response {
  const names = env.actions(state.config)
  if (uniform(random) > 0.95) return { valid: false, actions: [], text: 'I would rather not say.' }
  const plan = agent.act(state, seat, random).slice(0, limit)
  const actions = plan.map((action) => (uniform(random) < skill ? action : below(random, names.length)))
  const thought =
    env.think?.(state, seat, actions) || `I will play ${actions.map((a) => names[a]).join(', then ')}.`
  const answer = actions.map((action) => names[action]).join(', ')
  return {
    valid: true,
    actions,
    thought,
    text: `<think>${thought}</think><answer>${answer}</answer>`,
    value: 2 * uniform(random) + state.t / 10,
    probabilities: actions.map((chosen) => {
      const weights = names.map((_, action) => (action === chosen ? 3 : 1) * uniform(random))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      return Object.fromEntries(names.map((name, action) => [name, weights[action] / sum]))
    }),
  }
}
