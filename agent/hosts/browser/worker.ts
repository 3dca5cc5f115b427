import { type Ask, answering } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { type Parts, workplaceOf } from './workplace.ts'

/** Makes this worker a replica that answers messages, once what it works with is there. */
export function answerHere(parts: Parts | Promise<Parts>): void {
  const ready = Promise.resolve(parts).then((given) => {
    const workplace = workplaceOf(given)
    return answering(
      (onEvent) => new Replica(workplace, onEvent),
      (said) => postMessage(said),
    )
  })
  addEventListener('message', ({ data }: MessageEvent<Ask>) => void ready.then((answer) => answer(data)))
}
