import * as tf from '#tf'
import type { MiniLMM } from '../model/minilmm.ts'
import type { Experience } from './loss.ts'

/** Gives experiences the log-probabilities of their words under a stage's first policy, `together` at a time, in place. */
export async function addReference(reference: MiniLMM, list: Experience[], together: number): Promise<void> {
  for (let from = 0; from < list.length; from += together) {
    const part = list.slice(from, from + together)
    const scored = tf.tidy(() => reference.score(part).logprobs)
    const logprobs = await scored.data<'float32'>()
    scored.dispose()
    let at = 0
    part.forEach((experience, i) => {
      const length = experience.response.length
      list[from + i] = { ...experience, reference: logprobs.slice(at, at + length) }
      at += length
    })
  }
}
