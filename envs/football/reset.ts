import { seeded } from '#core/base/random'
import { error } from './chance.ts'
import type { Config } from './config.ts'
import type { Parameters } from './parameters.ts'
import { BALL_RADIUS, HALF_LENGTH, METRES_X, METRES_Y } from './physics/pitch.ts'
import { anticipate } from './players/anticipate.ts'
import { drawDrill } from './scenarios/drills.ts'
import { setupOf } from './setup.ts'
import { allocate, BALL, type FootballState, WORLD } from './state.ts'
import { endOf, firstOf, sideOf } from './teams.ts'

/** Starting positions differ by about this much from seed to seed, in metres. */
const JITTER = 0.12

/** The first state of a scenario, or of the one that a drill draws; only a calibration plays with other `fitted` numbers. */
export function reset(given: Config, seed: string, fitted?: Parameters): FootballState {
  const config = withScenario(given, seed)
  const setup = setupOf(config, fitted)
  const s = allocate(config, setup)
  s.random.set(seeded(seed))
  const [x, y] = config.scenario.ball
  s.ball[BALL.x] = x * METRES_X
  s.ball[BALL.y] = y * METRES_Y
  s.ball[BALL.z] = BALL_RADIUS
  for (let p = 0; p < setup.count; p++) {
    s.x[p] = setup.startX[p] + JITTER * error(s)
    s.y[p] = setup.startY[p] + JITTER * error(s)
    s.active[p] = 1
  }
  settle(s)
  s.seat.fill(-1)
  s.world.fill(-1, WORLD.owner, WORLD.team + 1)
  s.world[WORLD.taken] = -1
  for (const index of [WORLD.kicker, WORLD.receiver, WORLD.taker, WORLD.hands]) s.world[index] = -1
  s.leftOfBall.fill(-1)
  s.missed.fill(-1)
  seat(s, 0, 0, config.controlled)
  seat(s, 1, config.controlled, setup.seats)
  anticipate(s)
  return s
}

/** The config with the exercise that its scenario asks to draw, where it asks. */
function withScenario(config: Config, seed: string): Config {
  const { drill } = config.scenario
  if (drill === undefined) return config
  return { ...config, scenario: drawDrill(drill, seeded(`${seed}/drill`)) }
}

/** Everybody stands still, facing the other goal. */
export function settle(s: FootballState): void {
  for (let p = 0; p < s.setup.count; p++) {
    s.vx[p] = 0
    s.vy[p] = 0
    s.wantX[p] = 0
    s.wantY[p] = 0
    s.goSpeed[p] = 0
    s.lag[p] = 0
    s.doing[p] = 0
    s.busy[p] = 0
    s.stunned[p] = 0
    s.fx[p] = sideOf(s, p)
    s.fy[p] = 0
    s.targetX[p] = s.x[p]
    s.targetY[p] = s.y[p]
  }
}

/** Seats take the controllable players nearest to the ball, keepers last, each seat in the order of players. */
function seat(s: FootballState, team: 0 | 1, from: number, to: number): void {
  if (from === to) return
  const candidates: number[] = []
  for (let p = firstOf(s, team); p < endOf(s, team); p++) if (s.setup.controllable[p]) candidates.push(p)
  if (candidates.length === 0) candidates.push(firstOf(s, team))
  const key = (p: number) => {
    const dx = s.setup.startX[p] - s.ball[BALL.x]
    const dy = s.setup.startY[p] - s.ball[BALL.y]
    return dx * dx + dy * dy + (p === s.setup.keeper[team] ? HALF_LENGTH * HALF_LENGTH * 16 : 0)
  }
  const chosen = candidates.sort((a, b) => key(a) - key(b) || a - b).slice(0, to - from)
  chosen.sort((a, b) => a - b)
  for (let i = 0; i < chosen.length; i++) {
    s.seatPlayer[from + i] = chosen[i]
    s.seat[chosen[i]] = from + i
  }
}
