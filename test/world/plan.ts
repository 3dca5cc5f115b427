import type { Dice } from './dice.ts'
import type { DiskFaults } from './disk.ts'
import type { NetworkFaults } from './network.ts'

/** What a world's troubles are like; drawn per seed, most of them off, so that each is also seen alone. */
export interface Plan {
  /** Most milliseconds between two things that the learner does. */
  readonly pace: number
  readonly disk: DiskFaults
  readonly network: NetworkFaults
  /** Mean milliseconds between troubles of a kind; infinite for none. */
  readonly every: Readonly<Record<Trouble, number>>
  readonly pages: number
}
export const TROUBLES = [
  'kill',
  'stop',
  'restart',
  'crash',
  'jump',
  'full',
  'outage',
  'rival',
  'reload',
] as const
export type Trouble = (typeof TROUBLES)[number]

/** The plan of a world, as its dice fall. */
export function planOf(dice: Dice): Plan {
  const pace = dice.between(100, dice.chance(0.1) ? 300_000 : 20_000)
  const sometimes = <T>(share: number, on: () => T, off: T): T => (dice.chance(share) ? on() : off)
  const never = Number.POSITIVE_INFINITY
  return {
    pace,
    disk: {
      refusal: sometimes(0.4, () => dice.between(0.0001, 0.01), 0),
      slow: sometimes(0.5, () => dice.between(0.01, 0.5), 0),
      delay: sometimes(0.6, () => dice.between(2, 2_000), 1),
      pieces: sometimes(0.5, () => 0.5, 0),
      room: never,
    },
    network: {
      latency: sometimes(0.6, () => dice.between(5, 4_000), 1),
      loss: sometimes(0.4, () => dice.between(0.001, 0.1), 0),
      halfOpen: sometimes(0.5, () => 0.5, 0),
      weight: sometimes(0.3, () => dice.between(100, 10_000), 1),
      down: false,
    },
    every: {
      kill: sometimes(0.5, () => pace * dice.between(1, 40), never),
      stop: sometimes(0.3, () => pace * dice.between(2, 40), never),
      restart: sometimes(0.3, () => pace * dice.between(2, 40), never),
      crash: sometimes(0.3, () => pace * dice.between(2, 40), never),
      jump: sometimes(0.3, () => pace * dice.between(2, 40), never),
      full: sometimes(0.2, () => pace * dice.between(2, 40), never),
      outage: sometimes(0.3, () => pace * dice.between(2, 40), never),
      rival: sometimes(0.2, () => pace * dice.between(2, 40), never),
      reload: sometimes(0.3, () => pace * dice.between(2, 40), never),
    },
    pages: dice.below(3) + 1,
  }
}
