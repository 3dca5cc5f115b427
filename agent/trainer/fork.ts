import type { Env, State } from '#core/env/env'
import { idleAction } from '#core/env/turns'
import { actionLimit, turnLimit } from '#core/play/plan'
import type { Episode } from '#core/play/play'
import type { Lesson } from './mistakes.ts'

/**
 * The steps of a failed episode of one seat up to its last state from which it could still be won, within the limits of its
 * game and of its conversation; null where there is none, or it takes too long to find out.
 */
export function lastChance(episode: Episode): number[][] | null {
  const { env, opening = [], conversation } = episode.match
  const [turns] = episode.turns
  const reach = turnLimit(conversation) * actionLimit(conversation)
  const played = turns.map(({ request, response, rewards }) => ({
    before: request.state,
    actions: response.actions.slice(0, rewards.length),
  }))
  // Once lost, it stays lost: from the end, the first turn that began with a chance holds the mistake.
  const turn = played.findLastIndex(({ before }) => isChance(env, before, reach))
  if (turn < 0) return null
  const steps = played.slice(0, turn).flatMap(({ actions }) => actions)
  const state = env.clone(played[turn].before)
  for (const action of played[turn].actions) {
    env.step(state, [action])
    if (!isChance(env, state, reach)) break
    steps.push(action)
  }
  return [...opening.map((actions) => [...actions]), ...steps.map((action) => [action])]
}

/** Whether a success is known to be within so many steps, and the game lasts that long. */
function isChance(env: Env, state: State, reach: number): boolean {
  if (state.terminated || state.truncated || env.stuck?.(state)) return false
  const left = env.stepsToGo?.(state) ?? Number.POSITIVE_INFINITY
  if (left > reach) return false
  const ahead = env.clone(state)
  const idle = [idleAction(env, state.config)]
  for (let i = 1; i < left && !ahead.truncated; i++) env.step(ahead, idle)
  return !ahead.truncated
}

/** How a group fared, and where its failed episodes could last be won; of those that went the same way, one. */
export function lessonOf(group: number, episodes: readonly Episode[]): Lesson {
  const failed = episodes.filter(({ outcome }) => !outcome.success)
  const openings = new Map(
    failed.flatMap((episode) => {
      const opening = lastChance(episode)
      return opening ? [[String(opening), opening] as const] : []
    }),
  )
  const { env, config, seed } = episodes[0].match
  const mistakes = Array.from(openings.values(), (opening) => ({
    env: env.id,
    config: { ...config } as Record<string, unknown>,
    seed,
    opening,
  }))
  return { group, success: 1 - failed.length / episodes.length, mistakes }
}
