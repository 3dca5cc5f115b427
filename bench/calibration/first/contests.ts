import * as A from '../../../envs/football/actions.ts'
import { HALF_LENGTH, METRES_X } from '../../../envs/football/physics/pitch.ts'
import { BALL, type FootballState, WORLD } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'
import { begin, figure, laboratory, mean, type Row, rate } from './lab.ts'

const TRIES = 40

/** One attacker of ours runs straight at a defender, or is chased; share of tries in which he loses the ball. */
function attack(flags: readonly number[], behind: number): { lost: number; steps: number } {
  let lost = 0
  const after: number[] = []
  for (let n = 0; n < TRIES; n++) {
    const s = begin(laboratory([0, 0], 'GK -1 0, CB -0.4 0'), `c${flags}${behind}/${n}`, 0, 0, true)
    s.setup.lazy.fill(0)
    s.x[3] = behind > 0 ? -behind : 0.3 * METRES_X
    s.y[3] = 0
    if (behind > 0) for (let i = 0; i < 30; i++) still(s)
    let contact = -1
    for (let t = 0; t < 300; t++) {
      const action = t === 0 ? A.RIGHT : (flags[t - 1] ?? A.IDLE)
      step(s, [action])
      const dx = s.x[3] - s.x[1]
      const dy = s.y[3] - s.y[1]
      if (contact < 0 && dx * dx + dy * dy < 2.25) contact = t
      if (s.world[WORLD.team] === 1 || s.world[WORLD.mode] !== 0) {
        lost++
        if (contact >= 0) after.push(t - contact)
        break
      }
      if (s.x[1] > 0.8 * METRES_X) break
    }
  }
  return { lost: lost / TRIES, steps: mean(after) }
}

/** Holds everybody where he is: the chase begins when the attacker has the ball. */
function still(s: FootballState): void {
  const x = s.x[3]
  step(s, [A.IDLE])
  s.x[3] = x
  s.y[3] = 0
  s.vx[3] = 0
  s.vy[3] = 0
}

/** Standing shots with a keeper: share of goals. */
function shots(away: number, direction: number, difficulty: number): number {
  let goals = 0
  for (let n = 0; n < 2 * TRIES; n++) {
    const s = begin(
      laboratory([0, 0], 'GK -1 0, CB 0.5 0.4', difficulty),
      `k${n}`,
      HALF_LENGTH - away * METRES_X,
      0,
      true,
    )
    s.setup.lazy.fill(1)
    s.x[2] = HALF_LENGTH - 0.8
    s.y[2] = 0
    const kicks = s.world[WORLD.kick]
    for (let t = 0; t < 60; t++) {
      step(s, [t === 0 ? direction : t === 1 ? A.SHOT : A.IDLE])
      if (s.world[WORLD.left] > 0) {
        goals++
        break
      }
      if (s.world[WORLD.kick] > kicks && (s.world[WORLD.team] === 1 || s.ball[BALL.vx] < 0)) break
    }
  }
  return goals / (2 * TRIES)
}

/** Tackles and the keeper. */
export function contests(): Row[] {
  const rows: Row[] = []
  const PACES = [
    ['running', [], 1, 8.5],
    ['sprinting', [A.SPRINT], 0.88, 4],
    ['dribbling', [A.DRIBBLE], 0.98, 7.3],
  ] as const
  for (const [name, flags, lost, steps] of PACES) {
    const result = attack(flags, 0)
    rows.push(rate(`${name} straight at a defender, ball lost`, result.lost, lost))
    rows.push(figure(`${name} straight at a defender, contact to loss`, result.steps, steps, 'steps'))
  }
  rows.push(rate('running, chased from 3 m behind, ball lost', attack([], 3).lost, 0.96))
  rows.push(rate('sprinting, chased from 3 m behind, ball lost', attack([A.SPRINT], 3).lost, 0))
  const KEEPER = [
    [0.6, 0.1, A.RIGHT, 0.25],
    [0.6, 0.2, A.RIGHT, 0.71],
    [0.6, 0.3, A.RIGHT, 0.02],
    [0.6, 0.4, A.RIGHT, 0],
    [0.6, 0.1, A.RIGHT + 1, 0.93],
    [0.6, 0.2, A.RIGHT + 1, 0.99],
    [0.6, 0.3, A.RIGHT + 1, 0.015],
    [0.6, 0.4, A.RIGHT + 1, 0],
    [1, 0.1, A.RIGHT, 0.26],
    [1, 0.2, A.RIGHT, 0.56],
    [1, 0.3, A.RIGHT, 0],
    [1, 0.4, A.RIGHT, 0],
    [1, 0.1, A.RIGHT + 1, 1],
    [1, 0.2, A.RIGHT + 1, 0.98],
    [1, 0.3, A.RIGHT + 1, 0.12],
    [1, 0.4, A.RIGHT + 1, 0],
  ] as const
  for (const [difficulty, away, direction, grf] of KEEPER) {
    const where = direction === A.RIGHT ? 'straight' : 'to a corner'
    rows.push(
      rate(
        `standing shot ${where} from ${away}, keeper ${difficulty}, goals`,
        shots(away, direction, difficulty),
        grf,
      ),
    )
  }
  return rows
}
