import { below, type Random } from '#core/base/random'
import type { DrillName, PlayerSetup, Scenario } from './scenario.ts'
import { academy } from './scenarios.ts'

/**
 * Exercises whose start is drawn: who stands where, how many there are, and on which side, all on a grid of 0.02 (1.1 m
 * along the pitch, 1.7 m across), so that two of them differ by more than a start is shifted.
 */
interface Drill {
  /** In one line. */
  readonly title: string
  /** Fewest players of the left and the right team, keepers included. */
  readonly fewest: readonly [number, number]
  draw(random: Random): Drawn
}

/** Players beside the keepers, each in the own team's frame; the ball is ahead of the first one. */
interface Drawn {
  readonly left: readonly Place[]
  readonly right: readonly Place[]
  /** The other team's keeper is in his goal, and not at the far end of the pitch. */
  readonly guarded: boolean
}
type Place = readonly [role: PlayerSetup['role'], x: number, y: number]

const GRID = 0.02

/** A multiple of the grid in [from, to], where both are. */
function between(random: Random, from: number, to: number): number {
  const first = Math.round(from / GRID)
  return (first + below(random, Math.round(to / GRID) - first + 1)) / 50
}

/** As many as the generator says, at least `least` and at most `most`. */
function several(random: Random, least: number, most: number, one: (i: number) => Place): Place[] {
  return Array.from({ length: least + below(random, most - least + 1) }, (_, i) => one(i))
}

const side = (random: Random): number => 2 * below(random, 2) - 1

/** One player with opponents at his heels. */
function chased(random: Random, from: number, guarded: boolean): Drawn {
  const [x, y] = [between(random, from, from + 0.4), between(random, -0.2, 0.2)]
  const chaser = (): Place => ['CB', between(random, 0.1, 0.16) - x, -y - between(random, -0.2, 0.2)]
  return { left: [['CB', x, y]], right: several(random, 2, 5, chaser), guarded }
}

export const DRILLS: Readonly<Record<DrillName, Drill>> = {
  empty_goal: {
    title: 'one player, an empty goal',
    fewest: [2, 1],
    draw: (random) => ({
      left: [['CB', between(random, 0.1, 0.84), between(random, -0.3, 0.3)]],
      right: [],
      guarded: false,
    }),
  },
  run: {
    title: 'one player, an empty goal, two to five opponents behind him',
    fewest: [2, 3],
    draw: (random) => chased(random, 0, false),
  },
  race: {
    title: 'one player, a keeper, two to five opponents behind him',
    fewest: [2, 3],
    draw: (random) => chased(random, 0.2, true),
  },
  keeper: {
    title: 'one player, a keeper',
    fewest: [2, 1],
    draw: (random) => ({
      left: [['CB', between(random, 0.4, 0.8), between(random, -0.24, 0.24)]],
      right: [],
      guarded: true,
    }),
  },
  pass: {
    title: 'a player on a wing, a free one in the middle, an opponent before the first, a keeper',
    fewest: [3, 2],
    draw: (random) => {
      const wing = side(random)
      const [x, y] = [between(random, 0.6, 0.76), wing * between(random, 0.2, 0.34)]
      return {
        left: [
          ['CB', x, y],
          ['CB', between(random, 0.62, 0.78), wing * between(random, -0.1, 0.06)],
        ],
        right: [['CB', -x - between(random, 0.06, 0.14), -y + wing * between(random, 0, 0.06)]],
        guarded: true,
      }
    },
  },
  attack: {
    title: 'three or four players, one to three opponents, a keeper',
    fewest: [4, 2],
    draw: (random) => {
      const attacker = (i: number): Place => [
        'CM',
        between(random, 0.5, 0.72),
        between(random, -0.1, 0.1) + [0, 0.2, -0.2, 0.12][i],
      ]
      const defender = (): Place => ['CB', -between(random, 0.78, 0.9), between(random, -0.2, 0.2)]
      return {
        left: several(random, 3, 4, attacker),
        right: several(random, 1, 3, defender),
        guarded: true,
      }
    },
  },
  wing: {
    title: 'a player beside the goal line, two or three in the middle, one to three opponents, a keeper',
    fewest: [4, 2],
    draw: (random) => {
      const wing = side(random)
      const mate = (): Place => ['CF', between(random, 0.72, 0.88), wing * between(random, -0.16, 0.12)]
      const defender = (): Place => ['CB', -between(random, 0.8, 0.94), wing * between(random, -0.2, 0.16)]
      return {
        left: [
          ['CM', between(random, 0.78, 0.9), wing * between(random, 0.26, 0.36)],
          ...several(random, 2, 3, mate),
        ],
        right: several(random, 1, 3, defender),
        guarded: true,
      }
    },
  },
}

/** The scenario of a drill that a generator draws. */
export function drawDrill(name: DrillName, random: Random): Scenario {
  const { left, right, guarded } = DRILLS[name].draw(random)
  const ahead = between(random, 0.02, 0.08)
  const keeper = (x: number): Place => ['GK', x, 0]
  const [, x, y] = left[0]
  return academy(
    [round(x + ahead), round(y)],
    [keeper(-1), ...left].map(playerAt),
    [keeper(guarded ? -1 : 1), ...right].map(playerAt),
    { drawn: name },
  )
}

function playerAt([role, x, y]: Place): PlayerSetup {
  return { role, x: round(x), y: round(y), lazy: false, controllable: true }
}

/** Without the error of a sum, and without -0. */
const round = (x: number): number => Math.round(100 * x) / 100 || 0
