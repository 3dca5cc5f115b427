import { z } from 'zod'
import { Conversation } from '#core/play/policy'
import { Algorithm } from '../algorithms/algorithm.ts'
import { RewardOptions } from '../rewards/registry.ts'
import { Curriculum } from './curriculum.ts'
import { MistakesOptions } from './mistakes.ts'
import { Opponents, PoolOptions } from './opponents.ts'
import { Source } from './source.ts'
import { Valid } from './valid.ts'

export { Source } from './source.ts'

const Optimizer = z.strictObject({
  rate: z.number().positive().describe('learning rate of AdamW'),
  beta1: z.number().min(0).max(0.9999).default(0.9),
  beta2: z.number().min(0).max(0.9999).default(0.95),
  weightDecay: z.number().min(0).default(0),
  clip: z.number().min(0).default(1).describe('largest norm of the gradient; 0 for no limit'),
  warmup: z.int().min(0).default(0).describe('updates over which the rate rises from 0'),
  decay: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of the updates, at the end, over which the rate falls'),
  floor: z.number().min(0).max(1).default(0).describe('share of the rate that is left at the end'),
})
export type Optimizer = z.infer<typeof Optimizer>

const common = {
  name: z
    .string()
    .max(60)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -')
    .describe('unique in the recipe'),
  from: z
    .string()
    .optional()
    .describe("the stage to go on from: a stage's name, or 'start'; the one before unless given"),
  data: z.array(Source).min(1).optional().describe("the recipe's data unless given"),
  updates: z.int().min(1).describe('the budget'),
  freeze: z.array(z.string()).default([]).describe('weights left alone, by the beginning of their names'),
}

const Augment = z
  .union([z.boolean(), z.literal('wide')])
  .default(false)
  .describe(
    'shifts frames by a pixel, brightens, tints and makes them noisy, each in its own way; wide: twice as far, up to five times as noisy, and half of them with fewer colours or none',
  )

export const Imitation = z.strictObject({
  ...common,
  kind: z.enum(['base', 'sft']).describe('imitation; sft imitates solutions only unless told otherwise'),
  optimizer: Optimizer,
  conversation: Conversation.prefault({}),
  batch: z.int().min(1).default(32).describe('samples of an update'),
  walks: z.number().min(0).max(1).optional().describe('share of random legal walks (base .6, sft 0)'),
  expert: z.string().default('expert').describe('the scripted agent that shows solutions'),
  astray: z
    .int()
    .min(1)
    .optional()
    .describe(
      'solutions that do not begin at the start begin after a random walk of fewer turns than this; maxTurns unless given',
    ),
  fromStart: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of the solutions that begin at the start [.5]; 0 where every episode starts alike'),
  against: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'scripted agents or random: who sits in the other seats of a solution; the expert unless given',
    ),
  turnsShown: z
    .int()
    .min(1)
    .default(1)
    .describe('most samples from one episode: several where episodes are long or the expert is slow'),
  noise: z.number().min(0).max(2).optional().describe('noise on embeddings of observations (base .3, sft 0)'),
  sketch: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      "weight of what slots are asked about the expert's plan; above 0 a solution follows one plan to its end (model: b)",
    ),
  leaveOut: z
    .strictObject({
      words: z.array(z.string()).min(1),
      share: z.number().min(0).max(1).describe('of the texts; the others are whole'),
    })
    .optional()
    .describe(
      'words of observations that most texts are read without: shorter, where their absence tells as much',
    ),
  frames: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of episodes shown as frames, whatever the conversation's modality"),
  texts: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of episodes shown as texts, whatever the conversation's modality"),
  both: z.number().min(0).max(1).default(0).describe('share of episodes shown as frames with their texts'),
  augment: Augment,
  valid: Valid,
})
export type Imitation = z.infer<typeof Imitation>

export const Alignment = z.strictObject({
  ...common,
  kind: z.literal('align').describe('patches of frames learn the embeddings of the words they show'),
  optimizer: Optimizer,
  batch: z.int().min(1).default(16).describe('frames of an update'),
  augment: Augment,
})
export type Alignment = z.infer<typeof Alignment>

export const Reinforcement = z.strictObject({
  ...common,
  kind: z
    .enum(['fre', 'mgt', 'direct-rl'])
    .describe('rule-based RL: fre on text, mgt on frames, direct-rl on frames from the base'),
  optimizer: Optimizer,
  conversation: Conversation.prefault({}),
  reward: RewardOptions.prefault({}),
  algorithm: Algorithm.prefault({}),
  opponents: Opponents,
  pool: PoolOptions,
  groups: z.int().min(1).default(64).describe('levels of an update'),
  groupSize: z.int().min(1).default(8).describe('episodes per level'),
  deal: z
    .enum(['tokens'])
    .optional()
    .describe(
      'tokens: groups are dealt to shards and minibatches anew before they are learnt from, so that all have about as many tokens and no worker waits for another; as they were played, as many groups to each, unless given',
    ),
  minibatches: z.int().min(1).default(4).describe('optimizer steps per pass over the episodes of an update'),
  epochs: z.int().min(1).default(1).describe('passes over the episodes of an update'),
  temperature: z.literal(1).default(1).describe('of sampling: what is sampled is what is learnt'),
  shuffleRewards: z
    .boolean()
    .default(false)
    .describe('a control: rewards change hands between episodes, so there is nothing to learn'),
  valid: Valid,
  curriculum: Curriculum,
  mistakes: MistakesOptions,
  tokens: z
    .int()
    .min(1)
    .optional()
    .describe('response tokens after which the stage ends, where its updates have not ended it before'),
})
export type Reinforcement = z.infer<typeof Reinforcement>

export const Stage = z.discriminatedUnion('kind', [Imitation, Alignment, Reinforcement])
export type Stage = z.infer<typeof Stage>
