import { UserError } from '#core/base/errors'
import { BOX, type Level, offsets, TARGET, WALL } from './levels/level.ts'
import { SOLVED, STEP } from './rules.ts'

/**
 * Many games at once for training: `lanes` boards of one size in typed arrays, the `moves` action set, and cell
 * planes kept up to date. A lane that ends starts its next level in the same step, so that its observation is
 * the new one while reward, terminated and truncated are those of the step that ended it.
 */
export interface Batch {
  readonly lanes: number
  readonly width: number
  readonly height: number
  readonly maxSteps: number
  /** Per lane four planes of 0 and 1: wall, target, box, player; `[lanes, 4, height, width]`. */
  readonly planes: Uint8Array
  /** Of the last step, per lane. */
  readonly rewards: Float32Array
  readonly terminated: Uint8Array
  readonly truncated: Uint8Array
  readonly player: Int32Array
  readonly steps: Int32Array
  /** Boxes off target. */
  readonly left: Int32Array
  /** Which level each lane plays; lane i begins with level i and goes on by `lanes`. */
  readonly level: Int32Array
  readonly levels: readonly Start[]
  /** Index steps of Up, Down, Left, Right. */
  readonly moves: Int32Array
}

/** A level as a lane begins it. */
interface Start {
  readonly planes: Uint8Array
  readonly player: number
  readonly left: number
}

/**
 * A batch at the start of its levels.
 * @throws UserError when there is no level or their sizes differ.
 */
export function createBatch(levels: readonly Level[], lanes: number, maxSteps: number): Batch {
  const first = levels[0]
  if (first === undefined) throw new UserError('a batch needs a level')
  const { width, height } = first
  const odd = levels.findIndex((level) => level.width !== width || level.height !== height)
  if (odd >= 0) throw new UserError(`level ${odd} of the batch has another size than level 0`)
  const batch: Batch = {
    lanes,
    width,
    height,
    maxSteps,
    planes: new Uint8Array(lanes * 4 * width * height),
    rewards: new Float32Array(lanes),
    terminated: new Uint8Array(lanes),
    truncated: new Uint8Array(lanes),
    player: new Int32Array(lanes),
    steps: new Int32Array(lanes),
    left: new Int32Array(lanes),
    level: new Int32Array(lanes),
    levels: levels.map(startOf),
    moves: offsets(width),
  }
  for (let lane = 0; lane < lanes; lane++) begin(batch, lane, lane % levels.length)
  return batch
}

function startOf(level: Level): Start {
  const size = level.cells.length
  const planes = new Uint8Array(4 * size)
  let left = 0
  for (let cell = 0; cell < size; cell++) {
    const flags = level.cells[cell]
    if (flags & WALL) planes[cell] = 1
    if (flags & TARGET) planes[size + cell] = 1
    if (flags & BOX) planes[2 * size + cell] = 1
    if ((flags & (BOX | TARGET)) === BOX) left++
  }
  planes[3 * size + level.player] = 1
  return { planes, player: level.player, left }
}

function begin(batch: Batch, lane: number, index: number): void {
  const start = batch.levels[index]
  batch.planes.set(start.planes, lane * start.planes.length)
  batch.player[lane] = start.player
  batch.left[lane] = start.left
  batch.steps[lane] = 0
  batch.level[lane] = index
}

/** One step of every lane; `actions[lane]` is 0 to 3. Allocates nothing. */
export function stepBatch(batch: Batch, actions: ArrayLike<number>): void {
  const { lanes, planes, rewards, terminated, truncated, player, steps, left, moves } = batch
  const size = batch.width * batch.height
  for (let lane = 0; lane < lanes; lane++) {
    const walls = lane * 4 * size
    const targets = walls + size
    const boxes = targets + size
    const players = boxes + size
    const move = moves[actions[lane]]
    const from = player[lane]
    const to = from + move
    let reward = STEP
    let moved = planes[walls + to] === 0
    if (moved && planes[boxes + to] !== 0) {
      const beyond = to + move
      moved = planes[walls + beyond] === 0 && planes[boxes + beyond] === 0
      if (moved) {
        planes[boxes + to] = 0
        planes[boxes + beyond] = 1
        const change = planes[targets + beyond] - planes[targets + to]
        left[lane] -= change
        reward += change
      }
    }
    if (moved) {
      planes[players + from] = 0
      planes[players + to] = 1
      player[lane] = to
    }
    const solved = left[lane] === 0
    const over = !solved && ++steps[lane] >= batch.maxSteps
    terminated[lane] = solved ? 1 : 0
    truncated[lane] = over ? 1 : 0
    rewards[lane] = solved ? reward + SOLVED : reward
    if (solved || over) begin(batch, lane, (batch.level[lane] + lanes) % batch.levels.length)
  }
}
