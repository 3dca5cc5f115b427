import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { parseActions } from '#core/env/actions'
import type { Env } from '#core/env/env'
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
        const actions = plan.slice(state.t, state.t + limit).map((step) => step[seat])
        return { valid: true, actions: actions.length > 0 ? actions : [env.idle(state.config)] }
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
