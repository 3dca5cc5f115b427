/**
 * The backends at hand agree: the losses of one recorded sequence of batches (imitation, then policy updates on
 * recorded episodes, on text and on frames) differ by less than 1e-3 from those of the cpu backend, each in a process of
 * its own. Prints what each took. Backends that are not at hand are skipped with the reason.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import * as tf from '@tensorflow/tfjs'
import { Algorithm } from '#agent/algorithms/algorithm'
import { backends } from '#agent/backend'
import { chooseBackend } from '#agent/hosts/node/backend'
import { findModel, loadModel } from '#agent/hosts/node/models'
import { openPack } from '#agent/hosts/node/packs'
import { AdamW } from '#agent/kernels/ops'
import { encode } from '#agent/model/encode'
import { gradients } from '#agent/model/gradients'
import type { MiniLMM } from '#agent/model/minilmm'
import type { Sequence } from '#agent/model/types'
import { Stage } from '#agent/recipe/recipe'
import { samples } from '#agent/trainer/corpus'
import { assignCredit } from '#agent/trainer/credit'
import { openLevels, trainLevel } from '#agent/trainer/levels'
import { type Experience, imitationLoss, policyLoss } from '#agent/trainer/loss'
import { experiences, rollout } from '#agent/trainer/rollout'
import { seeded } from '#core/base/random'
import { Conversation } from '#core/play/policy'
import { envs } from '#envs'
import { claim, run, show } from './show.ts'

const MODEL = findModel('sokoban-base')
const UPDATES = 5
const RATE = 3e-4
const TOLERANCE = 1e-3
const levels = openLevels(envs, [{ env: 'sokoban', config: { preset: 'tiny-1' }, weight: 1 }], openPack)
const MODALITIES = ['text', 'frame'] as const
const conversationOf = (modality: (typeof MODALITIES)[number]): Conversation =>
  Conversation.parse({ modality, actionsPerTurn: 6, maxTurns: 6, memoryActions: 1 })
const algorithm = Algorithm.parse({ name: 'ppo', credit: 'bi-level', kl: 0.01, value: 0.5 })

/** What all backends learn from. */
interface Recorded {
  readonly imitation: readonly Sequence[][]
  readonly episodes: readonly Experience[][]
}

/** What a backend made of it. */
interface Trained {
  readonly losses: readonly number[]
  readonly seconds: number
  readonly cpuSeconds: number
}

const child = process.argv.indexOf('--train-on')
if (child > 0) {
  await chooseBackend(process.argv[child + 1])
  const recorded: Recorded = deserialize(readFileSync(process.argv[child + 2]))
  console.log(JSON.stringify(await train(recorded)))
  process.exit(0) // a graphics device may keep the process alive
} else {
  await show(async (folder) => {
    const file = join(folder, 'recorded')
    await chooseBackend('cpu')
    writeFileSync(file, serialize(await record()))
    const script = fileURLToPath(import.meta.url)
    const trainOn = (backend: string): Trained | string => {
      const line = ['--import', 'tsx', '--conditions=source', script, '--train-on', backend, file]
      const { code, out, err } = run(process.execPath, line)
      if (code === 0) return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')
      return /UserError: (.*)/.exec(err)?.[1] ?? err
    }
    const reference = trainOn('cpu')
    if (typeof reference === 'string') throw new Error(reference)
    for (const backend of backends) {
      const trained = backend === 'cpu' ? reference : trainOn(backend)
      if (typeof trained === 'string') {
        console.log(`skipped ${backend}: ${trained}`)
        continue
      }
      const { losses, seconds, cpuSeconds } = trained
      const apart = Math.max(...losses.map((loss, i) => Math.abs(loss - reference.losses[i])))
      claim(
        `${backend}: ${losses.length} losses from ${losses[0].toFixed(3)} to ${losses.at(-1)?.toFixed(3)}`,
        losses.every(Number.isFinite) && apart < TOLERANCE,
        `at most ${apart.toExponential(1)} from cpu's; ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU-s`,
      )
    }
  })
}

/** Batches to imitate, which no backend has a part in, and episodes played by the model on the running backend. */
async function record(): Promise<Recorded> {
  const { model } = loadModel(MODEL)
  const imitation = Array.from({ length: UPDATES }, (_, update) =>
    MODALITIES.flatMap((modality) =>
      Array.from({ length: 4 }, (_, i): Sequence => {
        const name = `recorded/${update}/${modality}/${i}`
        const mixture = {
          conversation: conversationOf(modality),
          walks: 0.5,
          expert: 'expert',
          turnsShown: 1,
          astray: 6,
          fromStart: 0.5,
        }
        const level = (attempt: number) => trainLevel(levels, `${name}.${attempt}`)
        const [{ prompt, response }] = samples(level, mixture, seeded(name))
        return {
          prompt: encode(model.words, model.shape, prompt),
          response: model.words.encodeResponse(response),
        }
      }),
    ),
  )
  const episodes: Experience[][] = []
  for (const modality of MODALITIES) {
    const stage = Stage.parse({
      name: modality,
      kind: 'fre',
      updates: 1,
      groups: 2,
      groupSize: 4,
      conversation: conversationOf(modality),
      algorithm,
      optimizer: { rate: 1e-3 },
    })
    if (!('algorithm' in stage)) throw new Error('not a stage of RL')
    const place = { seed: 'recorded', update: 0, shard: 0, shards: 1, keep: 0, run: '' }
    const { trajectories } = await rollout(model, {
      ...place,
      stage,
      levels,
      onEvent: () => {},
      breathe: async () => {},
    })
    episodes.push(...experiences(trajectories, assignCredit(trajectories, algorithm)))
  }
  model.dispose()
  return {
    imitation,
    // The reference is the policy that wrote, as at the beginning of a stage.
    episodes: episodes.map((turns) => turns.map((turn) => ({ ...turn, reference: turn.logprobs }))),
  }
}

/** One update per batch of imitation; then, by the model as it was, one per part of the episodes. */
async function train({ imitation, episodes }: Recorded): Promise<Trained> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  const losses: number[] = []
  const updates = async <T>(batches: readonly T[], loss: (model: MiniLMM, batch: T) => tf.Scalar) => {
    const { model } = loadModel(MODEL)
    const optimizer = new AdamW(model.weights)
    for (const batch of batches) {
      const found = gradients(model.weights, () => loss(model, batch))
      losses.push((await found.loss.data())[0])
      await optimizer.update(found.gradients, RATE)
      tf.dispose([found.loss, found.gradients])
    }
    optimizer.dispose()
    model.dispose()
  }
  const tokensOf = (batch: readonly Sequence[]): number =>
    batch.reduce((sum, { response }) => sum + response.length, 0)
  await updates(imitation, (model, batch) => imitationLoss(model, batch, tokensOf(batch)))
  const parts = Array.from({ length: UPDATES }, (_, part) =>
    episodes.filter((_, i) => i % UPDATES === part).flat(),
  )
  await updates(parts, (model, batch) =>
    policyLoss(model, batch, algorithm, tokensOf(batch), (totals) => totals.dispose()),
  )
  const { user, system } = process.cpuUsage(cpu)
  return { losses, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }
}
