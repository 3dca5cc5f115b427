import { frozen } from '../deadlock.ts'
import { FAR, type Room } from '../room.ts'
import type { Clock } from '../solution.ts'
import { type Board, createBoard, walk } from './board.ts'

/**
 * Tells corrals that are lost: a region which the player cannot enter, with the boxes around it, is looked at alone, as if
 * there were no others. When no pushes bring one of them out of it, and none bring all to targets, other boxes do not help.
 */
export interface Corrals {
  readonly room: Room
  /** Random words per cell, of a box and of the player. */
  readonly words: Int32Array
  /** Pushes of a lone box to any target, by cell and direction; FAR where it is lost. */
  readonly pushes: Uint16Array
  /** `area[cell] === areas` in the corral looked at, its boxes with it. */
  readonly area: Int32Array
  areas: number
  readonly region: Int32Array
  regions: number
  /** The boxes that are looked at, alone. */
  readonly alone: Board
  /** What was found, by the boxes and the player's region. */
  readonly known: Map<string, boolean>
}

/** Most positions looked at before a corral is held to be alive. */
const LOOKS = 400
/** Corrals of more boxes are not looked at. */
const MOST = 14

export function createCorrals(room: Room, words: Int32Array, pushes: Uint16Array): Corrals {
  const { size } = room
  return {
    room,
    words,
    pushes,
    area: new Int32Array(size),
    areas: 0,
    region: new Int32Array(size),
    regions: 0,
    alone: createBoard(room),
    known: new Map(),
  }
}

/** Whether a corral of the position, or all of them together, is lost; the board's last walk is the player's. False if it is `late`. */
export function corralled(corrals: Corrals, board: Board, player: number, late: Clock): boolean {
  const { floor, occupied, reach, walked } = board
  const { region, area } = corrals
  const around = new Set<number>()
  const before = corrals.regions
  for (const start of floor) {
    if (occupied[start] || reach[start] === walked || region[start] > before) continue
    if (late()) return false
    const boxes = gather(corrals, board, start)
    if (lost(corrals, boxes, player)) return true
    for (const box of boxes) around.add(box)
  }
  if (corrals.regions < before + 2) return false
  const all = ++corrals.areas
  for (const cell of floor) if (!occupied[cell] && reach[cell] !== walked) area[cell] = all
  for (const box of around) area[box] = all
  return lost(corrals, [...around], player)
}

/** Marks the region of `start` and the boxes around it as the area to look at. @returns the boxes. */
function gather(corrals: Corrals, { occupied }: Board, start: number): number[] {
  const { room, area, region, alone } = corrals
  const { line } = alone
  const { steps, wall } = room
  const mark = ++corrals.areas
  const number = ++corrals.regions
  const boxes: number[] = []
  let head = 0
  let tail = 0
  line[tail++] = start
  region[start] = number
  while (head < tail) {
    const cell = line[head++]
    area[cell] = mark
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (wall[to] || region[to] === number || area[to] === mark) continue
      if (occupied[to]) {
        area[to] = mark
        boxes.push(to)
      } else {
        region[to] = number
        line[tail++] = to
      }
    }
  }
  corrals.alone.work += tail
  return boxes
}

function lost(corrals: Corrals, boxes: number[], player: number): boolean {
  const { room, words, alone, known } = corrals
  if (boxes.length > MOST || boxes.every((box) => room.target[box])) return false
  for (const box of boxes) alone.occupied[box] = 1
  walk(alone, player)
  const name = `${alone.corner} ${boxes.sort((a, b) => a - b).join(' ')}`
  let found = known.get(name)
  if (found === undefined) {
    const hash = boxes.reduce((sum, box) => sum ^ words[box], 0)
    found = !escapes(corrals, boxes, player, hash, new Set([hash ^ words[room.size + alone.corner]]))
    known.set(name, found)
  }
  for (const box of boxes) alone.occupied[box] = 0
  return found
}

/** Whether pushes bring a box out of the area, or all boxes to targets, or there are too many to look at. */
function escapes(
  corrals: Corrals,
  boxes: number[],
  player: number,
  hash: number,
  seen: Set<number>,
): boolean {
  const { room, alone, words, area, areas, pushes } = corrals
  const { occupied, reach } = alone
  const { steps, wall, dead, target, size } = room
  walk(alone, player)
  const { walked } = alone
  const inward: number[] = []
  for (let i = 0; i < boxes.length; i++) {
    for (let d = 0; d < 4; d++) {
      const to = boxes[i] + steps[d]
      if (reach[boxes[i] - steps[d]] !== walked || wall[to] || occupied[to] || dead[to]) continue
      if (pushes[4 * to + d] === FAR) continue
      if (area[to] !== areas) return true
      inward.push(4 * i + d)
    }
  }
  for (const push of inward) {
    const i = push >> 2
    const from = boxes[i]
    const to = from + steps[push & 3]
    occupied[from] = 0
    occupied[to] = 1
    boxes[i] = to
    let out = false
    if (!frozen(room, occupied, to)) {
      walk(alone, from)
      const next = hash ^ words[from] ^ words[to]
      const key = next ^ words[size + alone.corner]
      if (!seen.has(key)) {
        seen.add(key)
        out =
          seen.size > LOOKS || boxes.every((box) => target[box]) || escapes(corrals, boxes, from, next, seen)
      }
    }
    boxes[i] = from
    occupied[to] = 0
    occupied[from] = 1
    if (out) return true
  }
  return false
}
