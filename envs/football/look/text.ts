import { directionOf, FULL_ACTIONS, LONG_PASS, SHOT } from '../actions.ts'
import { CHARGES } from '../physics/kicks.ts'
import { clamp, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH } from '../physics/pitch.ts'
import { KIND, nearestFree, READY } from '../players/control.ts'
import { ROLES } from '../scenarios/scenario.ts'
import { BALL, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from '../teams.ts'

/** Distances in metres that a text can say; the nearest is said. */
const METRES = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100] as const

/** Steps left that a text can say; the nearest is said. */
const STEPS = [
  0, 5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 1000, 1500, 2000, 2500, 3000,
] as const

/** Goals that a text can say. */
const GOALS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const

/** What a set piece is called, by game mode. */
const MODE_WORDS = ['', 'kick_off', 'goal_kick', 'free_kick', 'corner', 'throw_in', 'penalty'] as const

/** Words of texts and thoughts, beside the actions' names. */
export const WORDS: readonly string[] = [
  ...FULL_ACTIONS,
  ...new Set([...METRES, ...STEPS, ...GOALS].map(String)),
  ...ROLES,
  ...MODE_WORDS.slice(1),
  ...[
    'ball',
    'me',
    'mate',
    'foe',
    'keeper',
    'goal',
    'mine',
    'free',
    'held',
    'here',
    'open',
    'edge',
    'to',
    'so',
    'score',
    'time',
    'role',
  ],
]

/** How many team mates and opponents a text names, nearest first. */
const NAMED = 3
/** The side line or goal line is named when it is this near, in metres. */
const EDGE = 6

function metres(d: number): string {
  return nearestOf(METRES, d)
}

function nearestOf(sayable: readonly number[], value: number): string {
  let best = 0
  for (let i = 1; i < sayable.length; i++) {
    if (Math.abs(sayable[i] - value) < Math.abs(sayable[best] - value)) best = i
  }
  return String(sayable[best])
}

/** 'right 12': where (x, y) lies from player p, as his team sees it. */
function place(s: FootballState, p: number, x: number, y: number): string {
  const side = sideOf(s, p)
  const dx = side * (x - s.x[p])
  const dy = side * (y - s.y[p])
  const d = Math.sqrt(dx * dx + dy * dy)
  return d < 0.5 ? 'here 0' : `${FULL_ACTIONS[directionOf(dx, dy)]} ${metres(d)}`
}

/** Who has the ball, for player p. */
function possessor(s: FootballState, p: number): string {
  const owner = s.world[WORLD.owner]
  if (owner < 0) return 'free'
  if (owner === p) return 'mine'
  return teamOf(s, owner) === teamOf(s, p) ? 'mate' : 'foe'
}

function ballLine(s: FootballState, p: number): string {
  const words = ['ball', possessor(s, p)]
  if (s.world[WORLD.hands] >= 0) words.push('held')
  words.push(place(s, p, s.ball[BALL.x], s.ball[BALL.y]))
  const vx = sideOf(s, p) * s.ball[BALL.vx]
  const vy = sideOf(s, p) * s.ball[BALL.vy]
  if (s.world[WORLD.owner] < 0 && vx * vx + vy * vy > 9) words.push('to', FULL_ACTIONS[directionOf(vx, vy)])
  return words.join(' ')
}

function goalPlace(s: FootballState, p: number): string {
  return place(s, p, sideOf(s, p) * HALF_LENGTH, clamp(s.y[p], -GOAL_HALF_WIDTH, GOAL_HALF_WIDTH))
}

/** Players from `first` to `end` but `p` and `keeper`, nearest to `p` first. */
function nearest(s: FootballState, p: number, first: number, end: number, keeper: number): number[] {
  const found: number[] = []
  for (let q = first; q < end; q++) if (q !== p && q !== keeper && s.active[q]) found.push(q)
  const away = (q: number) => distance2(s, q, s.x[p], s.y[p])
  return found.sort((a, b) => away(a) - away(b) || a - b).slice(0, NAMED)
}

/** No opponent near the straight way from player p to player q. */
export function laneOpen(s: FootballState, p: number, q: number): boolean {
  const dx = s.x[q] - s.x[p]
  const dy = s.y[q] - s.y[p]
  const d2 = dx * dx + dy * dy + 1e-9
  const team = teamOf(s, p)
  for (let o = firstOf(s, 1 - team); o < endOf(s, 1 - team); o++) {
    if (s.active[o] === 0) continue
    const ox = s.x[o] - s.x[p]
    const oy = s.y[o] - s.y[p]
    const part = clamp((ox * dx + oy * dy) / d2, 0, 1)
    const ax = ox - part * dx
    const ay = oy - part * dy
    const far = 1.2 + 2 * part
    if (ax * ax + ay * ay < far * far) return false
  }
  return true
}

/** The text observation: one thing per line, with its direction and distance from the seat's player. */
export function text(s: FootballState, seat: number): string {
  const p = s.seatPlayer[seat]
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const flags = s.seatSticky[seat]
  const mode = s.world[WORLD.mode]
  const lines: string[] = []
  if (mode !== 0)
    lines.push(`${MODE_WORDS[mode]} ${teamOf(s, s.world[WORLD.taker]) === team ? 'mine' : 'foe'}`)
  lines.push(ballLine(s, p))
  const going = s.seatDirection[seat] === 0 ? 'idle' : FULL_ACTIONS[s.seatDirection[seat]]
  lines.push(
    `me ${going}${flags & STICKY.sprint ? ' sprint' : ''}${flags & STICKY.dribble ? ' dribble' : ''}`,
  )
  lines.push(`goal ${goalPlace(s, p)}`)
  const edge = HALF_WIDTH - Math.abs(s.y[p])
  if (edge < EDGE) lines.push(`edge ${side * s.y[p] > 0 ? 'bottom' : 'top'} ${metres(Math.max(0, edge))}`)
  const keeper = s.setup.keeper[1 - team]
  if (keeper >= 0) lines.push(`keeper ${place(s, p, s.x[keeper], s.y[keeper])}`)
  for (const q of nearest(s, p, firstOf(s, team), endOf(s, team), s.setup.keeper[team])) {
    lines.push(`mate ${place(s, p, s.x[q], s.y[q])}${laneOpen(s, p, q) ? ' open' : ''}`)
  }
  for (const q of nearest(s, p, firstOf(s, 1 - team), endOf(s, 1 - team), keeper)) {
    lines.push(`foe ${place(s, p, s.x[q], s.y[q])}`)
  }
  if (s.config.text === 'full') for (const line of standing(s, p)) lines.push(line)
  return lines.join('\n')
}

/** Score, own goals first, and steps left; the own role, and where on the pitch the player is, from its middle. */
function standing(s: FootballState, p: number): string[] {
  const { left, right } = WORLD
  const [mine, theirs] = teamOf(s, p) === 0 ? [left, right] : [right, left]
  const goals = (index: number) => Math.min(s.world[index], GOALS.length - 1)
  const time = nearestOf(STEPS, s.config.scenario.duration + 1 - s.t)
  const [x, y] = [sideOf(s, p) * s.x[p], sideOf(s, p) * s.y[p]]
  const place = `${x < 0 ? 'left' : 'right'} ${metres(Math.abs(x))} ${y < 0 ? 'top' : 'bottom'} ${metres(Math.abs(y))}`
  return [`score ${goals(mine)} ${goals(theirs)} time ${time}`, `role ${ROLES[s.setup.role[p]]} ${place}`]
}

/** A short truthful thought about playing `plan`: who has the ball, where the goal is, so what to do. */
export function think(s: FootballState, seat: number, plan: readonly number[]): string {
  const p = s.seatPlayer[seat]
  return `ball ${possessor(s, p)} goal ${goalPlace(s, p)} so ${FULL_ACTIONS[plan[0] ?? 0]}`
}

/** Whether every claim of a thought of this form holds; null when it claims nothing. */
export function truthful(
  s: FootballState,
  seat: number,
  thought: string,
  plan: readonly number[],
): boolean | null {
  const p = s.seatPlayer[seat]
  const words = thought.trim().split(/\s+/)
  let claims = 0
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 'ball') {
      claims++
      if (words[i + 1] !== possessor(s, p)) return false
    } else if (words[i] === 'goal') {
      claims++
      if (`${words[i + 1]} ${words[i + 2]}` !== goalPlace(s, p)) return false
    } else if (words[i] === 'so') {
      claims++
      if (words[i + 1] !== FULL_ACTIONS[plan[0] ?? -1]) return false
    }
  }
  return claims === 0 ? null : true
}

/** Buttons that stay down until they are released. */
const BUTTONS: Readonly<Record<string, number>> = {
  sprint: STICKY.sprint,
  dribble: STICKY.dribble,
  keeper_rush: STICKY.rush,
  pressure: STICKY.pressure,
  team_pressure: STICKY.teamPressure,
}

/** Whether the action is that of the kick being made, which can still be charged. */
function charges(s: FootballState, p: number, action: number): boolean {
  return s.doing[p] === KIND[action] && s.charge[p] < CHARGES
}

/** Which actions change anything now. */
export function legal(s: FootballState, seat: number): boolean[] {
  const p = s.seatPlayer[seat]
  const count = s.config.actionSet === 'full' ? FULL_ACTIONS.length : 19
  const owner = s.world[WORLD.owner]
  const flags = s.seatSticky[seat]
  const free = owner < 0 && distance2(s, p, s.ball[BALL.x], s.ball[BALL.y]) < READY * READY
  const kicks = s.doing[p] === 0 && (owner === p || free)
  return Array.from({ length: count }, (_, i) => {
    const name = FULL_ACTIONS[i]
    if (i >= 1 && i <= 8) return s.seatDirection[seat] !== i
    if (i >= LONG_PASS && i <= SHOT) return kicks || charges(s, p, i)
    const button = BUTTONS[name.replace('release_', '')]
    if (button) return ((flags & button) !== 0) === name.startsWith('release_')
    if (name === 'switch') return nearestFree(s, seat) >= 0
    if (name === 'release_direction') return s.seatDirection[seat] !== 0
    if (name === 'sliding') return s.doing[p] === 0 && owner !== p && s.world[WORLD.mode] === 0
    if (name.startsWith('release_')) return false
    return true
  })
}
