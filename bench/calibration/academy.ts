import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { teamOf } from '../../envs/football/teams.ts'
import type { BOTS } from './bots.ts'
import { type Cell, isHeldOut, type Mechanism, numberOf, rate, rows, sample } from './cell.ts'
import { begin, type Ended, type Lab, nearestTo, playOut, scenarioNamed } from './play.ts'
import { ACADEMY } from './tables/academy.ts'

/** What is seen of an episode on the way. */
interface Seen extends Ended {
  readonly kicks: number
  readonly first: { step: number; speed: number; elevation: number } | null
  readonly at: ReadonlyMap<number, { ballX: number; nearestRight: number }>
}

/** The corner and the easy counterattack, step by step. */
export function academy(lab: Lab): Cell[] {
  const wanted = rows(ACADEMY)
  const groups = [...new Set(wanted.map((row) => `${row.scenario} ${row.bot}`))]
  return groups.flatMap((group) => {
    const [scenario, bot] = group.split(' ')
    const seen: Seen[] = []
    for (let i = 0; i < 20 * lab.episodes; i++) seen.push(episode(lab, scenario, bot as keyof typeof BOTS, i))
    const heldOut = isHeldOut(group)
    return wanted
      .filter((row) => row.scenario === scenario && row.bot === bot)
      .map((row) => cellOf(row, seen, heldOut))
  })
}

function cellOf(row: Record<string, string>, seen: readonly Seen[], heldOut: boolean): Cell {
  const [what, at] = row.what.split('.')
  const grf = { mean: Number(row.mean), sd: numberOf(row.sd), n: Number(row.n) }
  const name = `${row.scenario}, ${row.bot}: ${row.what}`
  if (['goal', 'against', 'lost', 'out', 'cap'].includes(what)) {
    const ours = rate(seen.filter((one) => one.how === what).length, seen.length)
    return { mechanism: 'endings', name, kind: 'rate', grf, ours, heldOut }
  }
  const values = seen.flatMap((one) => {
    if (what === 'steps') return [one.steps]
    if (what === 'kicks') return [one.kicks]
    if (what === 'firstKick') return one.first ? [one.first[at as 'step' | 'speed' | 'elevation']] : []
    const moment = one.at.get(Number(at))
    return moment ? [moment[what as 'ballX' | 'nearestRight']] : []
  })
  const mechanism: Mechanism =
    what === 'firstKick' ? 'passing' : what === 'nearestRight' ? 'defending' : 'endings'
  return { mechanism, name, kind: 'mean', grf, ours: sample(values), heldOut }
}

function episode(lab: Lab, scenario: string, bot: keyof typeof BOTS, i: number): Seen {
  const seed = `academy/${scenario}/${i}`
  const s = begin(lab, scenarioNamed(scenario), seed)
  const at = new Map<number, { ballX: number; nearestRight: number }>()
  let kicks = 0
  let first: Seen['first'] = null
  let count = s.world[WORLD.kick]
  const ended = playOut(s, bot, seed, 400, () => {
    if (s.t % 10 === 0) at.set(s.t, { ballX: s.ball[BALL.x], nearestRight: nearestTo(s, 1) })
    if (s.world[WORLD.kick] === count) return
    count = s.world[WORLD.kick]
    if (teamOf(s, s.world[WORLD.kicker]) !== 0) return
    kicks++
    first ??= launch(s)
  })
  return { ...ended, kicks, first, at }
}

function launch(s: FootballState): NonNullable<Seen['first']> {
  const b = s.ball
  const level = Math.sqrt(b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy])
  return {
    step: s.t,
    speed: Math.sqrt(level * level + b[BALL.vz] * b[BALL.vz]),
    elevation: (Math.atan2(b[BALL.vz], level) * 180) / Math.PI,
  }
}
