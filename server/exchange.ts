import { z } from 'zod'

/** What comes with an action and decides nothing. */
const TOLD = {
  metadata: z.record(z.string(), z.unknown()).nullish().describe('a request_id may stand here too'),
  request_id: z.string().max(255).nullish().describe('comes back in the observation'),
}

export const Decision = z
  .strictObject({
    response: z.string().max(100_000).nullish().describe('what a language agent wrote, with its answer'),
    actions: z
      .union([z.string(), z.array(z.union([z.string(), z.int()]))])
      .nullish()
      .describe('names or indices, in the order they are played'),
    seats: z.null().optional(),
    ...TOLD,
  })
  .refine(({ response, actions }) => (response == null) !== (actions == null), {
    message: 'give either "response" or "actions"',
  })
export type Decision = z.infer<typeof Decision>

/** A decision; with several seats one per seat that `observation.seats` asks, in that order. */
export const ActionData = z.union([
  Decision,
  z.strictObject({
    seats: z.array(Decision).min(1),
    response: z.null().optional(),
    actions: z.null().optional(),
    ...TOLD,
  }),
])

/** What one seat that must decide gets. */
const View = z.object({
  seat: z.int(),
  turn: z.int().describe('turns of this seat before'),
  limit: z.int().describe('most actions this decision can play'),
  legal: z
    .array(z.string())
    .optional()
    .describe('names of the actions that do something now, where the game says which'),
  legal_mask: z
    .array(z.int().min(0).max(1))
    .optional()
    .describe('the same as a flag per action, in the order of actions'),
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
  unplayed: z
    .int()
    .optional()
    .describe('actions of the last response beyond the limit, which were not played; absent for none'),
  request_id: z.string().optional().describe('of the request that this answers'),
  terminated: z.boolean().describe('the rules ended the episode'),
  truncated: z.boolean().describe('a limit ended it'),
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
