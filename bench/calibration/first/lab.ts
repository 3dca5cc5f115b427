import { type Config, Config as ConfigSchema } from '../../../envs/football/config.ts'
import { anticipate } from '../../../envs/football/players/anticipate.ts'
import { reset } from '../../../envs/football/reset.ts'
import { players } from '../../../envs/football/scenarios/scenarios.ts'
import { BALL, type FootballState, WORLD } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'

/** One line of the table: a figure of ours beside the one measured on Google Research Football. */
export interface Row {
  readonly name: string
  readonly ours: number
  readonly grf: number
  /** Relative, or in points of percent for rates. */
  readonly difference: number
  readonly unit: string
}

/** A figure with a scale: the difference is relative. */
export function figure(name: string, ours: number, grf: number, unit: string): Row {
  return { name, ours: rounded(ours), grf, difference: rounded((ours - grf) / Math.abs(grf || 1)), unit }
}

/** A rate, 0..1: the difference is in points of percent. */
export function rate(name: string, ours: number, grf: number): Row {
  return {
    name,
    ours: rounded(100 * ours),
    grf: rounded(100 * grf),
    difference: rounded(100 * (ours - grf)),
    unit: '%',
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A pitch with one player of ours, number 1, and statues far away; the ball lies where `ball` says. */
export function laboratory(
  ball: [number, number],
  right = 'GK -1 0, CB -0.98 0.4',
  difficulty = 0.6,
): Config {
  return ConfigSchema.parse({
    actionSet: 'full',
    noise: 1,
    scenario: {
      duration: 100_000,
      ball,
      left: { difficulty: 1, players: players('GK -1 0, CB 0 0') },
      right: { difficulty, players: players(right, true) },
    },
  })
}

/** Starts a measurement: player 1 at (x, y) metres with the ball at his feet, or without it. */
export function begin(config: Config, seed: string, x: number, y: number, withBall: boolean): FootballState {
  const s = reset(config, seed)
  s.x[1] = x
  s.y[1] = y
  if (withBall) {
    s.ball[BALL.x] = x + 0.5
    s.ball[BALL.y] = y
  }
  anticipate(s)
  return s
}

/** Plays an action for player 1's seat, again and again. */
export function play(s: FootballState, actions: readonly number[], then: number, steps: number): void {
  const one = [0]
  for (let i = 0; i < steps; i++) {
    one[0] = actions[i] ?? then
    step(s, one)
  }
}

/** Metres between player 1 and the ball. */
export function ballGap(s: FootballState): number {
  const dx = s.ball[BALL.x] - s.x[1]
  const dy = s.ball[BALL.y] - s.y[1]
  return Math.sqrt(dx * dx + dy * dy)
}

export function owns(s: FootballState): boolean {
  return s.world[WORLD.owner] === 1
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
