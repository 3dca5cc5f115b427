import * as tf from '@tensorflow/tfjs'
import { uniform } from '#core/random'
import { attention, createCache, type KeyValueCache, sample } from '../kernels/ops.ts'
import { heads, mix, type Network, project, readPrompts, readWords, shared, wordTable } from './forward.ts'
import type { GenerateOptions, Generation, Slots } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Words listed per answered token, and the least probability worth listing. */
const ALTERNATIVES = { most: 6, least: 0.005 } as const

/** A response being written. */
interface Draft {
  readonly tokens: number[]
  readonly logprobs: number[]
  readonly values: number[]
  readonly alternatives: Record<string, number>[]
  answering: boolean
}

/**
 * Writes one response per prompt, token by token, over a cache of keys and values. Each token costs one read-back
 * (the words); values are read once at the end. Finished responses leave the batch when they are many.
 */
export async function generate(
  network: Network,
  vocabulary: Vocabulary,
  prompts: readonly Slots[],
  options: GenerateOptions,
): Promise<Generation[]> {
  const drafts = prompts.map(
    (): Draft => ({ tokens: [], logprobs: [], values: [], alternatives: [], answering: false }),
  )
  if (prompts.length === 0) return []
  const maxTokens = Math.min(options.maxTokens, network.shape.response)
  const end = vocabulary.special('<end>')
  const table = tf.tidy(() => tf.clone(wordTable(network)))
  const cache = readIntoCache(network, table, prompts, maxTokens)
  /** Draft of each row of the cache. */
  let rows: Int32Array = Int32Array.from(drafts.keys())
  const steps: { rows: Int32Array; values: tf.Tensor2D }[] = []
  let tokens: Int32Array = new Int32Array(rows.length).fill(vocabulary.special('<start>'))
  for (let t = 0; t < maxTokens; t++) {
    const { logits, values } = tf.tidy(() => writeNext(network, table, cache, tokens, t))
    const uniforms = Float64Array.from(rows, (row) =>
      options.temperature > 0 ? uniform(options.randoms[row]) : 0,
    )
    const chosen = sample(logits, options.temperature, uniforms)
    if (options.alternatives) listAlternatives(vocabulary, rows, drafts, logits)
    logits.dispose()
    steps.push({ rows, values })
    const going: number[] = []
    for (let i = 0; i < rows.length; i++) {
      const draft = drafts[rows[i]]
      if (draft.tokens.at(-1) === end) continue
      draft.tokens.push(chosen.tokens[i])
      draft.logprobs.push(chosen.logprobs[i])
      if (chosen.tokens[i] !== end) going.push(i)
    }
    if (going.length === 0) break
    tokens = chosen.tokens
    if (going.length <= rows.length / 2) {
      const kept = Int32Array.from(going)
      cache.select(kept)
      tokens = kept.map((i) => chosen.tokens[i])
      rows = kept.map((i) => rows[i])
    }
  }
  cache.dispose()
  table.dispose()
  for (const { rows, values } of steps) {
    const data = values.dataSync<'float32'>()
    for (let i = 0; i < rows.length; i++) drafts[rows[i]].values.push(data[i])
    values.dispose()
  }
  return drafts.map(({ tokens, logprobs, values, alternatives }) => ({
    tokens: Int32Array.from(tokens),
    logprobs: Float32Array.from(logprobs),
    values: Float32Array.from(values.slice(0, tokens.length)),
    ...(options.alternatives ? { alternatives } : {}),
  }))
}

/** Reads every prompt once; the last block needs no more of it than keys and values. One row per response. */
function readIntoCache(
  network: Network,
  table: tf.Tensor2D,
  prompts: readonly Slots[],
  room: number,
): KeyValueCache {
  const { blocks, width, heads } = network.shape
  const once = shared(prompts)
  const lengths = Int32Array.from(once.prompts, ({ words }) => words.length)
  const cache = createCache({ layers: blocks, width, heads, lengths, room })
  tf.tidy(() => {
    let x = readPrompts(network, table, once.prompts)
    for (let i = 0; i < blocks; i++) {
      const qkv = project(network, i, x)
      cache.prefill(i, qkv)
      if (i < blocks - 1) x = mix(network, i, x, attention(qkv, { lengths }, heads))
    }
  })
  if (once.prompts.length < prompts.length) cache.select(once.owners)
  return cache
}

/** Logits and values of the next token of every row. */
function writeNext(
  network: Network,
  table: tf.Tensor2D,
  cache: KeyValueCache,
  tokens: Int32Array,
  t: number,
) {
  let x = readWords(network, table, tokens, new Int32Array(tokens.length).fill(t))
  for (let i = 0; i < network.shape.blocks; i++) {
    x = mix(network, i, x, cache.attend(i, project(network, i, x)))
  }
  cache.advance()
  return heads(network, table, x)
}

/** For rows inside their answer, the likeliest words and their probabilities, in order. */
function listAlternatives(
  vocabulary: Vocabulary,
  rows: Int32Array,
  drafts: readonly Draft[],
  logits: tf.Tensor2D,
): void {
  const answer = vocabulary.special('<answer>')
  const answerEnd = vocabulary.special('</answer>')
  const size = vocabulary.size
  const data = logits.dataSync<'float32'>()
  for (let i = 0; i < rows.length; i++) {
    const draft = drafts[rows[i]]
    const last = draft.tokens.at(-1)
    if (last === answer) draft.answering = true
    if (last === answerEnd) draft.answering = false
    if (!draft.answering) continue
    draft.alternatives.push(likeliest(vocabulary, data.subarray(i * size, (i + 1) * size)))
  }
}

function likeliest(vocabulary: Vocabulary, logits: Float32Array): Record<string, number> {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) if (logits[i] > most) most = logits[i]
  let total = 0
  for (let i = 0; i < logits.length; i++) total += Math.exp(logits[i] - most)
  const found: number[] = []
  const lowest = most + Math.log(ALTERNATIVES.least * total)
  for (let i = 0; i < logits.length; i++) if (logits[i] >= lowest) found.push(i)
  found.sort((a, b) => logits[b] - logits[a])
  const listed: Record<string, number> = {}
  for (const token of found.slice(0, ALTERNATIVES.most)) {
    listed[vocabulary.words[token]] = Math.exp(logits[token] - most) / total
  }
  return listed
}
