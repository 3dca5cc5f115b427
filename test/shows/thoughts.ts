import * as tf from '@tensorflow/tfjs'
import { parseAnswer } from '#agent/dialogue/answer'
import { encode } from '#agent/model/encode'
import type { MiniLMM } from '#agent/model/minilmm'
import { inspect } from '#agent/model/score'
import type { Sequence, Slots } from '#agent/model/types'
import { foresee } from '#agent/policies/foresight'
import { below, type Random, seeded } from '#core/base/random'
import type { Policy, Request, Response } from '#core/play/policy'

/** Whose thought a model is made to begin with: the expert's, or one about a push that is legal and another. */
export type Whose = 'expert' | 'another'

/** Answers greedily after a thought that is put into its mouth. */
export function forced(model: MiniLMM, whose: Whose): Policy {
  return {
    id: `forced:${whose}`,
    act: async (requests) => {
      const prompts = requests.map((request) => encode(model.words, model.shape, request))
      const begun = requests.map((request) =>
        model.words.encode(`<think>${thoughtFor(request, whose)}</think><answer>`),
      )
      const written = continued(model, prompts, begun)
      return requests.map((request, i): Response => {
        const text = model.words.write(written[i])
        const answer = parseAnswer(text, request.env.actions(request.state.config), request.limit)
        return answer.valid
          ? { valid: true, actions: answer.actions, text, thought: answer.thought }
          : { valid: false, actions: [], reason: answer.reason, text, thought: answer.thought }
      })
    },
  }
}

/** What the expert thinks; or, of random legal walks, the first thought that is another and claims a push. */
function thoughtFor({ env, state, seat, limit, episode, turn }: Request, whose: Whose): string {
  const random = seeded(`${episode}/${turn}/thought`)
  const expert = env.policies?.expert(state.config)
  if (!expert || !env.think) throw new Error(`${env.id} has no expert that thinks`)
  const right = env.think(state, seat, foresee(env, expert, state, seat, limit, random))
  if (whose === 'expert') return right
  for (let tries = 0; tries < 200; tries++) {
    const thought = env.think(state, seat, walk(env.actions(state.config).length, 30, random))
    if (thought !== right && thought.startsWith('push')) return thought
  }
  return right
}

const walk = (actions: number, length: number, random: Random): number[] =>
  Array.from({ length }, () => below(random, actions))

/** The likeliest words after what is begun, one by one, to the end of each answer. */
function continued(model: MiniLMM, prompts: readonly Slots[], begun: readonly number[][]): number[][] {
  const { words, shape } = model
  const end = words.special('<end>')
  const written = begun.map((tokens) => [...tokens])
  for (;;) {
    const going = written.flatMap((tokens, i) =>
      tokens.at(-1) === end || tokens.length >= shape.response ? [] : [i],
    )
    if (going.length === 0) return written
    for (let from = 0; from < going.length; from += 64) {
      const part = going.slice(from, from + 64)
      // The last word stands for the one that is asked for; logits are those before it.
      const batch = part.map(
        (i): Sequence => ({ prompt: prompts[i], response: Int32Array.from([...written[i], end]) }),
      )
      const next = tf.tidy(() => {
        const { logits } = inspect(model, words, batch)
        let row = -1
        const rows = batch.map(({ response }) => (row += response.length))
        return tf.argMax(tf.gather(logits, tf.tensor1d(rows, 'int32')), 1).dataSync<'int32'>()
      })
      for (const [k, i] of part.entries()) written[i].push(next[k])
    }
  }
}
