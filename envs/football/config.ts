import { z } from 'zod'
import { DEFAULT_ACTIONS, FULL_ACTIONS } from './actions.ts'

/** Roles in Google Research Football's order. */
export const ROLES = ['GK', 'CB', 'LB', 'RB', 'DM', 'CM', 'LM', 'RM', 'AM', 'CF'] as const
export type Role = (typeof ROLES)[number]

const Player = z.strictObject({
  role: z.enum(ROLES),
  x: z.number().min(-1.01).max(1.01).describe("in the own team's frame: it attacks to the right"),
  y: z.number().min(-0.43).max(0.43).describe('negative is the top, for the left team'),
  lazy: z.boolean().default(false).describe('stands still until the ball comes to its feet'),
  controllable: z.boolean().default(true).describe('a seat may control it'),
})

const Team = z.strictObject({
  difficulty: z.number().min(0).max(1).describe('0 plays badly and slowly, 1 as well as it can'),
  players: z.array(Player).min(1).max(11),
})

/** Who stands where and what ends the episode, in the numbers of Google Research Football's scenario files. */
export const Scenario = z.strictObject({
  duration: z.int().min(1).max(100_000).default(400).describe('steps until time is up'),
  offsides: z.boolean().default(false),
  endOnScore: z.boolean().default(false),
  endOnOutOfPlay: z.boolean().default(false).describe('also on fouls: the game stops being in play'),
  endOnPossessionChange: z.boolean().default(false),
  ball: z
    .tuple([z.number().min(-1).max(1), z.number().min(-0.42).max(0.42)])
    .default([0, 0])
    .describe('x, y in the pitch frame'),
  left: Team,
  right: Team,
})
export type Scenario = z.infer<typeof Scenario>
export type PlayerSetup = z.infer<typeof Player>
export type TeamSetup = z.infer<typeof Team>

export const REWARDS = ['scoring', 'checkpoints', 'magebench'] as const

export const ACTION_SETS = { default: DEFAULT_ACTIONS, full: FULL_ACTIONS } as const

export const Config = z.strictObject({
  preset: z.string().optional().describe('name of a scenario; a label once resolved'),
  scenario: Scenario.describe('players, ball and endings'),
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
