import * as A from '../../../envs/football/actions.ts'
import type { FootballState } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'
import { ballGap, begin, figure, laboratory, mean, owns, play, type Row } from './lab.ts'

/** Level velocity along x after each step of an action list (the last one repeated), in m/s. */
function trace(
  s: FootballState,
  actions: readonly number[],
  steps: number,
  axis: 'vx' | 'vy' = 'vx',
): number[] {
  const out: number[] = []
  for (let i = 0; i < steps; i++) {
    step(s, [actions[i] ?? A.IDLE])
    out.push(s[axis][1])
  }
  return out
}

function firstAt(values: readonly number[], test: (value: number) => boolean): number {
  return values.findIndex(test) + 1
}

const PACES = [
  { name: 'run', flags: [], top: 5, ball: 5.12 },
  { name: 'sprint', flags: [A.SPRINT], top: 7.81, ball: 7.39 },
  { name: 'dribble', flags: [A.DRIBBLE], top: 3.5, ball: 4.06 },
] as const

/** Players' speeds, with and without the ball. */
export function kinematics(): Row[] {
  const away = laboratory([0.95, -0.4])
  const near = laboratory([0, 0])
  const free = (withBall: boolean) => begin(withBall ? near : away, 'k', -30, 0, withBall)
  /** Already moving right at a pace; `withBall` with the ball at the feet. */
  const moving = (flags: readonly number[], withBall: boolean) => {
    const s = free(withBall)
    play(s, [A.RIGHT, ...flags], A.IDLE, 35)
    return s
  }
  const rows: Row[] = []
  const run = trace(free(false), [A.RIGHT], 30)
  const sprinting = free(false)
  sprinting.seatSticky[0] = 1
  const sprint = trace(sprinting, [A.RIGHT], 30)
  rows.push(figure('run from rest, speed after step 2', run[1], 1.65, 'm/s'))
  rows.push(figure('run from rest, speed after step 3', run[2], 2.79, 'm/s'))
  rows.push(figure('run from rest, speed after step 5', run[4], 4.45, 'm/s'))
  rows.push(figure('sprint from rest, speed after step 3', sprint[2], 2.4, 'm/s'))
  rows.push(figure('sprint from rest, speed after step 5', sprint[4], 4.2, 'm/s'))
  rows.push(figure('sprint from rest, speed after step 10', sprint[9], 6.2, 'm/s'))
  rows.push(figure('sprint from rest, speed after step 20', sprint[19], 7.74, 'm/s'))
  for (const { name, flags, top, ball } of PACES) {
    rows.push(figure(`${name}, top speed`, moving(flags, false).vx[1], top, 'm/s'))
    const s = moving(flags, true)
    const speeds: number[] = []
    const gaps: number[] = []
    for (let i = 0; i < 25; i++) {
      step(s, [A.IDLE])
      speeds.push(s.vx[1])
      gaps.push(ballGap(s))
    }
    rows.push(figure(`${name} with the ball, speed`, mean(speeds), ball, 'm/s'))
    rows.push(
      figure(
        `${name} with the ball, distance to it`,
        mean(gaps),
        name === 'sprint' ? 0.87 : name === 'run' ? 0.49 : 0.51,
        'm',
      ),
    )
  }
  const knock = moving([A.SPRINT, A.DRIBBLE], true)
  let owned = 0
  const speeds: number[] = []
  for (let i = 0; i < 50; i++) {
    step(knock, [A.IDLE])
    if (owns(knock)) owned++
    speeds.push(knock.vx[1])
  }
  rows.push(figure('sprint and dribble, speed', mean(speeds), 7.68, 'm/s'))
  rows.push(figure('sprint and dribble, share of steps with the ball', owned / 50, 0.26, ''))

  const REVERSE = [
    ['run', [], false, 4, 10, 5],
    ['run with the ball', [], true, 7, 12, 5],
    ['sprint', [A.SPRINT], false, 5, 17, 7.81],
    ['sprint with the ball', [A.SPRINT], true, 8, 19, 7.39],
  ] as const
  for (const [name, flags, ball, zero, most, top] of REVERSE) {
    const v = trace(moving(flags, ball), [A.LEFT], 60)
    rows.push(
      figure(
        `${name}, reversed: steps to zero`,
        firstAt(v, (x) => x <= 0),
        zero,
        'steps',
      ),
    )
    rows.push(
      figure(
        `${name}, reversed: steps to 90 %`,
        firstAt(v, (x) => x <= -0.9 * top),
        most,
        'steps',
      ),
    )
  }
  const TURN = [
    ['run', [], false, 6, 5],
    ['run with the ball', [], true, 8, 5.12],
    ['sprint', [A.SPRINT], false, 14, 7.81],
    ['sprint with the ball', [A.SPRINT], true, 28, 7.39],
    ['dribble with the ball', [A.DRIBBLE], true, 6, 4.06],
  ] as const
  for (const [name, flags, ball, steps, top] of TURN) {
    const v = trace(moving(flags, ball), [A.BOTTOM], 60, 'vy')
    rows.push(
      figure(
        `${name}, turned 90 degrees: steps to 90 %`,
        firstAt(v, (y) => y >= 0.9 * top),
        steps,
        'steps',
      ),
    )
  }
  const STOP = [
    ['run', [], false, 5, 1],
    ['sprint', [A.SPRINT], false, 6, 2.5],
    ['run with the ball', [], true, 5, 1.1],
    ['sprint with the ball', [A.SPRINT], true, 11, 4.1],
  ] as const
  for (const [name, flags, ball, steps, far] of STOP) {
    const s = moving(flags, ball)
    const v = trace(s, [A.RELEASE_DIRECTION], 40)
    rows.push(
      figure(
        `${name}, stopping: steps`,
        firstAt(v, (x) => x < 0.05),
        steps,
        'steps',
      ),
    )
    // Measured as the sum of the speeds after each step.
    rows.push(figure(`${name}, stopping: distance`, 0.1 * v.reduce((sum, x) => sum + x, 0), far, 'm'))
  }
  return rows
}
