import { below, type Random, uniform } from '#core/base/random'
import { BOX, type Level, offsets, WALL } from '../levels/level.ts'

/** A position being played backwards, with scratch for the player's reach. */
export interface ReversePlay {
  readonly cells: Uint8Array
  readonly steps: Int32Array
  readonly reach: Uint8Array
  readonly stack: Int32Array
  /** Cells walked so far. */
  work: number
}

export function reversePlay(level: Level): ReversePlay {
  const { cells, width } = level
  return {
    cells,
    steps: offsets(width),
    reach: new Uint8Array(cells.length),
    stack: new Int32Array(cells.length),
    work: 0,
  }
}

/**
 * Pulls a random box that the player can get behind: he stands beside it and steps away, the box follows.
 * @returns box * 4 + the direction a push would undo it in; -1 when nothing can be pulled.
 */
export function pullOnce(
  play: ReversePlay,
  boxes: Int32Array,
  player: number,
  moved: number,
  random: Random,
): number {
  const { cells, steps, reach } = play
  play.work += flood(play, player) + 4 * boxes.length
  let choice = -1
  let weight = 0
  for (let i = 0; i < boxes.length; i++) {
    for (let d = 0; d < 4; d++) {
      const beside = boxes[i] - steps[d]
      if (!reach[beside] || cells[beside - steps[d]] & (WALL | BOX)) continue
      // Staying with a box takes it far away.
      const w = i === moved ? 3 : 1
      weight += w
      if (uniform(random) * weight < w) choice = i * 4 + d
    }
  }
  if (choice < 0) return -1
  const box = choice >> 2
  const to = boxes[box] - steps[choice & 3]
  cells[boxes[box]] &= ~BOX
  cells[to] |= BOX
  boxes[box] = to
  return choice
}

/** Marks the cells that the player can walk to; returns how many, listed in the stack. */
function flood(play: ReversePlay, player: number): number {
  const { cells, steps, reach, stack } = play
  reach.fill(0)
  let head = 0
  let tail = 0
  stack[tail++] = player
  reach[player] = 1
  while (head < tail) {
    const cell = stack[head++]
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] || cells[to] & (WALL | BOX)) continue
      reach[to] = 1
      stack[tail++] = to
    }
  }
  return tail
}

/** Somewhere the player can walk to. */
export function wander(play: ReversePlay, player: number, random: Random): number {
  return play.stack[below(random, flood(play, player))]
}
