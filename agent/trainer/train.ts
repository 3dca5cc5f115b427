/**
 * Two-stage rule-based reinforcement learning of a small model, after LMM-R1 (arXiv 2503.07536). What differs:
 * - the first policy is imitation of a mixture of walks and solutions (kind `base`), in the place of pretraining;
 * - FRE's text is the game's own, not mathematics; MGT reads frames of the same game;
 * - episodes have several turns of several actions, and credit flows across turns (algorithm.ts);
 * - the default algorithm compares the episodes of a level (GRPO); REINFORCE++-baseline and PPO are options;
 * - KL to the stage's first policy is off unless a recipe turns it on.
 */
import { UserError } from '#core/errors'
import type { MetricsRow, RunInfo } from '#core/run'
import type { Store } from '#core/store'
import { findModel, readModel } from '../hosts/node/models.ts'
import { SIZES, type Size } from '../model/shape.ts'
import { type Cell, evaluateRecipe } from './cells.ts'
import { modelFile } from './checkpoints.ts'
import type { EpisodeLog } from './episodes.ts'
import { mustBeRunOf, RunFolder, segmentOf } from './folder.ts'
import type { ModelBytes } from './jobs.ts'
import {
  advanced,
  beginning,
  Clock,
  envsOf,
  infoOf,
  originOf,
  type Progress,
  provenanceOf,
  workersFor,
} from './progress.ts'
import type { Recipe, Stage } from './recipe.ts'
import { writeReport } from './report.ts'
import { recordedEpisodes } from './rollout.ts'
import { Team } from './team.ts'
import { imitationUpdate, policyUpdate, type UpdateContext } from './update.ts'

export interface TrainOptions {
  readonly recipe: Recipe
  /** The run's folder. */
  readonly store: Store
  /** What the run is called in its records. */
  readonly run: string
  /** Goes on from the newest checkpoint; without it the store must not hold a run. */
  readonly resume?: boolean
  readonly backend?: string
  /** Threads; as many as shards and cores allow unless given, 0 trains in this thread. */
  readonly workers?: number
  /** Episodes recorded per update and per cell of the evaluation. */
  readonly keepEpisodes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
  /** One line about something else than an update. */
  readonly onNote?: (line: string) => void
}

/** How far a run is. */
export interface TrainProgress {
  readonly stage: string
  /** Updates done in the stage, and its budget. */
  readonly update: number
  readonly updates: number
  /** Updates left in the run. */
  readonly left: number
  /** Updates per second of late, and seconds until the stage ends at that rate. */
  readonly rate: number
  readonly eta: number
  readonly row: MetricsRow
}

/** What a finished run gives. */
export interface Trained {
  /** File of the last model in the store. */
  readonly model: string
  readonly cells: readonly Cell[]
}

/**
 * Runs the stages of a recipe in order, then its evaluation, and writes everything into a run folder. Killed at any
 * moment and resumed, it ends with the same checkpoints, byte for byte, as if it had not been disturbed.
 * @throws UserError for a recipe that cannot run here or a folder that is in the way; the signal's reason.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { store } = options
  await mustFit(options)
  const lock = await store.lock()
  try {
    if (lock.note !== undefined) options.onNote?.(lock.note)
    // Again, now that nobody else writes.
    await mustFit(options)
    return await trainLocked(options)
  } finally {
    await lock.release()
  }
}

/** @throws UserError when there is a run in the way, none to resume, or one of another recipe. */
async function mustFit({ store, resume, recipe }: TrainOptions): Promise<void> {
  const info = await new RunFolder(store).readInfo()
  if (!resume && info) {
    throw new UserError(`${store.name} already holds a run: resume it, or choose another folder`)
  }
  if (!resume) return
  if (!info) throw new UserError(`${store.name} holds no run to resume`)
  mustBeRunOf(info, recipe, store.name)
}

async function trainLocked(options: TrainOptions): Promise<Trained> {
  const { recipe, store, run, signal, keepEpisodes: keep = 2 } = options
  const note = options.onNote ?? (() => {})
  const folder = new RunFolder(store)
  const updates = recipe.stages.reduce((sum, stage) => sum + stage.updates, 0)
  let log: EpisodeLog | undefined
  const team = Team.open(options.workers ?? workersFor(recipe.shards), (event) => log?.take(event))
  let status: (status: RunInfo['status']) => Promise<void> = async () => {}
  try {
    const choice = await team.every('start', { backend: options.backend ?? 'auto' })
    note(`backend ${choice.name}: ${choice.reason}${choice.faster ? `; faster: ${choice.faster}` : ''}`)
    status = (now) => folder.writeInfo(infoOf(recipe, run, choice.name, now))
    await status('running')

    let saved = await folder.resume(note)
    if (!saved) {
      await save(team, folder, recipe, await loadStart(team, recipe))
      saved = await folder.resume(note)
    }
    if (!saved) throw new Error(`${store.name} has lost its first checkpoint`)
    let progress = saved.progress
    if (options.resume) note(`resumes at update ${progress.update} of ${updates}`)

    for (const [index, stage] of recipe.stages.entries()) {
      if (stage.name in progress.ends) continue
      const midway = progress.stage === stage.name
      const origin = await modelOf(folder, progress.ends[originOf(recipe, index)])
      await team.every('load', midway ? await modelOf(folder, progress.update) : origin)
      await team.every('begin', {
        stage,
        data: stage.data ?? recipe.data,
        optimizer: midway ? saved.optimizer : undefined,
        reference: 'algorithm' in stage && stage.algorithm.kl > 0 ? origin : undefined,
      })
      if (!midway) progress = { ...progress, stage: stage.name, stageUpdate: 0 }

      const clock = new Clock()
      while (progress.stageUpdate < stage.updates) {
        signal?.throwIfAborted()
        const { seed, shards } = recipe
        const { update, stageUpdate } = progress
        log = await folder.openSegment(
          segmentOf(update),
          'groups' in stage ? recordedEpisodes(stage, stageUpdate, keep) : [],
        )
        const metrics = await updateOnce(stage, { team, run, seed, shards, update: stageUpdate, keep })
        await log.end()
        const row: MetricsRow = { update, stage: stage.name, ...metrics, seconds: clock.lap() }
        await folder.metrics(row)
        await folder.trimEpisodes()
        progress = advanced(progress, stage, metrics)
        const stageDone = stage.name in progress.ends
        if (stageDone || progress.update % recipe.checkpointEvery === 0) {
          await save(team, folder, recipe, progress)
        }
        const { rate } = clock
        options.onProgress?.({
          stage: stage.name,
          update: progress.stageUpdate,
          updates: stage.updates,
          left: updates - progress.update,
          rate,
          eta: (stage.updates - progress.stageUpdate) / rate,
          row,
        })
      }
    }

    const cells = await evaluateRecipe({
      recipe,
      folder,
      team,
      run,
      progress,
      keep,
      onSegment: (opened) => {
        log = opened
      },
      note,
      signal,
    })
    await writeReport({ recipe, folder, progress, cells, backend: choice.name })
    await status('done')
    return { model: modelFile(progress.update), cells }
  } catch (error) {
    await status(signal?.aborted ? 'stopped' : 'failed')
    throw error
  } finally {
    await team.close()
  }
}

async function modelOf(folder: RunFolder, update: number): Promise<ModelBytes> {
  return { bytes: await folder.model(update), what: `${folder.store.name}/${modelFile(update)}` }
}

function updateOnce(stage: Stage, context: UpdateContext) {
  return 'algorithm' in stage ? policyUpdate(stage, context) : imitationUpdate(stage, context)
}

/** Loads what the recipe starts from into all replicas, ready to be saved as the checkpoint of update 0. */
async function loadStart(team: Team, recipe: Recipe): Promise<Progress> {
  const { model, seed } = recipe
  const from =
    model in SIZES
      ? { size: model as Size, envs: recipe.vocabulary ?? envsOf(recipe), seed }
      : startOf(findModel(model.slice('mini:'.length)))
  const { seen } = await team.every('load', from)
  await team.every('begin', { stage: recipe.stages[0], data: recipe.data })
  return beginning(seen)
}

const startOf = (file: string): ModelBytes => ({ bytes: readModel(file), what: file })

async function save(team: Team, folder: RunFolder, recipe: Recipe, progress: Progress): Promise<void> {
  const snapshot = await team.first('read', undefined)
  await folder.checkpoint(
    { ...progress, optimizerSteps: snapshot.optimizer.steps },
    snapshot,
    provenanceOf(recipe, progress),
  )
}
