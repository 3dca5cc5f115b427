import { z } from 'zod'
import { DEFAULT_ACTIONS, FULL_ACTIONS } from './actions.ts'
import { DRILLS } from './scenarios/drills.ts'
import { Scenario } from './scenarios/scenario.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'

export const REWARDS = ['scoring', 'checkpoints', 'magebench'] as const

export const ACTION_SETS = { default: DEFAULT_ACTIONS, full: FULL_ACTIONS } as const

export const Config = z
  .strictObject({
    preset: z.string().optional().describe('name of a scenario; a label once resolved'),
    scenario: Scenario.default(SCENARIOS['11_vs_11_stochastic']).describe('players, ball and endings'),
    controlled: z
      .int()
      .min(1)
      .max(11)
      .default(1)
      .describe('seats of the left team; at most its controllable players'),
    opponents: z
      .int()
      .min(0)
      .max(11)
      .default(0)
      .describe('seats of the right team, which see themselves as the left'),
    actionSet: z
      .enum(['default', 'full'])
      .default('default')
      .describe('19 actions, or all 33 with builtin_ai'),
    reward: z
      .enum(REWARDS)
      .default('scoring')
      .describe(
        'scoring: goals; checkpoints: also ten marks on the way to the goal; magebench: its six terms',
      ),
    text: z
      .enum(['full', 'brief'])
      .default('full')
      .describe('brief: without score, time, role and place, as the first look had it'),
    noise: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('errors of passes and shots, and up to 0.3 m of shift of the starting positions'),
  })
  .superRefine(({ scenario, controlled, opponents }, context) => {
    const fewest = scenario.drill && DRILLS[scenario.drill].fewest
    const asked = [
      ['controlled', controlled, 'left', fewest?.[0] ?? controllable(scenario.left)],
      ['opponents', opponents, 'right', fewest?.[1] ?? controllable(scenario.right)],
    ] as const
    for (const [path, seats, name, given] of asked) {
      if (seats <= given) continue
      const message = `the ${name} team has ${given} player${given === 1 ? '' : 's'} that a seat may control`
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })
export type Config = z.infer<typeof Config>

/** Players of a team that seats may control; one at least, the first, when none is said to be. */
function controllable({ players }: Scenario['left']): number {
  return Math.max(1, players.filter((player) => player.controllable).length)
}
