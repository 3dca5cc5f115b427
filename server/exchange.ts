import { z } from 'zod'

/** What clients of an environment server send and get; one schema for checks and for /schema. */
export const ResetData = z.looseObject({
  seed: z
    .union([z.int(), z.string().min(1).max(200)])
    .nullish()
    .describe('the episode; drawn unless given'),
  episode_id: z.string().min(1).max(255).nullish().describe('name of the episode; made unless given'),
  config: z.record(z.string(), z.unknown()).nullish().describe("keys of the environment's config"),
  seat: z
    .int()
    .min(0)
    .nullish()
    .describe(
      'which seat is played from here, where an opponent has the others; drawn by the seed unless given',
    ),
  index: z.int().min(1).nullish().describe('which level of the served files; drawn by the seed unless given'),
})
export type ResetData = z.infer<typeof ResetData>

export const Decision = z
  .strictObject({
    response: z.string().max(100_000).optional().describe('what a language agent wrote, with its answer'),
    actions: z
      .union([z.string(), z.array(z.union([z.string(), z.int()]))])
      .optional()
      .describe('names or indices, in the order they are played'),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ response, actions }) => (response === undefined) !== (actions === undefined), {
    message: 'give either "response" or "actions"',
  })

export type Decision = z.infer<typeof Decision>

/** A decision; with several seats one per seat that `observation.seats` asks, in that order. */
export const ActionData = z.union([Decision, z.strictObject({ seats: z.array(Decision).min(1) })])

/** What one seat that must decide gets. */
const View = z.object({
  seat: z.int(),
  turn: z.int().describe('turns of this seat before'),
  limit: z.int().describe('most actions this decision can play'),
  legal: z
    .array(z.string())
    .optional()
    .describe('names of the actions that do something now, where the game says which'),
  text: z.string().optional().describe('the text observation, where the conversation has one'),
  messages: z
    .array(z.record(z.string(), z.unknown()))
    .describe("the chat that asks, in the form of OpenAI's API"),
})

export const Observation = View.partial().extend({
  seats: z.array(View).optional().describe('with several seats: every one that must decide'),
  actions: z.array(z.string()).describe('action names in index order'),
  episode_id: z.string(),
  seed: z
    .string()
    .optional()
    .describe('of the episode; where the game hides something, only once it is over'),
  rewards: z.array(z.number()).optional().describe('what the decision was worth to each seat'),
  outcome: z.string(),
  success: z
    .boolean()
    .describe(
      'where results tells seats apart, of the seat that is played from here against an opponent, else of seat 0',
    ),
  results: z.array(z.number()).optional().describe('what the outcome is worth to each seat: above 0 a win'),
})
export type Observation = z.infer<typeof Observation>

export const StateData = z.object({
  episode_id: z.string().nullable(),
  step_count: z.int(),
  env: z.string().optional(),
  seed: z.string().optional(),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'everything the episode began with, the level inline; where the game hides something, only once it is over',
    ),
  turns: z.array(z.int()).optional(),
  return: z.array(z.number()).optional(),
  outcome: z.string().optional(),
  success: z.boolean().optional(),
  results: z.array(z.number()).optional(),
  terminated: z.boolean().optional(),
  truncated: z.boolean().optional(),
})
export type StateData = z.infer<typeof StateData>
