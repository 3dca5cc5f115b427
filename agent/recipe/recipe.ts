import { z } from 'zod'
import { didYouMean, shown, UserError } from '#core/base/errors'
import { own } from '#core/base/own'
import { parse } from '#core/env/config'
import { Conversation } from '#core/play/policy'
import { SIZE_NAMES } from '../model/shape.ts'
import { AgentName, frozenStage, POOL } from './opponents.ts'
import { override } from './override.ts'
import { Alignment, Imitation, Reinforcement, Source, Stage } from './stages.ts'
import { readYaml } from './yaml.ts'

export type { Optimizer } from './stages.ts'
export { Alignment, Imitation, Reinforcement, Source, Stage } from './stages.ts'

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
    .union([z.string().regex(/^mini:.+/, 'mini:<shipped name or checkpoint folder>'), z.enum(SIZE_NAMES)])
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
      if (stage.valid && stage.opponents) {
        throw new UserError(
          `${what}, stage ${name}: valid: nobody looks at levels against opponents; look at 'rating'`,
        )
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
