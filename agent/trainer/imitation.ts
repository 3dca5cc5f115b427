import { UserError } from '#core/base/errors'
import { below, seeded, uniform } from '#core/base/random'
import type { Sketch } from '#core/env/env'
import { observe } from '#core/env/observe'
import { actionsOf } from '#core/env/turns'
import type { Modality } from '#core/play/policy'
import * as tf from '#tf'
import { alignmentLoss, type Pair } from '../model/align.ts'
import { jitterFrame, jitterOf } from '../model/augment.ts'
import { encode, without } from '../model/encode.ts'
import { wordScale } from '../model/forward.ts'
import { gradients } from '../model/gradients.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import { onSlots } from '../model/sketch.ts'
import type { Sequence, Slots } from '../model/types.ts'
import type { Alignment, Imitation } from '../recipe/recipe.ts'
import { type Mixture, type Sample, samples } from './corpus.ts'
import { type Levels, trainLevel } from './levels.ts'
import { imitationLoss } from './loss.ts'
import { ALONE } from './shown.ts'

/** The part of an update's batch that one shard works on. */
export interface BatchJob {
  readonly levels: Levels
  readonly seed: string
  readonly update: number
  readonly shard: number
  readonly shards: number
}

/** Gradients by weight's name, on the device, and sums for metrics. */
export interface Gradient {
  readonly gradients: Record<string, tf.Tensor>
  readonly sums: Record<string, number>
}

/** The gradient of imitating this shard's samples; `loss` is cross-entropy per token. */
export async function imitate(
  model: MiniLMM,
  weights: MiniLMM['weights'],
  stage: Imitation,
  job: BatchJob,
): Promise<Gradient> {
  const plain: Mixture = {
    conversation: stage.conversation,
    augment: stage.augment,
    expert: stage.expert,
    walks: stage.walks ?? (stage.kind === 'base' ? 0.6 : 0),
    against: stage.against,
    turnsShown: stage.turnsShown,
    fromStart: stage.fromStart ?? 0.5,
    sketched: stage.sketch > 0,
    astray: Math.min(stage.astray ?? Number.POSITIVE_INFINITY, stage.conversation.maxTurns),
  }
  const seeing = (modality: Modality): Mixture => ({
    ...plain,
    conversation: { ...plain.conversation, modality },
  })
  const mixtureOf = (name: string): Mixture => {
    const { frames, both, texts } = stage
    if (frames + both + texts === 0) return plain
    const draw = uniform(seeded(`${name}/frames`))
    if (draw < frames) return seeing('frame')
    if (draw < frames + both) return seeing('both')
    return draw < frames + both + texts ? seeing('text') : plain
  }
  const share = stage.noise ?? (stage.kind === 'base' ? 0.3 : 0)
  const left = stage.leaveOut?.words.map((word) => model.words.token(word)) ?? []
  const thinned = (prompt: Slots, draw: string): Slots =>
    stage.leaveOut && uniform(seeded(`${draw}/whole`)) < stage.leaveOut.share ? without(prompt, left) : prompt
  const batch: Sequence[] = []
  let solutions = 0
  for (let i = job.shard; i < stage.batch / stage.turnsShown; i += job.shards) {
    const name = `${job.seed}/${stage.name}-${job.update}-${i}`
    const level = (attempt: number) => trainLevel(job.levels, `${name}.${attempt}`)
    for (const shown of samples(level, mixtureOf(name), seeded(`${name}/draw`))) {
      if (shown.solution) solutions++
      const prompt = thinned(encode(model.words, model.shape, shown.prompt), `${name}/${batch.length}`)
      batch.push({
        prompt,
        response: model.words.encodeResponse(shown.response),
        ...(shown.sketch ? { sketch: onSlots(prompt, asked(model, shown)) } : {}),
      })
    }
  }
  const tokens = batch.reduce((sum, { response }) => sum + response.length, 0)
  const random = seeded(`${job.seed}/${stage.name}-${job.update}/noise/${job.shard}`)
  const disturbed = share > 0 ? { deviation: share * (await wordScale(model)), random } : undefined
  const found = gradients(weights, () =>
    imitationLoss(model, batch, tokens * job.shards, disturbed, stage.sketch),
  )
  const loss = (await found.loss.data())[0]
  found.loss.dispose()
  return { gradients: found.gradients, sums: { loss, samples: batch.length, solutions, tokens } }
}

/** The sketch of a sample. @throws UserError when the model's slots are asked something else. */
function asked({ shape }: MiniLMM, { prompt: { env }, sketch }: Sample): Sketch {
  const answers = env.sketch?.answers ?? []
  if (shape.sketch?.join() === answers.join()) return sketch!
  throw new UserError(
    `the model's slots are asked for ${shape.sketch?.join(', ') ?? 'no'} answers, ${env.id} has ${answers.join(', ')}`,
  )
}

/** The gradient of aligning the patches of this shard's frames with the words of the same states' texts. */
export async function align(
  model: MiniLMM,
  weights: MiniLMM['weights'],
  stage: Alignment,
  job: BatchJob,
): Promise<Gradient> {
  const pairs: Pair[] = []
  for (let i = job.shard; i < stage.batch; i += job.shards) {
    pairs.push(pairOf(model, stage, job.levels, `${job.seed}/${stage.name}-${job.update}-${i}`))
  }
  const found = gradients(weights, () => tf.div(alignmentLoss(model, pairs), job.shards))
  const loss = (await found.loss.data())[0]
  found.loss.dispose()
  return { gradients: found.gradients, sums: { loss, samples: pairs.length } }
}

/** A state some legal steps into a training level, as text and as frame. */
function pairOf(model: MiniLMM, { augment }: Alignment, levels: Levels, name: string): Pair {
  const { env, config, seed } = trainLevel(levels, name)
  const random = seeded(`${name}/draw`)
  const state = env.reset(config, seed)
  const seats = env.seats(state.config)
  const count = env.actions(state.config).length
  for (let steps = below(random, WALK); steps > 0; steps--) {
    env.step(
      state,
      actionsOf(env, state, () => below(random, count)),
    )
  }
  const seat = below(random, seats)
  const jitter = jitterOf(augment)
  const read = (modality: 'text' | 'frame') => {
    const seen = observe(env, state, seat, modality)
    const observation =
      jitter && seen.frame ? { ...seen, frame: jitterFrame(seen.frame, random, jitter) } : seen
    const conversation = { ...ALONE, modality }
    return encode(model.words, model.shape, { env, conversation, observation, history: [] })
  }
  return { text: read('text'), frame: read('frame') }
}

const WALK = 16
