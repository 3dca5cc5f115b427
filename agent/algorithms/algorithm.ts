import { z } from 'zod'

const unit = z.number().min(0).max(1)

export const ALGORITHMS = ['grpo', 'rloo', 'reinforce-baseline', 'gigpo', 'ppo'] as const
export type AlgorithmName = (typeof ALGORITHMS)[number]
const CREDITS = ['episode', 'turn', 'token', 'bi-level'] as const

/**
 * The credits that mean something for an algorithm; the first is its own. Comparing episodes of a level needs numbers that
 * stand beside each other: whole episodes, or the same turn of each. Single tokens do not, and a value head has nothing to
 * say where all turns share one number.
 */
export const CREDITS_OF: Readonly<Record<AlgorithmName, readonly (typeof CREDITS)[number][]>> = {
  grpo: ['episode', 'turn'],
  rloo: ['episode', 'turn'],
  'reinforce-baseline': ['episode', 'turn'],
  gigpo: ['episode'],
  ppo: ['turn', 'token', 'bi-level'],
}

/** How rewards become advantages, and advantages a loss. */
export const Algorithm = z
  .strictObject({
    name: z
      .enum(ALGORITHMS)
      .default('grpo')
      .describe(
        'grpo, rloo, reinforce-baseline compare the episodes of a level; gigpo also the turns that were shown the same; ppo asks the value head',
      ),
    credit: z
      .enum(CREDITS)
      .optional()
      .describe(
        "episode: one number for all turns; turn: what is still to come at each turn; token, bi-level: generalized advantage estimation within turns, too. ppo's is turn, the others' episode unless given",
      ),
    gamma: unit.default(1).describe('discount per turn (per token with credit token)'),
    lambda: unit.default(1).describe('trace decay per turn (per token with credit token); ppo'),
    tokenGamma: unit.default(1).describe('discount per token within a turn (bi-level)'),
    tokenLambda: unit.default(1).describe('trace decay per token within a turn (bi-level)'),
    stepWeight: z.number().min(0).default(1).describe('weight of the turns that were shown the same; gigpo'),
    bootstrap: z
      .boolean()
      .default(false)
      .describe(
        'ppo: a truncated episode counts on with its last value; false where the limit is part of the task',
      ),
    normaliseRewards: z
      .boolean()
      .default(false)
      .describe('divide rewards by the standard deviation of the batch: a scale for the value head'),
    clipLow: z.number().positive().default(0.2),
    clipHigh: z.number().positive().default(0.2),
    value: z.number().min(0).default(0.1).describe('weight of the value loss'),
    entropy: z.number().min(0).default(0.003).describe('weight of the entropy bonus'),
    kl: z.number().min(0).default(0).describe("weight of KL (k3) to the stage's first policy"),
    dropEqualGroups: z.boolean().default(true).describe('leave out levels whose episodes all earn the same'),
  })
  .superRefine((given, context) => {
    const { name, credit = CREDITS_OF[name][0] } = given
    const allowed = CREDITS_OF[name]
    const refuse = (key: keyof typeof given, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message })
    if (!allowed.includes(credit)) {
      const why =
        name === 'ppo' ? 'one number for all turns has no use for the value head' : 'nothing to compare'
      return refuse('credit', `${name} takes ${allowed.join(', ')}: ${why}`)
    }
    const idle = IDLE.find(
      ({ key, used }) => given[key] !== Algorithm.shape[key].parse(undefined) && !used(name, credit),
    )
    if (idle) refuse(idle.key, `no use in ${name} with credit ${credit}: ${idle.where}`)
  })
export type Algorithm = z.infer<typeof Algorithm>

/** Knobs that some algorithms do not have. */
const IDLE = [
  {
    key: 'gamma',
    used: (name: AlgorithmName, credit: string) => name === 'gigpo' || credit !== 'episode',
    where: 'an episode is one number; leave it out, or take credit turn',
  },
  {
    key: 'lambda',
    used: (name: AlgorithmName) => name === 'ppo',
    where: 'only ppo estimates with the value head',
  },
  { key: 'bootstrap', used: (name: AlgorithmName) => name === 'ppo', where: 'only ppo asks the value head' },
  {
    key: 'tokenGamma',
    used: (_: AlgorithmName, credit: string) => credit === 'bi-level',
    where: 'it is for credit bi-level',
  },
  {
    key: 'tokenLambda',
    used: (_: AlgorithmName, credit: string) => credit === 'bi-level',
    where: 'it is for credit bi-level',
  },
  { key: 'stepWeight', used: (name: AlgorithmName) => name === 'gigpo', where: 'it is for gigpo' },
] as const
