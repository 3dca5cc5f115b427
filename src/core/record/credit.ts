import { z } from 'zod'

const numbers = z.array(z.number())

/** What was learnt of a turn. Lists have one number per token that was written. */
export const CreditTurn = z.looseObject({
  /** What the reward rule paid for it, and for what. */
  reward: z.number(),
  terms: z.record(z.string(), z.number()),
  /** The words that were written; these lists are absent where there was no room for them. */
  tokens: z.array(z.string()).optional(),
  /** Log-probability of each word under the policy that wrote it, and the entropy of what it was drawn from, in nats. */
  logprobs: numbers.optional(),
  entropy: numbers.optional(),
  /** The value head before each word, what it was to have said, and by how much the word was made likelier. */
  values: numbers.optional(),
  returns: numbers.optional(),
  advantages: numbers.optional(),
  /** How probable every action of the game was where each answered action stands; the rest were other words. */
  actions: z.array(z.record(z.string(), z.number())).optional(),
})
export type CreditTurn = z.infer<typeof CreditTurn>

/** What a sort can go by, of a trajectory. */
export const CREDIT_FIGURES = ['surprise', 'valueError', 'advantage'] as const

/**
 * What a training used of one trajectory (a seat's turns) of a recorded episode: a line of `credit/<segment>.jsonl`, beside
 * `episodes/<segment>.jsonl`.
 */
export const CreditLine = z.looseObject({
  episode: z.string(),
  seat: z.int().min(0),
  /** Mean of minus the log-probability of its words, in nats. */
  surprise: z.number(),
  /** Root of the mean squared difference between the value head and its targets. */
  valueError: z.number(),
  /** Mean over its words. */
  advantage: z.number(),
  /** As in the recipe ("grpo", "episode"). */
  algorithm: z.string(),
  credit: z.string(),
  /** False: it was left out, because all episodes of its level earned the same. */
  used: z.boolean(),
  turns: z.array(CreditTurn),
})
export type CreditLine = z.infer<typeof CreditLine>
export type CreditFigures = Pick<CreditLine, (typeof CREDIT_FIGURES)[number]>
