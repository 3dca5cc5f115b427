import type { Fault } from './faults.ts'
import { mutant } from './mutant.ts'
import { live, type Violation } from './world.ts'

/** What came of looking for a planted fault. */
export interface Hunt {
  readonly fault: Fault
  /** The first seed whose world breaks with the fault, and holds without it; null where none of those tried does. */
  readonly seed: number | null
  readonly violation: Violation | null
  readonly worlds: number
  /** CPU-seconds, with what it takes to build the product with the fault. */
  readonly seconds: number
}

/** Looks for a fault in the worlds of the seeds 1 to `most`. @throws Error when it cannot be planted any more. */
export async function hunt(fault: Fault, most: number): Promise<Hunt> {
  const before = process.cpuUsage()
  const seconds = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  }
  const faulty = await mutant(fault)
  for (let seed = 1; seed <= most; seed++) {
    const { violation } = await faulty(seed)
    if (!violation || (await live(seed)).violation) continue
    return { fault, seed, violation, worlds: seed, seconds: seconds() }
  }
  return { fault, seed: null, violation: null, worlds: most, seconds: seconds() }
}
