import type { Dice } from './dice.ts'
import type { DiskFaults } from './disk.ts'
import type { NetworkFaults } from './network.ts'

/** What a world's troubles are like; drawn per seed, most of them off, so that each is also seen alone. */
export interface Plan {
  /** Most milliseconds between two things that the learner does. */
  readonly pace: number
  /** Milliseconds for which troubles come at most; then all is calm, and the end must be right. */
  readonly span: number
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
  const hasty = dice.chance(0.6)
  const pace = hasty ? dice.between(50, 1_000) : dice.between(100, dice.chance(0.2) ? 300_000 : 20_000)
  const sometimes = <T>(share: number, on: () => T, off: T): T => (dice.chance(share) ? on() : off)
  const never = Number.POSITIVE_INFINITY
  // In a hasty one more happens while something is read, asked or on its way.
  const often = hasty ? 0.8 : 0.5
  const delay = sometimes(often, () => dice.between(2, 2_000), 1)
  const scale = Math.max(pace, delay)
  return {
    pace,
    span: 200 * scale,
    disk: {
      refusal: sometimes(0.4, () => dice.between(0.0001, hasty ? 0.05 : 0.01), 0),
      slow: sometimes(often, () => dice.between(0.01, 0.5), 0),
      delay,
      pieces: sometimes(0.5, () => 0.5, 0),
      room: never,
    },
    network: {
      latency: sometimes(often, () => dice.between(5, 6_000), 1),
      loss: sometimes(hasty ? 0.6 : 0.4, () => dice.between(0.001, 0.1), 0),
      halfOpen: sometimes(0.5, () => 0.5, 0),
      weight: sometimes(often, () => dice.between(100, 10_000), 1),
      down: false,
    },
    every: {
      kill: sometimes(0.5, () => scale * dice.between(1, 40), never),
      stop: sometimes(0.3, () => scale * dice.between(2, 40), never),
      restart: sometimes(0.3, () => scale * dice.between(2, 40), never),
      crash: sometimes(0.3, () => scale * dice.between(2, 40), never),
      jump: sometimes(0.3, () => scale * dice.between(2, 40), never),
      full: sometimes(0.2, () => scale * dice.between(2, 40), never),
      outage: sometimes(0.3, () => scale * dice.between(2, 40), never),
      rival: sometimes(0.2, () => scale * dice.between(2, 40), never),
      reload: sometimes(0.3, () => scale * dice.between(2, 40), never),
    },
    pages: dice.below(3) + 1,
  }
}
