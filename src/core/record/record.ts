import { z } from 'zod'
import { Conversation, ENDS, MODALITIES, Usage } from '../play/policy.ts'

/** The record format's version; an unknown one is refused. */
export const FORMAT = 1

const hash = z.string().regex(/^[0-9a-f]{16}$/, 'a hash is 16 hex digits')
const rewardTerms = z.record(z.string(), z.number())

/** Opens an episode. `config` is resolved, with every default written and the level or scenario inline. */
export const StartEvent = z.looseObject({
  type: z.literal('start'),
  format: z.int(),
  episode: z.string(),
  kickpush: z.string(),
  env: z.string(),
  /** `name@version` of the package that brought the game, where it does not come with Kickpush. */
  package: z.string().optional(),
  version: z.int(),
  look: z.int(),
  config: z.record(z.string(), z.unknown()),
  seed: z.string(),
  /** Policy name per seat. */
  agents: z.array(z.string()).min(1),
  conversation: Conversation,
  run: z.string().optional(),
  stage: z.string().optional(),
  update: z.int().optional(),
  /** Hash of the initial state. */
  hash,
})

/** What a policy said. `t` is the state's step count when it was asked. */
export const TurnEvent = z.looseObject({
  type: z.literal('turn'),
  episode: z.string(),
  turn: z.int().min(0),
  t: z.int().min(0),
  seat: z.int().min(0),
  observation: z.looseObject({ modality: z.enum(MODALITIES), hash }),
  valid: z.boolean(),
  /** Of agents that write as they like: whether the answer kept the format, or could be read all the same. */
  format: z.enum(['strict', 'lenient']).optional(),
  /** How the reply ended, where not as it should. */
  end: z.enum(ENDS).optional(),
  actions: z.array(z.string()),
  /** What its writer was told, where the reply was no answer. */
  reason: z.string().optional(),
  response: z.string().optional(),
  thought: z.string().optional(),
  /** Thoughts that came apart from the response, as written. */
  reasoning: z.string().optional(),
  /** Tokens that the reply cost. */
  usage: Usage.optional(),
  value: z.number().optional(),
  probabilities: z.array(z.record(z.string(), z.number())).optional(),
})

/**
 * What the simulator did: one action index per seat, macros expanded, -1 for a seat that did not decide; `terms` per seat,
 * zeros left out.
 */
export const StepEvent = z.looseObject({
  type: z.literal('step'),
  episode: z.string(),
  /** Steps taken, counting this one. */
  t: z.int().min(1),
  actions: z.array(z.int().min(-1)),
  rewards: z.array(z.number()),
  terms: z.array(rewardTerms),
  terminated: z.boolean(),
  truncated: z.boolean(),
  hash,
})

/** Closes an episode. `truncated` here also covers the conversation's own limit (turns used up). */
export const EndEvent = z.looseObject({
  type: z.literal('end'),
  episode: z.string(),
  steps: z.int().min(0),
  return: z.array(z.number()),
  score: z.array(z.number().nullable()).optional(),
  outcome: z.string(),
  success: z.boolean(),
  /** What the outcome was worth to each seat, where the game tells them apart. */
  seats: z.array(z.number()).optional(),
  terminated: z.boolean(),
  truncated: z.boolean(),
  /** Why it was broken off, because an agent gave no answer. */
  failed: z.string().optional(),
  /** The seat that lost because it gave no answer to play; `return` counts what that was worth to each. */
  forfeit: z.int().min(0).optional(),
  hash,
})

export const RecordEvent = z.discriminatedUnion('type', [StartEvent, TurnEvent, StepEvent, EndEvent])

export type StartEvent = z.infer<typeof StartEvent>
export type TurnEvent = z.infer<typeof TurnEvent>
export type StepEvent = z.infer<typeof StepEvent>
export type EndEvent = z.infer<typeof EndEvent>
/** One line of a record (JSONL). Unknown fields are kept. */
export type RecordEvent = z.infer<typeof RecordEvent>
