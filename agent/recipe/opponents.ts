import { z } from 'zod'
import { withoutSecrets } from '#core/base/secrets'

/** A recipe is kept in run.json, where everybody reads it. */
export const AgentName = z
  .string()
  .refine(
    (name) => withoutSecrets(name) === name,
    'must hold no password or key: recipes are kept in run.json',
  )

/** The learner as it is now, and one of its past selves. */
export const SELF = 'self'
export const POOL = 'pool'
const FROZEN = 'frozen:'

/** Who sits in the other seats, and how often. */
const Opponent = z.union([
  AgentName.transform((agent) => ({ agent, weight: 1 })),
  z.strictObject({
    agent: AgentName,
    weight: z.number().positive().default(1).describe('share among the opponents'),
  }),
])

export const Opponents = z
  .array(Opponent)
  .min(1)
  .optional()
  .describe(
    'who sits in the other seats, drawn by weight for each level: self (the weights of now), pool (past selves of this stage), frozen:<stage> or frozen:start, a policy (random, expert); the learner sits in all seats unless given',
  )
export type Opponents = z.infer<typeof Opponents>

export const PoolOptions = z
  .strictObject({
    every: z.int().min(1).default(10).describe('updates between two past selves'),
    size: z.int().min(1).max(64).default(8).describe('past selves kept; the oldest leaves'),
  })
  .optional()
  .describe('of the opponent pool')

/** The stage whose end `frozen:<stage>` is; null for other names. */
export function frozenStage(agent: string): string | null {
  return agent.startsWith(FROZEN) ? agent.slice(FROZEN.length) : null
}
