import * as tf from '#tf'
import { attention, embed, type Segments, tokenScores } from '../kernels/ops.ts'
import {
  heads,
  mix,
  type Network,
  project,
  readPrompts,
  readWords,
  shared,
  sketches,
  wordTable,
} from './forward.ts'
import { masked, maskedAt } from './mask.ts'
import { neighbours } from './neighbours.ts'
import type { Noise, Scores, Sequence, Slots } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * Scores of the responses of a batch in one pass over the tokens of all sequences end to end: first every prompt
 * once, then the responses, each a continuation of its prompt. The last block works on response tokens only. Scores are
 * those of sampling at `temperature`, above 0.
 */
export function score(
  network: Network,
  vocabulary: Vocabulary,
  batch: readonly Sequence[],
  noise?: Noise,
  temperature = 1,
): Scores {
  const { logits: plain, values, targets, sketch } = readOut(network, vocabulary, batch, noise)
  const logits = temperature === 1 ? plain : tf.div<tf.Tensor2D>(plain, temperature)
  return {
    ...tokenScores(masked(logits, bannedBy(vocabulary, batch)), targets),
    values: tf.reshape(values, [-1]),
    ...(sketch ? { sketch } : {}),
  }
}

/** Scores of a batch, and the logits [tokens, vocabulary] that every response token was drawn by. Inside tf.tidy. */
export function inspect(
  network: Network,
  vocabulary: Vocabulary,
  batch: readonly Sequence[],
): Scores & { readonly logits: tf.Tensor2D } {
  const { logits: plain, values, targets } = readOut(network, vocabulary, batch)
  const logits = masked(plain, bannedBy(vocabulary, batch))
  return { ...tokenScores(logits, targets), values: tf.reshape(values, [-1]), logits }
}

/** Logits [tokens, vocabulary] and values [tokens, 1] of all response tokens, and the words they were to be. */
function readOut(network: Network, vocabulary: Vocabulary, batch: readonly Sequence[], noise?: Noise) {
  const { prompts, owners } = shared(batch.map(({ prompt }) => prompt))
  const segments = layOut(
    prompts.map(({ words }) => words.length),
    batch,
    owners,
  )
  const { inputs, targets, positions } = shifted(vocabulary.special('<start>'), batch)
  const table = wordTable(network)
  const read = readPrompts(network, table, prompts, noise)
  let x = tf.concat2d([read, readWords(network, table, inputs, positions)], 0)
  const { blocks, heads: count } = network.shape
  const answering = { ...segments, silent: prompts.length }
  const around = neighbours(network.shape, prompts, x.shape[0])
  let sketch: tf.Tensor1D | undefined
  for (let i = 0; i < blocks; i++) {
    const last = i === blocks - 1
    if (last) sketch = sketchScores(network, x, batch, owners, prompts)
    let found = attention(project(network, i, x, around), last ? answering : segments, count)
    if (last) {
      x = tf.slice2d(x, [read.shape[0], 0], [-1, -1])
      found = tf.slice2d(found, [read.shape[0], 0], [-1, -1])
    }
    x = mix(network, i, x, found)
  }
  return { ...heads(network, table, x), targets, ...(sketch ? { sketch } : {}) }
}

/** Log-probabilities of what the slots of sketched sequences should answer, each prompt's once; undefined when none is. */
function sketchScores(
  network: Network,
  x: tf.Tensor2D,
  batch: readonly Sequence[],
  owners: Int32Array,
  prompts: readonly Slots[],
): tf.Tensor1D | undefined {
  const answers = network.shape.sketch
  if (!answers || !batch.some(({ sketch }) => sketch)) return undefined
  const starts = new Int32Array(prompts.length + 1)
  for (const [i, { words }] of prompts.entries()) starts[i + 1] = starts[i] + words.length
  const rows: number[] = []
  const targets = answers.map((): number[] => [])
  for (const [i, { sketch }] of batch.entries()) {
    if (!sketch || owners.indexOf(owners[i]) < i) continue
    for (let slot = 0; slot < sketch[0].length; slot++) {
      if (sketch[0][slot] < 0) continue
      rows.push(starts[owners[i]] + slot)
      for (const [question, target] of targets.entries()) target.push(sketch[question][slot])
    }
  }
  const logits = sketches(network, embed(x, Int32Array.from(rows)))
  let from = 0
  return tf.concat1d(
    answers.map((count, question) => {
      const own = tf.slice2d(logits, [0, from], [-1, count])
      from += count
      return tokenScores(own, Int32Array.from(targets[question])).logprobs
    }),
  )
}

/** Words that could not be written at each token of the responses. */
function bannedBy(vocabulary: Vocabulary, batch: readonly Sequence[]): (Int32Array | undefined)[] {
  return batch.flatMap(({ response, banned }) => {
    const at = banned ? maskedAt(vocabulary, response) : -1
    return Array.from(response, (_, t) => (t === at ? banned : undefined))
  })
}

function layOut(prompts: readonly number[], batch: readonly Sequence[], owners: Int32Array): Segments {
  const lengths = new Int32Array(prompts.length + batch.length)
  const prefixes = new Int32Array(lengths.length).fill(-1)
  lengths.set(prompts)
  for (const [i, { response }] of batch.entries()) {
    lengths[prompts.length + i] = response.length
    prefixes[prompts.length + i] = owners[i]
  }
  return { lengths, prefixes }
}

/** The words read (from `<start>` on), the words to be predicted, and their positions, end to end. */
function shifted(start: number, batch: readonly Sequence[]) {
  const total = batch.reduce((sum, { response }) => sum + response.length, 0)
  const inputs = new Int32Array(total)
  const targets = new Int32Array(total)
  const positions = new Int32Array(total)
  let at = 0
  for (const { response } of batch) {
    for (let t = 0; t < response.length; t++, at++) {
      inputs[at] = t === 0 ? start : response[t - 1]
      targets[at] = response[t]
      positions[at] = t
    }
  }
  return { inputs, targets, positions }
}
