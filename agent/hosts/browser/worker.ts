import { type Ask, answering } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { type Parts, workplaceOf } from './workplace.ts'

/** Makes this worker a replica that answers messages. */
export function answerHere(parts: Parts): void {
  const workplace = workplaceOf(parts)
  const answer = answering(
    (onEvent) => new Replica(workplace, onEvent),
    (said) => postMessage(said),
  )
  addEventListener('message', ({ data }: MessageEvent<Ask>) => answer(data))
}
