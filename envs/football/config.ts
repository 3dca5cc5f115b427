import { z } from 'zod'
import { DEFAULT_ACTIONS, FULL_ACTIONS } from './actions.ts'
import { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

export const REWARDS = ['scoring', 'checkpoints', 'magebench'] as const

export const ACTION_SETS = { default: DEFAULT_ACTIONS, full: FULL_ACTIONS } as const

export const Config = z.strictObject({
  preset: z.string().optional().describe('name of a scenario; a label once resolved'),
  scenario: Scenario.default(SCENARIOS['11_vs_11_stochastic']).describe('players, ball and endings'),
  controlled: z.int().min(1).max(11).default(1).describe('seats of the left team'),
  opponents: z
    .int()
    .min(0)
    .max(11)
    .default(0)
    .describe('seats of the right team, which see themselves as the left'),
  actionSet: z.enum(['default', 'full']).default('default').describe('19 actions, or all 33 with builtin_ai'),
  reward: z
    .enum(REWARDS)
    .default('scoring')
    .describe('scoring: goals; checkpoints: also ten marks on the way to the goal; magebench: its six terms'),
  noise: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('errors of passes and shots, and up to 0.3 m of shift of the starting positions'),
})
export type Config = z.infer<typeof Config>
