import { least } from '../base/lists.ts'
import { advance, answer, begin, finish, type Playing } from './episode.ts'
import type { Episode, Match, PlayOptions } from './match.ts'
import type { Policy, Request } from './policy.ts'

export type { Episode, Match, PlayOptions } from './match.ts'
export type { PlayedTurn } from './seat.ts'

/**
 * Plays policies in environments, many episodes in lock-step: in each round every policy gets the requests of all
 * episodes in one batch, in the order of the matches; with policies that answer each at its own pace, every episode is
 * played by itself. What is played does not depend on either.
 * @returns the episodes in the order of the matches.
 * @throws UserError for a match that cannot begin, the signal's reason when aborted, and what a policy throws.
 */
export async function play(matches: readonly Match[], options: PlayOptions = {}): Promise<Episode[]> {
  const abreast = matches.flatMap(({ policies }) => policies.flatMap(({ sideBySide }) => sideBySide ?? []))
  if (abreast.length > 0 && matches.length > 1) return playApart(matches, options, least(abreast))
  const { signal } = options
  const concurrency = Math.max(1, options.concurrency ?? matches.length)
  const episodes = new Array<Episode>(matches.length)
  let running: { readonly index: number; readonly playing: Playing }[] = []
  let begun = 0
  while (begun < matches.length || running.length > 0) {
    signal?.throwIfAborted()
    while (begun < matches.length && running.length < concurrency) {
      running.push({ index: begun, playing: begin(matches[begun], options) })
      begun++
    }
    const asked: Asked[] = []
    running = running.filter(({ index, playing }) => {
      const requests = advance(playing)
      for (const request of requests) asked.push({ playing, request })
      if (requests.length > 0) return true
      episodes[index] = finish(playing)
      options.onEnd?.(episodes[index])
      return false
    })
    await answerAll(asked)
  }
  return episodes
}

/** Every match by itself, `most` of them at once, begun in order. */
async function playApart(matches: readonly Match[], options: PlayOptions, most: number): Promise<Episode[]> {
  const episodes = new Array<Episode>(matches.length)
  let begun = 0
  let stopped = false
  const player = async (): Promise<void> => {
    try {
      while (begun < matches.length && !stopped) {
        const index = begun++
        episodes[index] = (await play([matches[index]], options))[0]
      }
    } catch (error) {
      stopped = true
      throw error
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, matches.length) }, player))
  return episodes
}

interface Asked {
  readonly playing: Playing
  readonly request: Request
}

/** One call per policy, all at once; then the answers are taken in the order of the requests. */
async function answerAll(asked: readonly Asked[]): Promise<void> {
  const batches = new Map<Policy, Asked[]>()
  for (const one of asked) {
    const policy = one.playing.match.policies[one.request.seat]
    const batch = batches.get(policy)
    if (batch) batch.push(one)
    else batches.set(policy, [one])
  }
  const answers = await Promise.all(
    Array.from(batches, async ([policy, batch]) => {
      const responses = await policy.act(batch.map(({ request }) => request))
      if (responses.length !== batch.length) {
        throw new Error(`${policy.id} gave ${responses.length} responses to ${batch.length} requests`)
      }
      return new Map(batch.map((one, i) => [one, responses[i]]))
    }),
  )
  const responses = new Map(answers.flatMap((some) => [...some]))
  for (const one of asked) answer(one.playing, one.request, responses.get(one)!)
}
