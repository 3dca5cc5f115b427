import { hashText } from '#core/base/hash'
import { findEnv } from '#core/env/registry'
import type { Level } from '#core/play/match'
import type { Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import * as tf from '#tf'
import { decodeModel } from '../model/checkpoint.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import { type Reader, unreadableIn } from '../model/readable.ts'
import type { Trace } from '../model/types.ts'
import { everywhere } from '../policies/everywhere.ts'
import { mini } from '../policies/mini.ts'
import type { Source } from '../recipe/recipe.ts'
import type { EvaluateJob, Examination } from '../trainer/jobs.ts'
import { heldOutLevels, openLevels } from '../trainer/levels.ts'
import { breathing } from '../trainer/rollout.ts'
import { conversationsOf } from '../trainer/shown.ts'
import type { Workplace } from '../workplace.ts'
import { blindfolded, evaluate, type Result } from './evaluate.ts'
import { fromEverySeat } from './seats.ts'

/** The part of a replica that lets agents of all kinds play held-out levels. */
export class Examiner {
  readonly #workplace: Workplace
  readonly #onEvent: (event: RecordEvent) => void
  readonly #breathe: () => Promise<void>
  #held: { readonly name: string; readonly levels: readonly Level[] } = { name: '', levels: [] }

  constructor(workplace: Workplace, onEvent: (event: RecordEvent) => void, breathe: () => Promise<void>) {
    this.#workplace = workplace
    this.#onEvent = onEvent
    this.#breathe = breathe
  }

  /**
   * The hash of the held-out levels of an evaluation.
   * @param reader - the learner, here as below: levels of files that it cannot read are none of them.
   * @throws UserError when there are too few.
   */
  levels(examination: Examination, reader?: Reader): string {
    const levels = this.#heldOut(examination, reader)
    return hashText(JSON.stringify(levels.map(({ env, config, seed }) => [env.id, config, seed])))
  }

  /** The fingerprint of an agent, if it has one. @throws UserError when it cannot play the data. */
  async meet(name: string, data: readonly Source[], backend: string): Promise<string> {
    const policy = await this.#policy(name, data, { backend })
    policy.dispose?.()
    return policy.fingerprint ?? ''
  }

  /** Plays a shard of the held-out levels. */
  async evaluate(job: EvaluateJob, backend: string, reader?: Reader): Promise<Result[]> {
    const { evaluation, agent, modality } = job
    const held = this.#heldOut(job, reader)
    const all = job.opponent ? fromEverySeat(held) : held
    const from = Math.floor((all.length * job.shard) / job.shards)
    const to = Math.floor((all.length * (job.shard + 1)) / job.shards)
    const { temperature } = evaluation
    const seated = async (who: EvaluateJob['agent']): Promise<Policy> =>
      'bytes' in who
        ? mini(decodeModel(who.bytes, who.what).model, {
            id: `mini:${who.name}`,
            temperature,
            probabilities: false,
            ownsModel: true,
            frozen: true,
          })
        : await this.#policy(who.policy, job.data, { temperature, backend })
    const policy = await seated(agent)
    const opponent = job.opponent && (await seated(job.opponent))
    const unhurried = breathing(policy, this.#breathe)
    const conversation = { ...evaluation.conversation, modality }
    const kept = new Set(Array.from({ length: job.keep }, (_, i) => `${job.name}-${i}`))
    const shifted = [...all.slice(from + 1), ...all.slice(0, from + 1)]
    const results = await evaluate({
      levels: all.slice(from, to),
      policies: [job.blind ? blindfolded(unhurried, shifted, conversation) : unhurried],
      opponent: opponent && breathing(opponent, this.#breathe),
      conversation,
      sampling: job.sampling ?? evaluation.seed,
      from,
      name: job.name,
      run: job.run,
      onEvent: (event) => {
        if (kept.has(event.episode)) this.#onEvent(event)
      },
    })
    policy.dispose?.()
    opponent?.dispose?.()
    return results
  }

  /**
   * Mean entropy, in nats, of the distributions that a model's words are drawn from while it plays the held-out levels at
   * the evaluation's temperature, which is above 0.
   */
  async entropy(job: EvaluateJob, reader?: Reader): Promise<number> {
    const { evaluation, agent, modality } = job
    if (!('bytes' in agent)) throw new Error(`'${agent.policy}' is no model`)
    const { temperature } = evaluation
    const { model } = decodeModel(agent.bytes, agent.what)
    const policy = mini(model, { id: agent.name, temperature, probabilities: false, ownsModel: true })
    const total = { entropy: 0, words: 0 }
    const measured: Policy = {
      id: policy.id,
      act: async (requests) => {
        const responses = await policy.act(requests)
        const traces = responses.map(({ trace }) => trace as Trace)
        for (const entropy of await entropies(model, traces, temperature)) total.entropy += entropy
        for (const { generation } of traces) total.words += generation.tokens.length
        return responses
      },
    }
    await evaluate({
      levels: this.#heldOut(job, reader),
      policies: [breathing(measured, this.#breathe)],
      conversation: { ...evaluation.conversation, modality },
      sampling: job.sampling ?? evaluation.seed,
    })
    policy.dispose?.()
    return total.entropy / total.words
  }

  /** Levels that many agents play are made once. */
  #heldOut({ evaluation, data }: Examination, reader?: Reader): readonly Level[] {
    const { split, seed, episodes } = evaluation
    const shown = reader && conversationsOf(evaluation)
    const name = JSON.stringify([split, seed, episodes, data, shown])
    if (this.#held.name !== name) {
      const { envs, openPack } = this.#workplace
      const levels = openLevels(envs, data, openPack, reader && unreadableIn(reader, shown!))
      this.#held = { name, levels: heldOutLevels(levels, split, seed, episodes) }
    }
    return this.#held.levels
  }

  #policy(
    name: string,
    data: readonly Source[],
    context: { temperature?: number; backend: string },
  ): Promise<Policy> {
    const environments = data.map(({ env }) => findEnv(this.#workplace.envs, env))
    return everywhere(name, environments, context, this.#workplace.createPolicy)
  }
}

/** Entropy, in nats, at every word that was written. */
async function entropies(
  model: MiniLMM,
  traces: readonly Trace[],
  temperature: number,
): Promise<Float32Array> {
  const sequences = traces.map(({ prompt, generation, banned }) => ({
    prompt,
    response: generation.tokens,
    banned,
  }))
  const entropy = tf.tidy(() => model.score(sequences, undefined, temperature).entropy)
  const found = await entropy.data<'float32'>()
  entropy.dispose()
  return found
}
