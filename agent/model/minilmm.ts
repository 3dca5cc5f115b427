import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import * as tf from '#tf'
import type { Network } from './forward.ts'
import { generate } from './generate.ts'
import { initialWeights, weightShapes } from './init.ts'
import type { Weights } from './safetensors.ts'
import { inspect, score } from './score.ts'
import type { Shape } from './shape.ts'
import type { GenerateOptions, Generation, Model, Noise, Scores, Sequence, Slots } from './types.ts'
import { placeOf, Vocabulary } from './vocabulary.ts'

/**
 * MiniLMM: a small pre-norm decoder transformer that reads words and patches of frames at shared places and writes
 * words. Its weights live on the current tfjs backend until `dispose`.
 */
export class MiniLMM implements Model, Network {
  readonly shape: Shape
  readonly words: Vocabulary
  readonly weights: Readonly<Record<string, tf.Variable>>
  readonly places?: Network['places']

  /** @throws UserError when a weight is missing or has another shape. */
  constructor(shape: Shape, vocabulary: readonly string[], weights: Weights) {
    this.shape = shape
    this.words = new Vocabulary(vocabulary)
    const variables: Record<string, tf.Variable> = {}
    for (const [name, expected] of Object.entries(weightShapes(shape, vocabulary.length))) {
      const weight = weights[name]
      if (!weight) throw new UserError(`the model's weight '${name}' is missing`)
      if (weight.shape.join() !== expected.join()) {
        throw new UserError(`the model's weight '${name}' has shape [${weight.shape}], not [${expected}]`)
      }
      variables[name] = tf.tidy(() => tf.variable(tf.tensor(weight.data, [...weight.shape])))
    }
    this.weights = variables
    this.places = placesOf(this.words, shape)
  }

  /** A fresh model; the same seed gives the same weights. */
  static create(shape: Shape, vocabulary: readonly string[], seed: string): MiniLMM {
    return new MiniLMM(shape, vocabulary, initialWeights(shape, vocabulary.length, seeded(seed)))
  }

  get vocabulary(): readonly string[] {
    return this.words.words
  }

  /** Number of trainable numbers. */
  get parameters(): number {
    return Object.values(this.weights).reduce((sum, { size }) => sum + size, 0)
  }

  generate(prompts: readonly Slots[], options: GenerateOptions): Promise<Generation[]> {
    return generate(this, this.words, prompts, options)
  }

  score(batch: readonly Sequence[], noise?: Noise, temperature?: number): Scores {
    return score(this, this.words, batch, noise, temperature)
  }

  /** Scores, and the logits [tokens, vocabulary] that every response token was drawn by. Inside tf.tidy. */
  inspect(batch: readonly Sequence[]): ReturnType<typeof inspect> {
    return inspect(this, this.words, batch)
  }

  /** The weights as they are now, off the device. */
  async read(): Promise<Weights> {
    const weights: Record<string, Weights[string]> = {}
    for (const [name, weight] of Object.entries(this.weights)) {
      weights[name] = { shape: weight.shape, data: await weight.data<'float32'>() }
    }
    return weights
  }

  dispose(): void {
    tf.dispose([Object.values(this.weights), this.places ? Object.values(this.places) : []])
  }
}

/** Which words name a row, and which a column, as matrices of 0 and 1; undefined when none does. */
function placesOf(vocabulary: Vocabulary, shape: Shape): Network['places'] {
  const named = { rows: new Float32Array(0), columns: new Float32Array(0) }
  let found = false
  for (const axis of ['rows', 'columns'] as const) {
    named[axis] = new Float32Array(vocabulary.size * shape[axis])
    for (const [token, word] of vocabulary.words.entries()) {
      const place = placeOf(word)
      if (place?.axis !== axis || place.index >= shape[axis]) continue
      named[axis][token * shape[axis] + place.index] = 1
      found = true
    }
  }
  if (!found) return undefined
  return {
    rows: tf.tensor2d(named.rows, [vocabulary.size, shape.rows]),
    columns: tf.tensor2d(named.columns, [vocabulary.size, shape.columns]),
  }
}
