import { exp } from '#core/base/math'
import * as tf from '#tf'
import { attention } from '../kernels/ops.ts'
import { concatenated, PATCH_BYTES } from './encode.ts'
import { mix, project, readPrompts, readWords, wordTable } from './forward.ts'
import type { MiniLMM } from './minilmm.ts'
import { neighbours } from './neighbours.ts'
import type { Sequence, Slots } from './types.ts'

/** Sequences of one pass. */
const TOGETHER = 32

/** How much a slot of the newest observation matters to a word that was written. */
export interface SlotSaliency {
  /** What it shows: a word, or nothing where it is a patch of the frame. */
  readonly word?: string
  readonly row: number
  readonly column: number
  /** By how many nats the word's log-probability falls when the slot is hidden; below 0 it rises. */
  readonly occlusion: number
  /** By how much the value before the first word falls when it is hidden. */
  readonly value: number
  /** Share of attention that it gets where the word is chosen: mean over blocks and heads. */
  readonly attention: number
}

/** What was found about one word of a response. */
export interface Saliency {
  readonly probability: number
  /** Value before the first word. */
  readonly value: number
  readonly slots: readonly SlotSaliency[]
}

/**
 * What of an observation made a model write the word number `at` of a response. A slot is hidden by putting something else
 * in its place: the mean colour of the frame in that of a patch, `<unk>` in that of a word.
 */
export async function saliency(model: MiniLMM, sequence: Sequence, at: number): Promise<Saliency> {
  const { prompt } = sequence
  const seen = Array.from(prompt.words.keys()).filter((slot) => prompt.layers[slot] === 1)
  const variants = [sequence, ...seen.map((slot) => ({ ...sequence, prompt: hidden(model, prompt, slot) }))]
  const found: { logprob: number; value: number }[] = []
  for (let from = 0; from < variants.length; from += TOGETHER) {
    const part = variants.slice(from, from + TOGETHER)
    const { logprobs, values } = tf.tidy(() => {
      const { logprobs, values } = model.score(part)
      return { logprobs, values }
    })
    const [p, v] = [await logprobs.data<'float32'>(), await values.data<'float32'>()]
    tf.dispose([logprobs, values])
    const length = sequence.response.length
    for (let i = 0; i < part.length; i++) found.push({ logprob: p[i * length + at], value: v[i * length] })
  }
  const [base, ...without] = found
  const attended = await attentionTo(model, sequence, at)
  return {
    probability: exp(base.logprob),
    value: base.value,
    slots: seen.map((slot, i) => ({
      ...(prompt.words[slot] >= 0 && { word: model.vocabulary[prompt.words[slot]] }),
      row: prompt.rows[slot],
      column: prompt.columns[slot],
      occlusion: base.logprob - without[i].logprob,
      value: base.value - without[i].value,
      attention: attended[slot],
    })),
  }
}

/** A prompt without what one of its slots shows. */
function hidden(model: MiniLMM, prompt: Slots, slot: number): Slots {
  const words = prompt.words.slice()
  if (words[slot] >= 0) {
    words[slot] = model.words.special('<unk>')
    return { ...prompt, words }
  }
  words[slot] = -1 - prompt.patches.length / PATCH_BYTES
  return { ...prompt, words, patches: concatenated([prompt.patches, meanPatch(prompt)]) }
}

/** A patch of the mean colour of all patches that are shown. */
function meanPatch({ words, patches }: Slots): Uint8Array {
  const sums = [0, 0, 0]
  let pixels = 0
  for (const word of words) {
    if (word >= 0) continue
    const from = (-1 - word) * PATCH_BYTES
    for (let i = 0; i < PATCH_BYTES; i++) sums[i % 3] += patches[from + i]
    pixels += PATCH_BYTES / 3
  }
  return Uint8Array.from({ length: PATCH_BYTES }, (_, i) => Math.round(sums[i % 3] / Math.max(1, pixels)))
}

/**
 * How much attention every slot of the prompt gets where the word number `at` of the response is chosen: shares that with
 * those of the words before add up to 1, mean over blocks and heads.
 */
export async function attentionTo(
  model: MiniLMM,
  { prompt, response }: Sequence,
  at: number,
): Promise<Float32Array> {
  const { blocks, heads, width } = model.shape
  const tokens = prompt.words.length + at + 1
  const all = tf.tidy(() => {
    const table = wordTable(model)
    const inputs = Int32Array.from({ length: at + 1 }, (_, t) =>
      t === 0 ? model.words.special('<start>') : response[t - 1],
    )
    const read = readWords(model, table, inputs, Int32Array.from(inputs.keys()))
    let x = tf.concat2d([readPrompts(model, table, [prompt]), read], 0)
    const around = neighbours(model.shape, [prompt], x.shape[0])
    const kept: tf.Tensor2D[] = []
    for (let i = 0; i < blocks; i++) {
      const qkv = project(model, i, x, around)
      kept.push(qkv)
      if (i < blocks - 1) x = mix(model, i, x, attention(qkv, { lengths: Int32Array.of(tokens) }, heads))
    }
    return kept
  })
  const shares = new Float32Array(prompt.words.length)
  for (const qkv of all) {
    const data = await qkv.data<'float32'>()
    for (let head = 0; head < heads; head++) {
      const weights = lastRow(data, tokens, width, heads, head)
      for (let slot = 0; slot < shares.length; slot++) shares[slot] += weights[slot] / (blocks * heads)
    }
    qkv.dispose()
  }
  return shares
}

/** Attention of the last token to all tokens, by one head. @param qkv [tokens, 3 width]. */
function lastRow(
  qkv: Float32Array,
  tokens: number,
  width: number,
  heads: number,
  head: number,
): Float32Array {
  const size = width / heads
  const query = (tokens - 1) * 3 * width + head * size
  const scores = new Float32Array(tokens)
  let most = Number.NEGATIVE_INFINITY
  for (let token = 0; token < tokens; token++) {
    const key = token * 3 * width + width + head * size
    for (let i = 0; i < size; i++) scores[token] += qkv[query + i] * qkv[key + i]
    scores[token] /= Math.sqrt(size)
    if (scores[token] > most) most = scores[token]
  }
  let total = 0
  for (let token = 0; token < tokens; token++) {
    scores[token] = exp(scores[token] - most)
    total += scores[token]
  }
  return scores.map((score) => score / total)
}
