import { hashText } from '#core/base/hash'
import type { Outcome } from '#core/env/env'
import type { Config } from '../config.ts'
import { reset } from '../reset.ts'
import { type FootballState, WORLD } from '../state.ts'
import { teamOf } from '../teams.ts'
import { ENDING_NAMES, ENDINGS, EVENTS } from '../words.ts'

/** How the match stands; a success once the left team, whose seats come first, has scored. */
export function outcome(s: FootballState): Outcome {
  const [left, right] = [s.world[WORLD.left], s.world[WORLD.right]]
  const ending = s.world[WORLD.ending]
  const name = ending === ENDINGS.time && left + right > 0 ? `time up ${left}:${right}` : ENDING_NAMES[ending]
  return { name, success: left > 0 }
}

const MARKS = [
  ['goal', EVENTS.goal],
  ['goal against', EVENTS.conceded],
  ['shot', EVENTS.shot],
  ['save', EVENTS.save],
  ['post', EVENTS.post],
  ['pass received', EVENTS.received],
  ['tackle', EVENTS.tackle],
  ['out of play', EVENTS.out],
  ['offside', EVENTS.offside],
  ['foul', EVENTS.foul],
  ['card', EVENTS.card],
] as const

/** What the last step did that a viewer marks. */
export function marks(s: FootballState): string[] {
  const events = s.world[WORLD.events]
  return MARKS.filter(([, bit]) => events & bit).map(([name]) => name)
}

const MODE_NAMES = ['in play', 'kick-off', 'goal kick', 'free kick', 'corner', 'throw-in', 'penalty'] as const

/** Lines for a person who watches. */
export function insight(s: FootballState): { label: string; value: string }[] {
  const w = s.world
  const owner = w[WORLD.owner]
  const b = s.ball
  const speed = Math.sqrt(b[3] * b[3] + b[4] * b[4] + b[5] * b[5])
  return [
    { label: 'score', value: `${w[WORLD.left]} : ${w[WORLD.right]}` },
    { label: 'time', value: `${s.t} of ${s.config.scenario.duration} steps` },
    { label: 'game', value: MODE_NAMES[w[WORLD.mode]] },
    { label: 'ball', value: owner < 0 ? 'free' : teamOf(s, owner) === 0 ? 'left team' : 'right team' },
    { label: 'ball speed', value: `${speed.toFixed(1)} m/s` },
    { label: 'passes received', value: `${w[WORLD.passesLeft]} : ${w[WORLD.passesRight]}` },
  ]
}

/** MageBench's football score: the sum of its rewards; unknown when another reward is played. */
export function score(initial: FootballState, rewards: readonly number[]): number | null {
  return initial.config.reward === 'magebench' ? rewards.reduce((sum, reward) => sum + reward, 0) : null
}

/**
 * Equal for starts that are equal or mirrored about the long axis, to a centimetre; for drills that are drawn equal or
 * mirrored, however their starts are shifted.
 */
export function levelKey(config: Config, seed: string): string {
  const { drill, drawn } = config.scenario
  const s = reset((drill ?? drawn) === undefined ? config : { ...config, noise: 0 }, seed)
  const { duration, offsides, endOnScore, endOnOutOfPlay, endOnPossessionChange, left, right } =
    s.config.scenario
  const rules = [
    duration,
    offsides,
    endOnScore,
    endOnOutOfPlay,
    endOnPossessionChange,
    left.difficulty,
    right.difficulty,
  ]
  const seen = (side: number) => {
    const places = Array.from({ length: s.setup.count }, (_, p) => {
      const y = Math.round(100 * side * s.y[p])
      return `${p < s.setup.left ? 'l' : 'r'}${Math.round(100 * s.x[p])},${y === 0 ? 0 : y}`
    })
    const ball = [Math.round(100 * s.ball[0]), Math.round(100 * side * s.ball[1]) || 0]
    return JSON.stringify([rules, ball, places.sort()])
  }
  const [one, other] = [seen(1), seen(-1)]
  return hashText([one, other].sort()[0])
}
