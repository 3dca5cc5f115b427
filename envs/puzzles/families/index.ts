import type { FamilyName } from '../config.ts'
import { count } from './count.ts'
import { distance } from './distance.ts'
import type { Family } from './family.ts'
import { next } from './next.ts'
import { order } from './order.ts'
import { path } from './path.ts'
import { push } from './push.ts'
import { sum } from './sum.ts'
import { truth } from './truth.ts'

/** Every family by its name. */
export const families: Readonly<Record<FamilyName, Family>> = {
  order,
  path,
  count,
  sum,
  distance,
  truth,
  next,
  push,
}
