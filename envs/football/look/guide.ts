import { seeded } from '#core/base/random'
import type { Prompt } from '#core/env/env'
import type { Config } from '../config.ts'
import { drawDrill } from '../scenarios/drills.ts'
import { DRILL_NAMES } from '../scenarios/scenario.ts'
import { SCENARIOS } from '../scenarios/scenarios.ts'

/** Scenarios by name, and the drills whose scenarios are drawn. */
export const PRESETS: Readonly<Record<string, object>> = Object.fromEntries([
  ...Object.entries(SCENARIOS).map(([name, scenario]) => [name, { scenario }]),
  ...DRILL_NAMES.map((drill) => {
    const { drawn, ...example } = drawDrill(drill, seeded('an example'))
    return [`drill_${drill}`, { scenario: { ...example, drill: drawn } }]
  }),
])

/** Small configs that together reach the rules. */
export const EXAMPLES: readonly object[] = [
  { preset: 'academy_empty_goal_close' },
  { preset: 'academy_3_vs_1_with_keeper', controlled: 3, reward: 'checkpoints' },
  { preset: 'academy_run_to_score_with_keeper', actionSet: 'full', opponents: 1 },
  { preset: '5_vs_5', controlled: 4, opponents: 4, actionSet: 'full' },
  { preset: 'academy_corner', noise: 0 },
  { preset: 'R5_P_2', reward: 'magebench' },
  { preset: 'drill_race' },
  { preset: 'drill_wing', controlled: 2 },
]

/** Whom a seat controls: one player at a time, beside those of other seats. */
function control({ controlled, opponents }: Config): string {
  const beside =
    controlled === 1
      ? 'the others play by themselves.'
      : `${controlled} players of your team are controlled, each by a seat of its own, and the others play by themselves.`
  const against =
    opponents === 0 ? '' : ` The other team has ${opponents} controlled player${opponents === 1 ? '' : 's'}.`
  return `You control one player of a football team at a time, the one at the ball if he is free; ${beside}${against}`
}

/** What a language agent is told. */
export function prompt(config: Config): Prompt {
  const text = [
    'One thing per line, as a direction from your player and a distance in metres; top is up the page, right is towards the goal you attack.',
    "ball says who has it (mine, mate, foe, free; held: in a keeper's hands) and, when it flies or rolls freely, where to; me says what stays on;",
    'goal is the goal you attack, keeper the one who guards it, edge the side line when near; open after a mate means that no opponent stands between.',
  ]
  if (config.text === 'full') {
    text.push(
      'score says your goals and theirs, and how many steps of 0.1 s are left; role says your role and how far you are from the middle of the pitch.',
    )
  }
  return {
    rules: [
      `${control(config)} Your team attacks the goal on the right.`,
      'Score: bring the ball forward, pass to team mates who are free, shoot when the goal is near. Do not lose the ball or play it out of the pitch.',
      'A direction, sprint and dribble stay on until you change or release them. Passes and shots go the way you are heading; sent again they are charged: stronger and later. After a pass you control the receiver.',
    ].join(' '),
    text: text.join(' '),
    frame:
      'The pitch from above. Your team is yellow, its goalkeeper orange; the player you control has a blue name over his head. Opponents are red, their goalkeeper purple. The ball is white, with a shadow under it when it flies. A line before a player shows where he is heading.',
  }
}

/** Keys for playing by hand. */
export const KEYS: Readonly<Record<string, string>> = {
  ArrowLeft: 'left',
  ArrowUp: 'top',
  ArrowRight: 'right',
  ArrowDown: 'bottom',
  Numpad1: 'bottom_left',
  Numpad2: 'bottom',
  Numpad3: 'bottom_right',
  Numpad4: 'left',
  Numpad6: 'right',
  Numpad7: 'top_left',
  Numpad8: 'top',
  Numpad9: 'top_right',
  KeyS: 'short_pass',
  KeyA: 'long_pass',
  KeyW: 'high_pass',
  KeyD: 'shot',
  KeyE: 'sprint',
  KeyR: 'release_sprint',
  KeyC: 'dribble',
  KeyV: 'release_dribble',
  KeyX: 'sliding',
  Space: 'release_direction',
}
