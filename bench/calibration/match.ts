import { BUILTIN_AI } from '../../envs/football/actions.ts'
import { GOAL_HALF_WIDTH, HALF_LENGTH } from '../../envs/football/physics/pitch.ts'
import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { step } from '../../envs/football/step.ts'
import { teamOf } from '../../envs/football/teams.ts'
import { EVENTS, MODES } from '../../envs/football/words.ts'
import { type Cell, type Mechanism, numberOf, rows, type Sample, sample } from './cell.ts'
import { begin, type Lab, scenarioNamed } from './play.ts'
import { MATCH } from './tables/match.ts'

/** What is counted in one match: by the names of the table. */
type Tally = Record<string, number>

/** Lists that are kept over all matches: keepers' distances, restarts. */
type Lists = Map<string, number[]>

const MODE_NAMES = ['', 'kickoff', 'goalkick', 'freekick', 'corner', 'throwin', 'penalty'] as const
const RESTARTS: Readonly<Record<string, string>> = {
  goalkick: 'goal_kick',
  freekick: 'free_kick',
  corner: 'corner',
  throwin: 'throw_in',
}

/** A whole match of the built-in AI against itself, counted as the original's recordings were. */
export function watch(lab: Lab, preset: string, seed: string, lists: Lists): Tally {
  const s = begin(lab, scenarioNamed(preset), seed)
  const t: Tally = {}
  const add = (key: string, by = 1) => {
    t[key] = (t[key] ?? 0) + by
  }
  const note = (key: string, value: number) => lists.set(key, [...(lists.get(key) ?? []), value])
  const { count, left } = s.setup
  const w = s.world
  let before = ownerOf(s)
  let last = -1
  let since = { t: 0, x: 0, y: 0 }
  let spell = { who: -1, from: 0, to: 0 }
  let speed = 0
  let mode = 0
  let modeSince = 0
  let seat = s.seatPlayer[0]
  const duration = s.config.scenario.duration
  while (!s.truncated) {
    step(s, [BUILTIN_AI])
    if (s.seatPlayer[0] !== seat) add('switches/1000', 1000 / duration)
    seat = s.seatPlayer[0]
    const b = s.ball
    const owner = ownerOf(s)
    const level = Math.sqrt(b[3] * b[3] + b[4] * b[4] + b[5] * b[5])
    // Owners, spells, passes and steals.
    if (owner >= 0) {
      add('owned%', 100 / duration)
      add(owner < left ? 'ownedL' : 'ownedR')
      const dx = b[0] - s.x[owner]
      const dy = b[1] - s.y[owner]
      if (w[WORLD.hands] < 0) {
        add('gap', Math.sqrt(dx * dx + dy * dy))
        add('gaps')
      }
      if (owner !== spell.who) {
        if (spell.who >= 0) {
          add('spells')
          add('touched', spell.to - spell.from + 1)
          add('owner_changes')
          const far = Math.sqrt((b[0] - since.x) ** 2 + (b[1] - since.y) ** 2)
          const passed = far > 4 && s.t - since.t > 2
          const same = teamOf(s, spell.who) === teamOf(s, owner)
          const side = spell.who < left ? 'L' : 'R'
          if (passed) add(`pass${side}`)
          if (passed && same) {
            add(`complete${side}`)
            add('passlen', far)
            add('passes')
          }
          if (!same && !passed) add('steals')
        }
        spell = { who: owner, from: s.t, to: s.t }
      } else spell.to = s.t
      t.longest_same_owner = Math.max(t.longest_same_owner ?? 0, spell.to - spell.from + 1)
      since = { t: s.t, x: b[0], y: b[1] }
      last = owner
    } else if (before >= 0) since = { t: s.t, x: b[0], y: b[1] }
    // Shots: the ball is suddenly fast, near the goal and towards it.
    if (level > 22 && level - speed > 8 && last >= 0) {
      const side = last < left ? 1 : -1
      const gx = side * HALF_LENGTH - b[BALL.x]
      const ahead = side * gx
      const y = b[BALL.y] + (b[BALL.vy] / (b[BALL.vx] || 1e-9)) * gx
      if (ahead > 0 && ahead < 40 && side * b[BALL.vx] > 0 && Math.abs(y) < 9) {
        add(side === 1 ? 'shotL' : 'shotR')
        if (Math.abs(y) < GOAL_HALF_WIDTH) add(side === 1 ? 'onL' : 'onR')
      }
    }
    speed = level
    before = owner
    // Set pieces.
    const now = w[WORLD.mode]
    if (now !== 0) add('setpiece_steps%', 100 / duration)
    if (now !== mode && now !== 0) {
      add(MODE_NAMES[now])
      modeSince = s.t
    }
    if (mode !== 0 && now !== mode) {
      const name = RESTARTS[MODE_NAMES[mode]]
      if (name) {
        note(`${name}.steps_in_mode`, s.t - modeSince)
        note(`${name}.launch_speed_mps`, level)
      }
    }
    if (now !== 0 && w[WORLD.taker] >= 0) {
      const name = RESTARTS[MODE_NAMES[now]]
      const foes = teamOf(s, w[WORLD.taker]) === 0 ? 1 : 0
      if (name && now !== mode) note(`${name}.nearest_field_opponent_m_when_taken`, nearest(s, foes))
    }
    mode = now
    if (w[WORLD.events] & EVENTS.goal) add('goalsL')
    if (w[WORLD.events] & EVENTS.conceded) add('goalsR')
    if (w[WORLD.events] & EVENTS.card) add('cards')
    crowd(s, t, note, duration)
  }
  t['possL%'] = (100 * (t.ownedL ?? 0)) / Math.max(1, (t.ownedL ?? 0) + (t.ownedR ?? 0))
  for (const side of ['L', 'R']) {
    t[`compl${side}%`] = (100 * (t[`complete${side}`] ?? 0)) / Math.max(1, t[`pass${side}`] ?? 0)
  }
  t.passlen = (t.passlen ?? 0) / Math.max(1, t.passes ?? 0)
  t.touch_steps = (t.touched ?? 0) / Math.max(1, t.spells ?? 0)
  t.owner_ball_m = (t.gap ?? 0) / Math.max(1, t.gaps ?? 0)
  t.tired_end = 0
  for (let p = 0; p < count; p++) t.tired_end += s.tired[p] / count
  return t
}

/** Who has the ball as an observer sees it: nobody while the game is stopped. */
function ownerOf(s: FootballState): number {
  return s.world[WORLD.mode] === MODES.normal ? s.world[WORLD.owner] : -1
}

/** Where players are and how they move. */
function crowd(
  s: FootballState,
  t: Tally,
  note: (key: string, value: number) => void,
  duration: number,
): void {
  const { count, left } = s.setup
  const add = (key: string, by: number) => {
    t[key] = (t[key] ?? 0) + by
  }
  const quarter = `over6%.quarter${1 + Math.min(3, Math.floor((4 * (s.t - 1)) / duration))}`
  const field = count - 2
  for (const team of [0, 1] as const) {
    const [first, end] = team === 0 ? [0, left] : [left, count]
    const side = team === 0 ? 'L' : 'R'
    const way = team === 0 ? 1 : -1
    let [x, y, n] = [0, 0, 0]
    let [minX, maxX, minY, maxY] = [99, -99, 99, -99]
    for (let p = first; p < end; p++) {
      const v = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
      add(`km${side}`, v * 1e-4)
      if (p === s.setup.keeper[team] || !s.active[p]) continue
      if (v > 6) add('sprint%', 100 / duration / field)
      if (v > 6) add(quarter, 400 / duration / field)
      if (v < 0.5) add('still%', 100 / duration / field)
      x += s.x[p]
      y += s.y[p]
      n++
      minX = Math.min(minX, s.x[p])
      maxX = Math.max(maxX, s.x[p])
      minY = Math.min(minY, s.y[p])
      maxY = Math.max(maxY, s.y[p])
    }
    let spread = 0
    for (let p = first; p < end; p++) {
      if (p !== s.setup.keeper[team] && s.active[p])
        spread += Math.sqrt((s.x[p] - x / n) ** 2 + (s.y[p] - y / n) ** 2) / n
    }
    add(`spread${side}`, spread / duration)
    add(`len${side}`, (maxX - minX) / duration)
    add(`wid${side}`, (maxY - minY) / duration)
    add(`linex${side}`, (way * x) / n / duration)
    const k = s.setup.keeper[team]
    const gx = -way * HALF_LENGTH
    const out = Math.sqrt((s.x[k] - gx) ** 2 + s.y[k] ** 2)
    add(`gkdist${side}`, out / duration)
    t[`gkmax${side}`] = Math.max(t[`gkmax${side}`] ?? 0, out)
    const away = Math.sqrt((s.ball[0] - gx) ** 2 + s.ball[1] ** 2)
    if (s.t % 5 === 0)
      note(`keeper.ball${10 * Math.floor(away / 10)}-${10 * Math.floor(away / 10) + 10}`, out)
  }
  let near3 = 0
  let near5 = 0
  let near10 = 0
  let least = 1e9
  let pair = 1e9
  for (let p = 0; p < count; p++) {
    if (!s.active[p]) continue
    const d = Math.sqrt((s.x[p] - s.ball[0]) ** 2 + (s.y[p] - s.ball[1]) ** 2)
    if (d < 3) near3++
    if (d < 5) near5++
    if (d < 10) near10++
    least = Math.min(least, d)
    for (let q = p + 1; q < count; q++) {
      if (!s.active[q]) continue
      const dx = s.x[p] - s.x[q]
      const dy = s.y[p] - s.y[q]
      pair = Math.min(pair, dx * dx + dy * dy)
    }
  }
  add('near3', near3 / duration)
  add('near5', near5 / duration)
  add('near10', near10 / duration)
  if (pair < 0.16) add('overlap<.4/step', 1 / duration)
  t.minpair = Math.min(t.minpair ?? 99, Math.sqrt(pair))
  const b = s.ball
  if (b[BALL.z] > 0.5) add('ball_air%', 100 / duration)
  add('ballspeed', Math.sqrt(b[3] * b[3] + b[4] * b[4] + b[5] * b[5]) / duration)
  if (b[0] < -18) add('ballx<-18%', 100 / duration)
  if (b[0] > 18) add('ballx>18%', 100 / duration)
}

function nearest(s: FootballState, team: 0 | 1): number {
  let least = 1e9
  const [first, end] = team === 0 ? [0, s.setup.left] : [s.setup.left, s.setup.count]
  for (let p = first; p < end; p++) {
    if (p === s.setup.keeper[team] || !s.active[p]) continue
    least = Math.min(least, Math.sqrt((s.x[p] - s.ball[0]) ** 2 + (s.y[p] - s.ball[1]) ** 2))
  }
  return least
}

const SET_PIECES = ['setpiece_steps%', 'goalkick', 'freekick', 'corner', 'throwin', 'penalty']

function mechanismOf(what: string): Mechanism {
  if (what.startsWith('keeper') || what.startsWith('gk')) return 'keeping'
  if (what.startsWith('pass') || what.startsWith('compl')) return 'passing'
  if (what.startsWith('shot') || what === 'onL' || what === 'onR') return 'shooting'
  if (what.startsWith('tired') || what.startsWith('over6')) return 'tiredness'
  return SET_PIECES.includes(what) || (what.includes('_') && what.includes('.')) ? 'set pieces' : 'match'
}

/** Whole matches; those of the easy scenario are held out. */
export function matches(lab: Lab): Cell[] {
  const wanted = rows(MATCH)
  return [...new Set(wanted.map((row) => row.scenario))].flatMap((preset) => {
    const lists: Lists = new Map()
    const tallies: Tally[] = []
    for (let i = 0; i < 4 * lab.episodes; i++) tallies.push(watch(lab, preset, `watched/${i}`, lists))
    return wanted
      .filter((row) => row.scenario === preset)
      .flatMap((row): Cell[] => {
        const what = row.what
        const list = lists.get(what)
        const known = list !== undefined || tallies.some((t) => t[what] !== undefined)
        const counted = /^(goals|shot|on[LR]|goalkick|freekick|corner|throwin|penalty|kickoff|cards|overlap)/
        if (!known && !counted.test(what)) return []
        const ours: Sample = list ? sample(list) : sample(tallies.map((t) => t[what] ?? 0))
        const grf = { mean: Number(row.mean), sd: numberOf(row.sd), n: Number(row.n) }
        return [
          {
            mechanism: mechanismOf(what),
            name: `${preset}: ${what}`,
            kind: 'mean',
            grf,
            ours,
            heldOut: preset === '11_vs_11_easy_stochastic',
          },
        ]
      })
  })
}
