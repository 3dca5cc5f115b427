import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { parseActions } from '#core/env/actions'
import type { Env } from '#core/env/env'
import { givenActions, idleAction } from '#core/env/turns'
import type { Policy, Response } from '#core/play/policy'
import { readTextFile } from '#stores/text'

/**
 * Plays the actions of a file in order, then idles: as text, or as a JSON array of names or indices, with one array
 * per step where there are several seats. Every episode starts at the beginning.
 * @throws UserError when the file cannot be read; on the first turn, when it holds something that is no action.
 */
export async function script(env: Env, path: string): Promise<Policy> {
  const written = await read(path)
  const plans = new WeakMap<object, readonly number[][]>()
  return {
    id: `script:${path}`,
    fingerprint: hashText(JSON.stringify(written)),
    act: async (requests) =>
      requests.map(({ state, seat, limit }): Response => {
        let plan = plans.get(state.config)
        if (!plan) {
          plan = parseActions(env, state.config, written)
          plans.set(state.config, plan)
        }
        // Where seats take turns, what comes next is another's.
        const ahead = env.toAct ? 1 : limit
        const steps = plan.slice(state.t, state.t + ahead)
        const actions = steps.map((step) => givenActions(env, state, step)[seat])
        if (actions.length > 0) return { valid: true, actions }
        return { valid: true, actions: [idleAction(env, state.config)] }
      }),
  }
}

async function read(path: string): Promise<unknown> {
  const text = (await readTextFile(path)).trim()
  if (!text.startsWith('[')) return text
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError(`script:${path}: not a JSON array of actions`)
  }
}
