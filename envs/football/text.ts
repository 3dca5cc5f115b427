import { directionOf, FULL_ACTIONS } from './actions.ts'
import { GOAL_HALF_WIDTH, HALF_LENGTH } from './pitch.ts'
import { BALL, type FootballState, STICKY, WORLD } from './state.ts'
import { sideOf, teamOf } from './teams.ts'

/** Distances in metres that a text can say; the nearest is said. */
const METRES = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100] as const

/** Words of texts and thoughts. */
export const WORDS: readonly string[] = [
  ...FULL_ACTIONS,
  ...METRES.map(String),
  'ball',
  'me',
  'mate',
  'foe',
  'keeper',
  'goal',
  'mine',
  'free',
  'here',
]

function metres(d: number): string {
  let best = 0
  for (let i = 1; i < METRES.length; i++) if (Math.abs(METRES[i] - d) < Math.abs(METRES[best] - d)) best = i
  return String(METRES[best])
}

/** The text observation: one thing per line, with its direction and distance from the player. */
export function text(s: FootballState, seat: number): string {
  const p = s.seatPlayer[seat]
  const side = sideOf(s, p)
  const owner = s.world[WORLD.owner]
  const to = (x: number, y: number) => {
    const dx = side * (x - s.x[p])
    const dy = side * (y - s.y[p])
    const d = Math.sqrt(dx * dx + dy * dy)
    return d < 0.5 ? 'here 0' : `${FULL_ACTIONS[directionOf(dx, dy)]} ${metres(d)}`
  }
  const has = owner < 0 ? 'free' : owner === p ? 'mine' : teamOf(s, owner) === teamOf(s, p) ? 'mate' : 'foe'
  const goalY = Math.max(-GOAL_HALF_WIDTH, Math.min(GOAL_HALF_WIDTH, s.y[p]))
  const me = [FULL_ACTIONS[s.seatDirection[seat]]]
  if (s.seatSticky[seat] & STICKY.sprint) me.push('sprint')
  if (s.seatSticky[seat] & STICKY.dribble) me.push('dribble')
  const lines = [
    `ball ${has} ${to(s.ball[BALL.x], s.ball[BALL.y])}`,
    `me ${me.join(' ')}`,
    `goal ${to(side * HALF_LENGTH, goalY)}`,
  ]
  return lines.join('\n')
}
