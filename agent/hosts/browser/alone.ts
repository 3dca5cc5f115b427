import { inPlace, type Member } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { type Parts, workplaceOf } from './workplace.ts'

/** Replicas in this thread, which others get to use in between. */
export function aloneWith(parts: Parts): (onEvent: Parameters<typeof inPlace>[1]) => Member {
  const workplace = workplaceOf(parts)
  return (onEvent) => inPlace((tell, breathe) => new Replica(workplace, tell, breathe), onEvent)
}
