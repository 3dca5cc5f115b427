import type { Env } from '#core/env/env'
import type { Policy } from '#core/play/policy'
import type { Move } from '#core/record/wire'
import type { Film } from '../episode/film.ts'
import * as api from '../net/api.ts'

/** Names of the learned agents of this page's server that play a game; none where it has none, or there is no server. */
export async function learnedAgents(env: Env): Promise<string[]> {
  const all = await api.agents().catch(() => [])
  return all.filter(({ envs }) => envs.includes(env.id)).map(({ name }) => name)
}

/** Whether an agent of that name plays on the server. */
export const isLearned = (name: string): boolean => name.startsWith('mini:')

/** What a seat was asked before: after how many steps, and what it played. */
export type Asked = { t: number; actions: readonly number[] }

/**
 * A learned agent, which the server asks: it gets the game so far and gives the agent's answer with its thought.
 * @param film of the game that is played.
 * @param earlier turns of a seat that it takes for its own.
 */
export function learned(
  name: string,
  film: Pick<Film, 'start' | 'steps'>,
  config: object,
  signal: AbortSignal,
  earlier: (seat: number) => readonly Asked[] = () => [],
): Policy {
  const turns = new Map<number, Asked[]>()
  return {
    id: name,
    act: async (requests) =>
      Promise.all(
        requests.map(async ({ env, seat, state, limit }): Promise<Move> => {
          const before = turns.get(seat) ?? [...earlier(seat)]
          turns.set(seat, before)
          const move = await api.move(
            {
              agent: name,
              env: env.id,
              config: config as Record<string, unknown>,
              seed: film.start!.seed,
              seat,
              steps: film.steps.map(({ actions }) => actions),
              turns: before.map(({ t, actions }) => ({ t, actions: [...actions] })),
            },
            signal,
          )
          before.push({ t: state.t, actions: move.valid ? move.actions.slice(0, limit) : [] })
          return move
        }),
      ),
  }
}
