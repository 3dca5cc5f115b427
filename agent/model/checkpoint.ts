import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import { Conversation } from '#core/play/policy'
import { MiniLMM } from './minilmm.ts'
import { decodeSafetensors, encodeSafetensors, type Weights } from './safetensors.ts'
import { Shape } from './shape.ts'

/** Name of a model's file in a checkpoint's folder. */
export const MODEL_FILE = 'model.safetensors'

/** What a model's file says of it: everything needed to use it, and what it has seen. */
export const About = z.looseObject({
  /** 2: the file is sealed (safetensors.ts); 1 was written by 0.1.0. */
  format: z.union([z.literal(1), z.literal(2)]),
  shape: Shape,
  vocabulary: z.array(z.string()),
  /** Environment id -> [version, look] it was trained on. */
  envs: z.record(z.string(), z.tuple([z.int(), z.int()])).default({}),
  /** How it was last taught to talk. */
  conversation: Conversation.optional(),
  /** In words: how it was trained, on what and how much. */
  seen: z.string().default(''),
})
export type About = z.infer<typeof About>

/** What a trainer tells about a model it saves. */
export type Provenance = Pick<About, 'envs' | 'conversation' | 'seen'>

/** A model with what its file says of it. */
export interface Loaded {
  readonly model: MiniLMM
  readonly about: About
}

/** A model off the device. */
export interface StoredModel {
  readonly shape: Shape
  readonly vocabulary: readonly string[]
  readonly weights: Weights
}

/** The file of a model. @throws NotFinite for a weight that is no number. */
export function encodeModel(model: StoredModel, provenance: Provenance): Uint8Array {
  const { shape, vocabulary, weights } = model
  const about: About = { format: 2, shape, vocabulary: [...vocabulary], ...provenance }
  return encodeSafetensors({ weights, metadata: { kickpush: JSON.stringify(about) } })
}

/**
 * The model of a file's bytes, on the current backend; `what` names the file in errors.
 * @throws UserError when the bytes are damaged or not a model, NotFinite when the model's training diverged.
 */
export function decodeModel(bytes: Uint8Array, what: string): Loaded {
  const { weights, metadata, sealed } = decodeSafetensors(bytes, what)
  const about = parse(About, aboutIn(metadata, what), `checkpoint ${what}`)
  if (about.format === 2 && !sealed)
    throw new UserError(`${what} is not a whole checkpoint: its seal is gone`)
  return { model: new MiniLMM(about.shape, about.vocabulary, weights), about }
}

/** What a model's file says of it. @throws UserError when the bytes are damaged or not a model. */
export function aboutModel(bytes: Uint8Array, what: string): About {
  return parse(About, aboutIn(decodeSafetensors(bytes, what).metadata, what), `checkpoint ${what}`)
}

function aboutIn(metadata: Readonly<Record<string, string>>, what: string): unknown {
  try {
    return JSON.parse(metadata.kickpush)
  } catch {
    throw new UserError(
      `${what} does not describe a Kickpush model (its metadata has no readable 'kickpush')`,
    )
  }
}
