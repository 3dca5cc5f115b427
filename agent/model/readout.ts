import * as tf from '#tf'
import { attention } from '../kernels/ops.ts'
import { heads, mix, project, readPrompts, readWords, wordTable } from './forward.ts'
import type { MiniLMM } from './minilmm.ts'
import { neighbours } from './neighbours.ts'
import type { Slots } from './types.ts'

/** What a model thinks at each token of a response: logits of the next word [tokens, vocabulary], and values [tokens]. */
export interface Readout {
  readonly logits: Float32Array
  readonly values: Float32Array
}

/**
 * The forward pass over one prompt and the response so far, as it is exported.
 * @param tokens `<start>`, then what was written.
 */
export async function readOut(model: MiniLMM, prompt: Slots, tokens: Int32Array): Promise<Readout> {
  const { shape } = model
  const { logits, values } = tf.tidy(() => {
    const table = wordTable(model)
    const positions = Int32Array.from(tokens.keys())
    let x = tf.concat2d([readPrompts(model, table, [prompt]), readWords(model, table, tokens, positions)], 0)
    const around = neighbours(shape, [prompt], x.shape[0])
    const segments = { lengths: Int32Array.of(prompt.words.length + tokens.length) }
    for (let i = 0; i < shape.blocks; i++)
      x = mix(model, i, x, attention(project(model, i, x, around), segments, shape.heads))
    return heads(model, table, tf.slice2d(x, [prompt.words.length, 0], [-1, -1]))
  })
  const read: Readout = { logits: await logits.data<'float32'>(), values: await values.data<'float32'>() }
  tf.dispose([logits, values])
  return read
}

/** The embedding of every word with its place, off the device. */
export async function tableOf(model: MiniLMM): Promise<Float32Array> {
  const table = tf.tidy(() => tf.clone(wordTable(model)))
  const data = await table.data<'float32'>()
  table.dispose()
  return data
}
