import { type Random, seeded } from '#core/base/random'
import type { Env } from '#core/env/env'
import { observe } from '#core/env/observe'
import type { Episode } from '#core/play/play'
import type { Request } from '#core/play/policy'
import { encode } from '../model/encode.ts'
import type { MiniLMM } from '../model/minilmm.ts'

interface SeatOf {
  readonly episode: Episode
  readonly seat: number
}

export const seatsCut = (episode: Episode, seats: readonly number[]): SeatOf[] =>
  episode.truncated ? seats.map((seat) => ({ episode, seat })) : []

/** The value head's estimate of what seats of truncated episodes would still have earned, by their turns. */
export async function finalValues(model: MiniLMM, cut: readonly SeatOf[]): Promise<Map<object, number>> {
  if (cut.length === 0) return new Map()
  const prompts = cut.map(({ episode, seat }) =>
    encode(model.words, model.shape, afterwards(episode, seat, episode.turns[seat].at(-1)!.request)),
  )
  const randoms: Random[] = prompts.map(() => seeded(0))
  const generations = await model.generate(prompts, { maxTokens: 1, temperature: 0, randoms })
  return new Map(cut.map(({ episode, seat }, i) => [episode.turns[seat], generations[i].values[0]]))
}

/** What the seat would have been asked next. */
function afterwards(
  episode: Episode,
  seat: number,
  last: Request,
): Pick<Request, 'env' | 'conversation' | 'observation' | 'history'> {
  const { env, conversation } = last
  const turn = episode.turns[seat].at(-1)!
  const names = env.actions(episode.match.config)
  const played = {
    observation: last.observation,
    response: turn.response.text ?? '',
    actions: turn.response.valid
      ? turn.response.actions.slice(0, last.limit).map((action) => names[action])
      : [],
    feedback: '',
  }
  const observation = observe(env as Env, episode.final, seat, conversation.modality)
  return { env, conversation, observation, history: [...last.history, played] }
}
