import { z } from 'zod'

/** Roles in Google Research Football's order. */
export const ROLES = ['GK', 'CB', 'LB', 'RB', 'DM', 'CM', 'LM', 'RM', 'AM', 'CF'] as const
export type Role = (typeof ROLES)[number]

/** Exercises whose start is drawn (drills.ts). */
export const DRILL_NAMES = ['empty_goal', 'run', 'race', 'keeper', 'pass', 'attack', 'wing'] as const
export type DrillName = (typeof DRILL_NAMES)[number]

export const Player = z.strictObject({
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
  drill: z
    .enum(DRILL_NAMES)
    .optional()
    .describe('all of it is drawn anew from the seed: an exercise of this kind'),
  drawn: z.enum(DRILL_NAMES).optional().describe('it was drawn as this drill'),
})
export type Scenario = z.infer<typeof Scenario>
export type PlayerSetup = z.infer<typeof Player>
export type TeamSetup = z.infer<typeof Team>
