import * as A from '../../../envs/football/actions.ts'
import { Config } from '../../../envs/football/config.ts'
import { moveBall } from '../../../envs/football/physics/ball.ts'
import { DELAY } from '../../../envs/football/physics/kicks.ts'
import { HALF_LENGTH, METRES_X } from '../../../envs/football/physics/pitch.ts'
import { reset } from '../../../envs/football/reset.ts'
import { players } from '../../../envs/football/scenarios/scenarios.ts'
import { BALL, DOING, type FootballState, WORLD } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'
import { begin, figure, laboratory, mean, type Row } from './lab.ts'

const PASSES = [
  ['short pass', A.SHORT_PASS, [12.1, 15.2, 23.5, 25.1, 25.1], 4.6],
  ['long pass', A.LONG_PASS, [12.6, 16.5, 25.1, 25.1, 25.1], 4.6],
  ['high pass', A.HIGH_PASS, [10.6, 12.5, 17.6, 23.9, 31.2], 3.6],
] as const
const FAR = [5, 10, 20, 30, 40]
/** Heights of high passes, metres, and their times in the air, seconds (the first and last measured). */
const PEAKS = [1.2, 1.5, 2.7, 4.4, 6.4]

/** A player of ours with the ball at x = -30 m, and a mate `far` metres before him. */
function pair(far: number): FootballState {
  const config = Config.parse({
    scenario: {
      duration: 100_000,
      ball: [-29.5 / METRES_X, 0],
      left: { difficulty: 1, players: players('GK -1 0, CB -0.54545 0, CB 0 0', true) },
      right: { difficulty: 0.6, players: players('GK -1 0, CB -0.98 0.4', true) },
    },
  })
  const s = reset(config, `f${far}`)
  s.x[1] = -30
  s.y[1] = 0
  s.x[2] = -30 + far
  s.y[2] = 0
  for (let i = 0; i < 4; i++) step(s, [A.IDLE])
  return s
}

/** The ball: kicks, flight and rolling. */
export function flight(): Row[] {
  const rows: Row[] = []
  for (const [name, action, speeds, delay] of PASSES) {
    for (let i = 0; i < FAR.length; i++) {
      const s = pair(FAR[i])
      const kicks = s.world[WORLD.kick]
      let steps = 0
      while (s.world[WORLD.kick] === kicks && steps++ < 20) step(s, [steps === 1 ? action : A.IDLE])
      const speed = Math.sqrt(s.ball[BALL.vx] * s.ball[BALL.vx] + s.ball[BALL.vy] * s.ball[BALL.vy])
      rows.push(figure(`${name} over ${FAR[i]} m, speed at the touch`, speed, speeds[i], 'm/s'))
      if (i === 0) rows.push(figure(`${name}, command to touch`, steps, delay, 'steps'))
      if (action === A.HIGH_PASS) {
        const ball = Float64Array.from(s.ball)
        let peak = 0
        let air = 0
        while (air++ < 600) {
          moveBall(ball)
          if (ball[BALL.z] < 0.12) break
          peak = Math.max(peak, ball[BALL.z])
        }
        rows.push(figure(`high pass over ${FAR[i]} m, height`, peak, PEAKS[i], 'm'))
        if (i === 0) rows.push(figure('high pass over 5 m, time in the air', air / 100, 1, 's'))
        if (i === 4) rows.push(figure('high pass over 40 m, time in the air', air / 100, 2.7, 's'))
      }
    }
  }
  const roll = Float64Array.from([-50, 0, 0.11, 12, 0, 0])
  for (let i = 0; i < 100; i++) moveBall(roll)
  rows.push(figure('rolling from 12 m/s, speed after 1 s', roll[BALL.vx], 6.75, 'm/s'))

  const LINE = [0.12, 0.32, 0.57, 0.9]
  for (let i = 0; i < LINE.length; i++) {
    const times: number[] = []
    const fast: number[] = []
    for (let n = 0; n < 10; n++) {
      const away = 0.1 * (i + 1) * METRES_X
      const s = begin(
        laboratory([0, 0], 'GK -0.5 0.4, CB -0.5 0.38'),
        `shot${n}`,
        HALF_LENGTH - away,
        0,
        true,
      )
      s.x[2] = -20
      step(s, [A.IDLE])
      let steps = 0
      while (s.world[WORLD.kind] !== DOING.shot && steps < 9) step(s, [steps++ === 0 ? A.SHOT : A.IDLE])
      const ball = Float64Array.from(s.ball)
      fast.push(Math.sqrt(ball[BALL.vx] * ball[BALL.vx] + ball[BALL.vy] * ball[BALL.vy]))
      let substeps = 10 * steps - DELAY[DOING.shot]
      if (s.world[WORLD.left] > 0) continue
      while (moveBall(ball) === 0 && substeps < 500) substeps++
      times.push(substeps / 100)
    }
    rows.push(
      figure(`shot from ${(0.1 * (i + 1)).toFixed(1)} away, time to the line`, mean(times), LINE[i], 's'),
    )
    if (i === 1) rows.push(figure('shot, speed', mean(fast), 31.5, 'm/s'))
  }
  return rows
}
