import { z } from 'zod'
import { didYouMean, shown, UserError } from '#core/base/errors'
import { own } from '#core/base/own'
import { parse } from '#core/env/config'
import { Conversation } from '#core/play/policy'
import { Algorithm } from '../algorithms/algorithm.ts'
import { RewardOptions } from '../rewards/registry.ts'
import { AgentName, frozenStage, Opponents, POOL, PoolOptions } from './opponents.ts'
import { override } from './override.ts'
import { readYaml } from './yaml.ts'

/** The environments a stage draws its levels from. */
export const Source = z.strictObject({
  env: z.string().describe('an environment of the registry'),
  config: z.record(z.string(), z.unknown()).default({}).describe('its config; `preset` names one'),
  levels: z
    .union([z.string().transform((path) => [path]), z.array(z.string()).min(1)])
    .optional()
    .describe('files or folders of levels to draw from; each level is in one split, by its key'),
  skipBad: z.boolean().optional().describe('leave out levels of files that cannot be read'),
  weight: z.number().positive().default(1).describe('share among the sources of a stage'),
})
export type Source = z.infer<typeof Source>

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

const Imitation = z.strictObject({
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
  frames: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of episodes shown as frames, whatever the conversation's modality"),
  augment: z
    .boolean()
    .default(false)
    .describe('shifts frames by a pixel, brightens, tints and makes them noisy, each in its own way'),
})
export type Imitation = z.infer<typeof Imitation>

const Alignment = z.strictObject({
  ...common,
  kind: z.literal('align').describe('patches of frames learn the embeddings of the words they show'),
  optimizer: Optimizer,
  batch: z.int().min(1).default(16).describe('frames of an update'),
  augment: z
    .boolean()
    .default(false)
    .describe('shifts frames by a pixel, brightens, tints and makes them noisy, each in its own way'),
})
export type Alignment = z.infer<typeof Alignment>

const Reinforcement = z.strictObject({
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
  minibatches: z.int().min(1).default(4).describe('optimizer steps per pass over the episodes of an update'),
  epochs: z.int().min(1).default(1).describe('passes over the episodes of an update'),
  temperature: z.literal(1).default(1).describe('of sampling: what is sampled is what is learnt'),
  shuffleRewards: z
    .boolean()
    .default(false)
    .describe('a control: rewards change hands between episodes, so there is nothing to learn'),
})
export type Reinforcement = z.infer<typeof Reinforcement>

export const Stage = z.discriminatedUnion('kind', [Imitation, Alignment, Reinforcement])
export type Stage = z.infer<typeof Stage>

/** Most episodes of an evaluation: each needs a level that is in no other split. */
const MOST_EPISODES = 20_000

/** The closing evaluation of a recipe. */
export const Evaluation = z.strictObject({
  agents: z
    .array(AgentName)
    .min(1)
    .describe("names of stages, 'start', or of policies (random, expert); each plays all levels"),
  opponents: z
    .array(AgentName)
    .min(1)
    .optional()
    .describe(
      "who sits in the other seats: each agent plays each of them from every seat of every level; names as in 'agents'. Agents sit in all seats unless given",
    ),
  modalities: z
    .array(z.enum(['text', 'frame', 'both']))
    .min(1)
    .default(['text', 'frame']),
  episodes: z.int().min(1).max(MOST_EPISODES).default(500).describe('held-out levels'),
  split: z.enum(['valid', 'test']).default('test').describe('choose on valid, report test'),
  seed: z.string().default('test').describe('of the held-out levels'),
  temperature: z.number().min(0).default(1).describe('of sampling; 0 is greedy'),
  data: z.array(Source).min(1).optional(),
  conversation: Conversation.prefault({}),
  compare: z
    .array(
      z.strictObject({
        agent: z.string(),
        baseline: z.string(),
        modality: z.enum(['text', 'frame', 'both']),
      }),
    )
    .default([])
    .describe('paired differences of success on the same levels'),
  greedy: z.array(z.string()).default([]).describe('agents that also play at temperature 0'),
  blind: z.array(z.string()).default([]).describe("agents that also play with another level's observation"),
})
export type Evaluation = z.infer<typeof Evaluation>

/** An agent on show. */
const Exhibit = z.strictObject({
  agent: AgentName.describe('a policy, like mini:<shipped name>'),
  env: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
})

/** A training run: stages in order, then an evaluation. One schema for files, `--set` and checkpoints. */
export const Recipe = z.strictObject({
  name: z
    .string()
    .max(60)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -'),
  description: z.string().default(''),
  seed: z.union([z.string(), z.number()]).transform(String).prefault('1'),
  model: z
    .union([
      z.string().regex(/^mini:.+/, 'mini:<shipped name or checkpoint folder>'),
      z.enum(['xs', 's', 'm']),
    ])
    .default('s')
    .describe('what the first stage starts from: a checkpoint, or a size with fresh weights'),
  data: z.array(Source).min(1).describe('what stages play unless they say otherwise'),
  vocabulary: z
    .array(z.string())
    .optional()
    .describe('environments whose words a fresh model knows; those of `data` unless given'),
  shards: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('parts of every batch; results depend on it, and not on the number of workers'),
  checkpointEvery: z.int().min(1).default(10).describe('updates between checkpoints'),
  stages: z.array(Stage).min(1),
  evaluation: Evaluation.optional(),
  exhibition: z
    .array(Exhibit)
    .default([])
    .describe('what else plays on the wall while training begins, beside the start and the scripted agents'),
})
export type Recipe = z.infer<typeof Recipe>

/** The JSON schema of a recipe file. */
export function recipeSchema(): object {
  return z.toJSONSchema(Recipe, { io: 'input' })
}

/**
 * The recipe in a text of YAML with overrides `a.b=c` written over it (numbers index lists, `stages.fre.updates` names a
 * stage; values are YAML).
 * @throws UserError with one line: which key, what is allowed.
 */
export function parseRecipe(text: string, overrides: readonly string[], what: string): Recipe {
  const document = readYaml(text, what)
  for (const one of overrides) override(document, one)
  return recipeOf(document, what)
}

/** The recipe that a parsed document is. @throws UserError as `parseRecipe` does. */
export function recipeOf(document: unknown, what: string): Recipe {
  checkStages(document, what)
  const recipe = parse(Recipe, document, what)
  checkNames(recipe, what)
  checkShares(recipe, what)
  checkOpponents(recipe, what)
  return recipe
}

const KINDS: Readonly<Record<string, z.ZodType>> = {
  base: Imitation,
  sft: Imitation,
  align: Alignment,
  fre: Reinforcement,
  mgt: Reinforcement,
  'direct-rl': Reinforcement,
}

/** Each stage on its own first, for a message that names the stage and the keys its kind allows. */
function checkStages(document: unknown, what: string): void {
  const stages = (document as { stages?: unknown } | null)?.stages
  if (!Array.isArray(stages)) return
  for (const [i, stage] of stages.entries()) {
    const { name, kind } = (stage ?? {}) as { name?: unknown; kind?: unknown }
    const where = `${what}, stage ${typeof name === 'string' ? name : i}`
    const known = typeof kind === 'string' ? own(KINDS, kind) : undefined
    if (!known) {
      const given = typeof kind === 'string' ? kind : ''
      throw new UserError(`${where}: no kind ${shown(kind)}${didYouMean(given, Object.keys(KINDS))}`)
    }
    parse(known, stage, where)
  }
}

function checkNames(recipe: Recipe, what: string): void {
  const known = new Set(['start'])
  for (const stage of recipe.stages) {
    if (known.has(stage.name)) throw new UserError(`${what}: two stages are named '${stage.name}'`)
    if (stage.from !== undefined && !known.has(stage.from)) {
      throw new UserError(
        `${what}: stage '${stage.name}' starts from '${stage.from}', which is not before it${didYouMean(stage.from, [...known])}`,
      )
    }
    known.add(stage.name)
  }
}

/** Opponents that are stages come before, and a pool is there for somebody. */
function checkOpponents({ stages, evaluation }: Recipe, what: string): void {
  const ended = ['start']
  for (const stage of stages) {
    if ('groups' in stage) {
      const { name, opponents = [], pool } = stage
      for (const { agent } of opponents) {
        const from = frozenStage(agent)
        if (from === null || ended.includes(from)) continue
        throw new UserError(
          `${what}, stage ${name}: opponents: '${agent}' is no stage before it${didYouMean(from, ended)}`,
        )
      }
      if (pool && !opponents.some(({ agent }) => agent === POOL)) {
        throw new UserError(`${what}, stage ${name}: pool: '${POOL}' is not among the opponents`)
      }
    }
    ended.push(stage.name)
  }
  if (evaluation?.opponents && evaluation.blind.length > 0) {
    throw new UserError(`${what}: evaluation.blind: no agent plays blind against opponents`)
  }
}

/** Every shard has something to do in every update. */
function checkShares({ shards, stages }: Recipe, what: string): void {
  for (const stage of stages) {
    const [key, parts] =
      'groups' in stage
        ? ['groups', stage.groups]
        : ['batch', Math.ceil(stage.batch / ('turnsShown' in stage ? stage.turnsShown : 1))]
    if (parts >= shards) continue
    throw new UserError(
      `${what}, stage ${stage.name}: ${key} makes ${parts} part${parts === 1 ? '' : 's'}, too few for ${shards} shards`,
    )
  }
}
