/**
 * 1,000,000 random steps of Football on every scenario, with one to eleven seats: nothing is NaN or out of the world, no
 * two players on one point, and the ball is never stuck. About a minute.
 *
 *   npm run shows -- football-million
 */
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { check } from '../../envs/football/commands/statistics.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { claim, show } from './show.ts'

const STEPS = 1_000_000
/** A free ball that lies within this of one place, in metres, for so many steps is stuck, if somebody is there to fetch it. */
const STILL = 0.05
const STUCK = 150
/** Bodies are 0.72 m wide; two players may be pressed together, but not into one. */
const APART = 0.1

await show(() => {
  const random = seeded('million')
  const names = Object.keys(SCENARIOS)
  let steps = 0
  let episodes = 0
  let closest = 9
  let freest = 0
  let longest = 0
  let stuck = ''
  let wrong = ''
  for (; steps < STEPS && wrong === ''; episodes++) {
    const name = names[episodes % names.length]
    const s = football.reset(seated(name, 1 + (episodes % 11), episodes % 4), `m${episodes}`)
    const actions = new Int32Array(s.setup.seats)
    let [x, y, kicks, free, kept] = [0, 0, 0, 0, 0]
    while (!s.terminated && !s.truncated && steps < STEPS) {
      for (let seat = 0; seat < actions.length; seat++) actions[seat] = below(random, 33)
      football.step(s, actions)
      steps++
      try {
        check(s)
      } catch (error) {
        wrong = `${name}, seed m${episodes}, step ${s.t}: ${error}`
        break
      }
      closest = Math.min(closest, apart(s))
      const ball = s.ball
      const rests = Math.abs(ball[BALL.x] - x) < STILL && Math.abs(ball[BALL.y] - y) < STILL
      if (!rests) [x, y] = [ball[BALL.x], ball[BALL.y]]
      const owned = s.world[WORLD.owner] >= 0
      free = rests && !owned && fetched(s) ? free + 1 : 0
      kept = owned && s.world[WORLD.kick] === kicks ? kept + 1 : 0
      kicks = s.world[WORLD.kick]
      if (free > freest) {
        freest = free
        stuck = `${name}, seed m${episodes}, step ${s.t}`
      }
      longest = Math.max(longest, kept)
    }
  }
  claim(
    `${STEPS} random steps without NaN, and without a player or ball where it cannot be`,
    wrong === '' && steps === STEPS,
    wrong || `${episodes} episodes of ${names.length} scenarios`,
  )
  claim('no two players on one point in them', closest > APART, `${closest.toFixed(2)} m apart at least`)
  claim(`a free ball never lies still for ${STUCK} of them`, freest < STUCK, `${freest} at most (${stuck})`)
  claim('nobody keeps the ball for 1,000 of them without a kick', longest < 1000, `${longest} at most`)
})

/** A scenario with as many of the seats asked for as it has, and all actions. */
function seated(preset: string, controlled: number, opponents: number): Config {
  const { left, right } = SCENARIOS[preset]
  const most = ({ players }: typeof left) =>
    Math.max(1, players.filter((player) => player.controllable).length)
  const seats = { controlled: Math.min(controlled, most(left)), opponents: Math.min(opponents, most(right)) }
  return Config.parse(resolveConfig(football, { preset, actionSet: 'full', ...seats }))
}

/** A built-in player is first at the ball in his team, or a keeper stands at it: random seats, lazy players and far keepers need not come. */
function fetched(s: FootballState): boolean {
  const first = [s.world[WORLD.chaserLeft], s.world[WORLD.chaserRight], ...s.setup.keeper]
  return first.some(
    (p) => p >= 0 && s.seat[p] < 0 && !s.setup.lazy[p] && (!s.setup.keeper.includes(p) || s.reach[p] < 0.3),
  )
}

/** Least distance between two players in metres; NaN is none. */
function apart(s: FootballState): number {
  let least = 9
  for (let p = 0; p < s.setup.count; p++) {
    for (let q = 0; q < p; q++) {
      if (!s.active[p] || !s.active[q]) continue
      const dx = s.x[p] - s.x[q]
      const dy = s.y[p] - s.y[q]
      if (dx < least && dx > -least) least = Math.min(least, Math.sqrt(dx * dx + dy * dy))
    }
  }
  return least
}
