import { exp, log } from '#core/base/math'
import { uniform } from '#core/base/random'
import * as tf from '#tf'
import { attention, createCache, type KeyValueCache, sample } from '../kernels/ops.ts'
import { heads, mix, type Network, project, readPrompts, readWords, shared, wordTable } from './forward.ts'
import { masked, maskedAt } from './mask.ts'
import { neighbours } from './neighbours.ts'
import { NotFinite } from './safetensors.ts'
import type { GenerateOptions, Generation, Slots } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Words listed per answered token, and the least probability worth listing. */
const ALTERNATIVES = { most: 6, least: 0.005 } as const

/** A response being written. */
interface Draft {
  readonly tokens: number[]
  readonly logprobs: number[]
  readonly values: number[]
  /** Of those that are asked for them. */
  readonly alternatives: Record<string, number>[] | undefined
  answering: boolean
  done: boolean
}

/**
 * Writes one response per prompt, token by token, over a cache of keys and values. Each token costs one read-back
 * (the words); values are read once at the end. Finished responses draw no more from their generators, and leave the
 * batch when they are half of it.
 * @throws NotFinite when the weights lead to no probabilities.
 */
export async function generate(
  network: Network,
  vocabulary: Vocabulary,
  prompts: readonly Slots[],
  options: GenerateOptions,
): Promise<Generation[]> {
  if (prompts.length === 0) return []
  const { temperature, randoms } = options
  const maxTokens = Math.min(options.maxTokens, network.shape.response)
  const end = vocabulary.special('<end>')
  const { alternatives = false } = options
  const drafts = prompts.map((_, i): Draft => {
    const listed = typeof alternatives === 'boolean' ? alternatives : alternatives[i]
    const written = { tokens: [], logprobs: [], values: [], alternatives: listed ? [] : undefined }
    return { ...written, answering: false, done: false }
  })
  const table = tf.tidy(() => tf.clone(wordTable(network)))
  const cache = readIntoCache(network, table, prompts, maxTokens)
  const values: { drafts: readonly Draft[]; values: tf.Tensor2D }[] = []
  /** Index of the draft that each row of the cache belongs to. */
  let rows: Int32Array = Int32Array.from(drafts.keys())
  let tokens: Int32Array = new Int32Array(rows.length).fill(vocabulary.special('<start>'))
  for (let t = 0; t < maxTokens; t++) {
    const writing = Array.from(rows, (row) => drafts[row])
    const banned = writing.map(({ tokens }, i) =>
      tokens.length > 0 && maskedAt(vocabulary, tokens) === tokens.length
        ? options.banned?.[rows[i]]
        : undefined,
    )
    const next = tf.tidy(() => {
      const { logits, values } = writeNext(network, table, cache, tokens, t)
      return { logits: masked(logits, banned), values }
    })
    const uniforms = writing.map(({ done }, i) => (done || temperature === 0 ? 0 : uniform(randoms[rows[i]])))
    const chosen = await sample(next.logits, temperature, uniforms)
    if (writing.some(lists)) await listAlternatives(vocabulary, writing, next.logits)
    next.logits.dispose()
    values.push({ drafts: writing, values: next.values })
    for (const [i, draft] of writing.entries()) {
      if (draft.done) continue
      draft.tokens.push(chosen.tokens[i])
      draft.logprobs.push(chosen.logprobs[i])
      draft.done = chosen.tokens[i] === end
    }
    tokens = chosen.tokens
    const going = Int32Array.from(writing.keys()).filter((i) => !writing[i].done)
    if (going.length === 0) break
    if (going.length <= rows.length / 2) {
      cache.select(going)
      tokens = going.map((i) => tokens[i])
      rows = going.map((i) => rows[i])
    }
  }
  cache.dispose()
  table.dispose()
  await readValues(values)
  if (drafts.some(({ logprobs }) => !logprobs.every(Number.isFinite))) {
    throw new NotFinite('the probabilities of words are not finite')
  }
  return drafts.map((draft) => ({
    tokens: Int32Array.from(draft.tokens),
    logprobs: Float32Array.from(draft.logprobs),
    values: Float32Array.from(draft.values),
    ...(draft.alternatives ? { alternatives: draft.alternatives } : {}),
  }))
}

/** Whether the likeliest words of what is written next are asked for. */
const lists = ({ alternatives, done }: Draft): boolean => alternatives !== undefined && !done

/** Gives every draft its values, one per token. */
async function readValues(
  steps: readonly { drafts: readonly Draft[]; values: tf.Tensor2D }[],
): Promise<void> {
  for (const { drafts, values } of steps) {
    const data = await values.data<'float32'>()
    for (const [i, draft] of drafts.entries()) {
      if (draft.values.length < draft.tokens.length) draft.values.push(data[i])
    }
    values.dispose()
  }
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
    const around = neighbours(network.shape, once.prompts, x.shape[0])
    for (let i = 0; i < blocks; i++) {
      const qkv = project(network, i, x, around)
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
    x = mix(network, i, x, cache.attend(i, project(network, i, x, undefined)))
  }
  cache.advance()
  return heads(network, table, x)
}

/** For rows inside their answer, the likeliest words and their probabilities, in order. */
async function listAlternatives(
  vocabulary: Vocabulary,
  drafts: readonly Draft[],
  logits: tf.Tensor2D,
): Promise<void> {
  const answer = vocabulary.special('<answer>')
  const answerEnd = vocabulary.special('</answer>')
  const size = vocabulary.size
  const data = await logits.data<'float32'>()
  for (const [i, draft] of drafts.entries()) {
    const last = draft.tokens.at(-1)
    if (last === answer) draft.answering = true
    if (last === answerEnd) draft.answering = false
    if (!draft.answering || draft.done) continue
    draft.alternatives?.push(likeliest(vocabulary, data.subarray(i * size, (i + 1) * size)))
  }
}

function likeliest(vocabulary: Vocabulary, logits: Float32Array): Record<string, number> {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) if (logits[i] > most) most = logits[i]
  let total = 0
  for (let i = 0; i < logits.length; i++) total += exp(logits[i] - most)
  const found: number[] = []
  const lowest = most + log(ALTERNATIVES.least * total)
  for (let i = 0; i < logits.length; i++) if (logits[i] >= lowest) found.push(i)
  found.sort((a, b) => logits[b] - logits[a])
  const listed: Record<string, number> = {}
  for (const token of found.slice(0, ALTERNATIVES.most)) {
    listed[vocabulary.words[token]] = exp(logits[token] - most) / total
  }
  return listed
}
