import * as A from '../../envs/football/actions.ts'
import {
  HALF_LENGTH,
  METRES_X,
  METRES_Y,
  PLAYER_SCALE_X,
  PLAYER_SCALE_Y,
} from '../../envs/football/physics/pitch.ts'
import type { Scenario } from '../../envs/football/scenarios/scenario.ts'
import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { step } from '../../envs/football/step.ts'
import { EVENTS } from '../../envs/football/words.ts'
import { type Cell, isHeldOut, numberOf, rate, rows, type Sample, sample } from './cell.ts'
import { begin, type Lab, scenarioNamed } from './play.ts'
import { KICKS } from './tables/kicks.ts'
import { SHOTS } from './tables/shots.ts'

const DEGREES = 180 / Math.PI

/** A ball as it was struck: steps from the command, m/s, degrees. */
interface Struck {
  readonly wait: number
  readonly speed: number
  readonly up: number
  readonly off: number
}

/** What became of a shot. */
interface Shot {
  readonly how: 'goal' | 'saved' | 'wide' | 'noKick'
  readonly struck: Struck | null
  /** Metres from the keeper to his goal line at the touch. */
  readonly out: number
}

/** The run-up's actions by mode, then the action that kicks; `hold` repeats it until the ball has left. */
function runUp(mode: string): { before: number[]; hold: boolean } {
  const still = [A.IDLE, A.IDLE, A.IDLE]
  const [kind, held] = mode.split('_')
  const hold = held === 'hold'
  const steps = Number(kind.slice(3))
  const wait = (count: number) => Array.from({ length: Math.max(0, count) }, () => A.IDLE)
  if (kind === 'stand') return { before: still, hold }
  if (kind === 'aim') return { before: [...still, A.RIGHT - 1], hold }
  if (kind === 'settled') {
    return { before: [...still, A.RIGHT, ...wait(2), A.RELEASE_DIRECTION, ...wait(5)], hold }
  }
  const sprint = kind.startsWith('spr') ? [A.SPRINT] : []
  return { before: [...still, ...sprint, A.RIGHT, ...wait(steps - 1)], hold }
}

/** One attempt; the result is judged within 25 steps after the touch. */
function attempt(s: FootballState, mode: string): Shot {
  const { before, hold } = runUp(mode)
  for (const action of before) step(s, [action])
  const kicks = s.world[WORLD.kick]
  let wait = 0
  while (s.world[WORLD.kick] === kicks) {
    if (wait >= 60 || s.world[WORLD.team] === 1) return { how: 'noKick', struck: null, out: 0 }
    step(s, [wait === 0 || hold ? A.SHOT : A.IDLE])
    wait++
  }
  const keeper = s.setup.keeper[1]
  const out = HALF_LENGTH - s.x[keeper]
  const struck = strike(s, wait)
  for (let t = 0; t < 25; t++) {
    if (s.world[WORLD.left] > 0) return { how: 'goal', struck, out }
    if (s.world[WORLD.events] & EVENTS.save) return { how: 'saved', struck, out }
    if (s.world[WORLD.mode] !== 0) return { how: 'wide', struck, out }
    if (s.world[WORLD.team] === 1) return { how: 'saved', struck, out }
    step(s, [A.IDLE])
  }
  return { how: s.world[WORLD.left] > 0 ? 'goal' : 'saved', struck, out }
}

function strike(s: FootballState, wait: number): Struck {
  const b = s.ball
  const level = Math.sqrt(b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy])
  const angle = Math.atan2(b[BALL.vy], b[BALL.vx]) * DEGREES
  const middle = Math.atan2(-b[BALL.y], HALF_LENGTH - b[BALL.x]) * DEGREES
  return {
    wait,
    speed: Math.sqrt(level * level + b[BALL.vz] * b[BALL.vz]),
    up: Math.atan2(b[BALL.vz], level) * DEGREES,
    off: angle - middle,
  }
}

/** The shooter stands 1.1 m behind a ball at (x, y); the keeper on his line, with one mate far away or alone. */
function range(x: number, y: number, difficulty: number, alone: boolean): Scenario {
  const man = (role: 'GK' | 'CB', px: number, py: number, lazy = false) => ({
    role,
    x: px,
    y: py,
    lazy,
    controllable: true,
  })
  return {
    ...scenarioNamed('academy_empty_goal'),
    endOnScore: false,
    endOnPossessionChange: false,
    endOnOutOfPlay: false,
    ball: [x, y],
    left: { difficulty: 1, players: [man('GK', -1, 0), man('CB', x - 0.02, y)] },
    right: {
      difficulty,
      players: alone ? [man('GK', -1, 0)] : [man('GK', -1, 0), man('CB', -0.5, -0.38, true)],
    },
  }
}

/** Shots at a keeper: what becomes of them, how they are struck, where the keeper stands. */
export function shooting(lab: Lab): Cell[] {
  return rows(SHOTS).flatMap((row) => {
    const n = Number(row.n)
    const scenario = range(Number(row.x), Number(row.y), Number(row.difficulty), row.keeper === 'alone')
    const name = `shot (${row.mode}) from ${row.x}, ${row.y} at a keeper of difficulty ${row.difficulty}${row.keeper === 'alone' ? ', alone' : ''}`
    const shots: Shot[] = []
    for (let i = 0; i < 6 * lab.episodes; i++) {
      shots.push(attempt(begin(lab, scenario, `${name}/${i}`), row.mode))
    }
    const heldOut = isHeldOut(name)
    const cell = (
      mechanism: Cell['mechanism'],
      what: string,
      kind: Cell['kind'],
      grf: Sample,
      ours: Sample,
    ): Cell => ({ mechanism, name: `${name}: ${what}`, kind, grf, ours, heldOut })
    const shares = (['goal', 'saved', 'wide'] as const).map((how) =>
      cell(
        'keeping',
        how,
        'rate',
        { mean: Number(row[how]), sd: null, n },
        rate(shots.filter((shot) => shot.how === how).length, shots.length),
      ),
    )
    const struck = shots.flatMap((shot) => (shot.struck ? [shot.struck] : []))
    if (struck.length === 0 || Number(row.noKick) > 0.2) return shares
    const wild = Math.abs(Number(row.off)) > 40
    const launch = (['wait', 'speed', 'up', 'off'] as const)
      .filter(() => !wild)
      .map((what) => {
        const sd = what === 'wait' ? null : numberOf(row[`${what}Sd`])
        const grf = { mean: Number(row[what]), sd, n }
        return cell('shooting', what, 'mean', grf, sample(struck.map((one) => one[what])))
      })
    const out = cell(
      'keeping',
      'keeper off his line',
      'mean',
      { mean: Number(row.out), sd: null, n },
      sample(shots.filter((shot) => shot.struck).map((shot) => shot.out)),
    )
    return row.out === '-' ? [...shares, ...launch] : [...shares, ...launch, out]
  })
}

/** Kicks whose action is held: later and stronger. */
export function kicking(lab: Lab): Cell[] {
  return rows(KICKS).flatMap((row) => {
    const n = Number(row.n)
    const name = `${row.action} (${row.start}${row.mate === '-' ? '' : `, mate at ${row.mate} m`}), held ${row.hold} steps`
    const tries = Array.from({ length: 4 * lab.episodes }, (_, i) => held(lab, row, `${name}/${i}`))
    const found = tries.filter((one) => one !== null)
    const heldOut = isHeldOut(name)
    return (['wait', 'speed', 'up'] as const).map((what): Cell => {
      const grf = { mean: Number(row[what]), sd: Number(row[`${what}Sd`]), n }
      const ours = sample(found.map((one) => one[what]))
      const mechanism = row.action === 'shot' ? 'shooting' : 'passing'
      return { mechanism, name: `${name}: ${what}`, kind: 'mean', grf, ours, heldOut }
    })
  })
}

function held(lab: Lab, row: Record<string, string>, seed: string): Struck | null {
  const scenario = range(0.2, 0, 0.6, false)
  const mate = row.mate === '-' ? null : row.mate.split(',').map(Number)
  const players = [...scenario.left.players]
  if (mate) {
    const x = (0.2 * METRES_X + mate[0]) / METRES_X / PLAYER_SCALE_X
    const y = mate[1] / METRES_Y / PLAYER_SCALE_Y
    players.push({ role: 'CB', x, y, lazy: true, controllable: true })
  }
  const s = begin(lab, { ...scenario, left: { ...scenario.left, players } }, seed)
  const action = A.action(row.action as A.ActionName)
  const start =
    row.start === 'stand'
      ? []
      : row.start === 'run2'
        ? [A.RIGHT, A.IDLE]
        : [A.SPRINT, A.RIGHT, ...Array.from({ length: 5 }, () => A.IDLE)]
  for (const before of [A.IDLE, A.IDLE, A.IDLE, ...start]) step(s, [before])
  const kicks = s.world[WORLD.kick]
  for (let wait = 1; wait <= 25; wait++) {
    step(s, [wait <= Number(row.hold) ? action : A.IDLE])
    if (s.world[WORLD.kick] !== kicks) return strike(s, wait)
  }
  return null
}
