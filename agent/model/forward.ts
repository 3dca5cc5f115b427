import * as tf from '#tf'
import { embed, gelu, layerNorm, linear, near } from '../kernels/ops.ts'
import { concatenated, PATCH_BYTES } from './encode.ts'
import { fillNormal } from './init.ts'
import type { Shape } from './shape.ts'
import type { Noise, Slots } from './types.ts'

/** What the forward pass needs of a model. */
export interface Network {
  readonly shape: Shape
  readonly weights: Readonly<Record<string, tf.Variable>>
  /** Which words name a row [vocabulary, rows] and a column [vocabulary, columns], as 0 and 1; absent if none does. */
  readonly places?: { readonly rows: tf.Tensor2D; readonly columns: tf.Tensor2D }
}

/** Batches of prompts, each listed once, and which of them a sequence follows. */
export interface Batch {
  readonly prompts: readonly Slots[]
  /** Per sequence, the index of its prompt. */
  readonly owners: Int32Array
}

/** Lists every prompt object once, in order of appearance. */
export function shared(prompts: readonly Slots[]): Batch {
  const index = new Map<Slots, number>()
  const owners = Int32Array.from(prompts, (prompt) => {
    const known = index.get(prompt)
    if (known !== undefined) return known
    index.set(prompt, index.size)
    return index.size - 1
  })
  return { prompts: [...index.keys()], owners }
}

/**
 * The embedding of every word [vocabulary, width], for reading and for writing. A word that names a row or
 * column adds the embedding of that place, so that what it means is tied to where it is.
 */
export function wordTable({ weights, places }: Network): tf.Tensor2D {
  const words = matrix(weights, 'embed.words')
  if (!places) return words
  const rows = tf.matMul(places.rows, matrix(weights, 'embed.rows'))
  const columns = tf.matMul(places.columns, matrix(weights, 'embed.columns'))
  return tf.add(words, tf.add(rows, columns))
}

/** How large the words' embeddings are: the root of their mean square. */
export async function wordScale(network: Network): Promise<number> {
  const table = tf.tidy(() => tf.clone(wordTable(network)))
  const values = await table.data<'float32'>()
  table.dispose()
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return Math.sqrt(sum / values.length)
}

/** Embeddings of patches [patches, width]: pixels scaled to -1..1 through one linear map. */
export function projectPatches({ weights }: Network, pixels: Uint8Array): tf.Tensor2D {
  const scaled = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) scaled[i] = pixels[i] / 127.5 - 1
  const patches = tf.tensor2d(scaled, [pixels.length / PATCH_BYTES, PATCH_BYTES])
  return linear(patches, matrix(weights, 'vision.projector.weight'), vector(weights, 'vision.projector.bias'))
}

/** What the prompts' slots hold, words or patches, without their places: [slots, width]. */
function slotContents(network: Network, table: tf.Tensor2D, prompts: readonly Slots[]): tf.Tensor2D {
  const pixels = concatenated(prompts.map(({ patches }) => patches))
  if (pixels.length === 0) return embed(table, join(prompts, 'words'))
  const index: number[] = []
  let first = table.shape[0]
  for (const { words, patches } of prompts) {
    for (const word of words) index.push(word >= 0 ? word : first - 1 - word)
    first += patches.length / PATCH_BYTES
  }
  return embed(tf.concat2d([table, projectPatches(network, pixels)], 0), Int32Array.from(index))
}

/** The prompts' slots end to end as the first block reads them: [slots, width]. */
export function readPrompts(
  network: Network,
  table: tf.Tensor2D,
  prompts: readonly Slots[],
  noise?: Noise,
): tf.Tensor2D {
  const { weights } = network
  const layers = join(prompts, 'layers')
  let x = slotContents(network, table, prompts)
  if (noise) x = tf.add(x, observationNoise(table.shape[1], layers, noise))
  x = tf.add(x, embed(matrix(weights, 'embed.layers'), layers))
  x = tf.add(x, embed(matrix(weights, 'embed.rows'), join(prompts, 'rows')))
  return tf.add(x, embed(matrix(weights, 'embed.columns'), join(prompts, 'columns')))
}

/** Noise for the slots of observations; none for the head. */
function observationNoise(width: number, layers: Int32Array, { deviation, random }: Noise): tf.Tensor2D {
  const data = new Float32Array(layers.length * width)
  fillNormal(data, deviation, random)
  for (let i = 0; i < layers.length; i++) if (layers[i] === 0) data.fill(0, i * width, (i + 1) * width)
  return tf.tensor2d(data, [layers.length, width])
}

/** Words and their positions in the response as the first block reads them: [tokens, width]. */
export function readWords(
  { weights }: Network,
  table: tf.Tensor2D,
  tokens: Int32Array,
  positions: Int32Array,
): tf.Tensor2D {
  return tf.add(embed(table, tokens), embed(matrix(weights, 'embed.positions'), positions))
}

/** Queries, keys and values of block `i`: [tokens, 3 width]; a slot's are of its neighbours too (`neighbours`). */
export function project(
  { weights }: Network,
  i: number,
  x: tf.Tensor2D,
  around: Int32Array | undefined,
): tf.Tensor2D {
  const own = normalised(weights, `blocks.${i}.norm1`, x)
  return linear(
    around ? near(own, matrix(weights, `blocks.${i}.near`), around) : own,
    matrix(weights, `blocks.${i}.attention.weight`),
    vector(weights, `blocks.${i}.attention.bias`),
  )
}

/** The rest of block `i`: what attention found is mixed into x, then each token is worked on by itself. */
export function mix({ weights }: Network, i: number, x: tf.Tensor2D, found: tf.Tensor2D): tf.Tensor2D {
  const y: tf.Tensor2D = tf.add(x, apply(weights, `blocks.${i}.mix`, found))
  const wide = gelu(apply(weights, `blocks.${i}.widen`, normalised(weights, `blocks.${i}.norm2`, y)))
  return tf.add(y, apply(weights, `blocks.${i}.narrow`, wide))
}

/** Logits over the vocabulary [tokens, vocabulary] and values [tokens, 1] of the last block's output. */
export function heads(
  { weights }: Network,
  table: tf.Tensor2D,
  x: tf.Tensor2D,
): { logits: tf.Tensor2D; values: tf.Tensor2D } {
  const final = normalised(weights, 'norm', x)
  return { logits: tf.matMul(final, table, false, true), values: apply(weights, 'value', final) }
}

/** What slots answer about the plan, logits [slots, answers of all questions], of the next to last block's output. */
export function sketches({ weights }: Network, x: tf.Tensor2D): tf.Tensor2D {
  return apply(weights, 'sketch', normalised(weights, 'sketch.norm', x))
}

const matrix = (weights: Network['weights'], name: string) => weights[name] as tf.Tensor2D
const vector = (weights: Network['weights'], name: string) => weights[name] as tf.Tensor1D

function apply(weights: Network['weights'], name: string, x: tf.Tensor2D): tf.Tensor2D {
  return linear(x, matrix(weights, `${name}.weight`), vector(weights, `${name}.bias`))
}

function normalised(weights: Network['weights'], name: string, x: tf.Tensor2D): tf.Tensor2D {
  return layerNorm(x, vector(weights, `${name}.gain`), vector(weights, `${name}.bias`))
}

function join(prompts: readonly Slots[], key: 'words' | 'layers' | 'rows' | 'columns'): Int32Array {
  const out = new Int32Array(prompts.reduce((sum, prompt) => sum + prompt[key].length, 0))
  let at = 0
  for (const prompt of prompts) {
    out.set(prompt[key], at)
    at += prompt[key].length
  }
  return out
}
