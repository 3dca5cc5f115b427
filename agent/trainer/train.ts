/**
 * Two-stage rule-based reinforcement learning of a small model, after LMM-R1 (arXiv 2503.07536). What differs:
 * - the first policy is imitation of a mixture of walks and solutions (kind `base`), in the place of pretraining;
 * - FRE's text is the game's own, not mathematics; MGT reads frames of the same game;
 * - episodes have several turns of several actions, and credit flows across turns (algorithm.ts);
 * - the default algorithm compares the episodes of a level (GRPO); REINFORCE++-baseline and PPO are options;
 * - KL to the stage's first policy is off unless a recipe turns it on.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '#core/errors'
import type { MetricsRow, RunInfo } from '#core/run'
import { findModel } from '../model/checkpoint.ts'
import { SIZES, type Size } from '../model/shape.ts'
import { type Cell, evaluateRecipe } from './cells.ts'
import { KEEP_SEGMENTS, RunFolder, segmentOf } from './folder.ts'
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
import { Team } from './team.ts'
import { imitationUpdate, policyUpdate, type UpdateContext } from './update.ts'

export interface TrainOptions {
  readonly recipe: Recipe
  /** The run's folder. */
  readonly out: string
  /** Goes on from the newest checkpoint in `out`; without it `out` must not hold a run. */
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
  readonly folder: string
  /** File of the last model. */
  readonly model: string
  readonly cells: readonly Cell[]
}

/**
 * Runs the stages of a recipe in order, then its evaluation, and writes everything into a run folder. Killed at any
 * moment and resumed, it ends with the same checkpoints, byte for byte, as if it had not been disturbed.
 * @throws UserError for a recipe that cannot run here or a folder that is in the way; the signal's reason.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { recipe, out, signal } = options
  const note = options.onNote ?? (() => {})
  const there = existsSync(join(out, 'run.json'))
  if (options.resume && !there) throw new UserError(`${out} holds no run to resume`)
  if (!options.resume && there) {
    throw new UserError(`${out} already holds a run: resume it, or choose another folder`)
  }
  const folder = new RunFolder(out)
  if (options.resume) folder.mustBeRunOf(recipe)
  const run = basename(out)
  const updates = recipe.stages.reduce((sum, stage) => sum + stage.updates, 0)
  let segment = segmentOf(0)
  const team = Team.open(options.workers ?? workersFor(recipe.shards), (event) =>
    folder.event(segment, event),
  )
  let status: (status: RunInfo['status']) => void = () => {}
  try {
    const choice = await team.every('start', { backend: options.backend ?? 'auto' })
    note(`backend ${choice.name}: ${choice.reason}${choice.faster ? `; faster: ${choice.faster}` : ''}`)
    status = (now) => folder.info(infoOf(recipe, run, choice.name, now))
    status('running')

    if (!folder.hasCheckpoint()) await save(team, folder, recipe, await loadStart(team, recipe))
    const saved = folder.resume()
    let progress = saved.progress
    if (options.resume) note(`resumes at update ${progress.update} of ${updates}`)

    for (const [index, stage] of recipe.stages.entries()) {
      if (stage.name in progress.ends) continue
      const midway = progress.stage === stage.name
      const origin = folder.modelFile(progress.ends[originOf(recipe, index)])
      await team.every('load', { file: midway ? folder.modelFile(progress.update) : origin })
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
        segment = segmentOf(progress.update)
        const { keepEpisodes: keep = 2 } = options
        const { seed, shards } = recipe
        const metrics = await updateOnce(stage, {
          team,
          run,
          seed,
          shards,
          update: progress.stageUpdate,
          keep,
        })
        const row: MetricsRow = {
          update: progress.update,
          stage: stage.name,
          ...metrics,
          seconds: clock.lap(),
        }
        folder.metrics(row)
        folder.trimEpisodes(KEEP_SEGMENTS)
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
      keep: options.keepEpisodes ?? 2,
      onSegment: (name) => {
        segment = name
      },
      note,
      signal,
    })
    writeReport({ recipe, folder, progress, cells, backend: choice.name })
    status('done')
    return { folder: out, model: folder.modelFile(progress.update), cells }
  } catch (error) {
    status(signal?.aborted ? 'stopped' : 'failed')
    throw error
  } finally {
    await team.close()
  }
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
      : { file: findModel(model.slice('mini:'.length)) }
  const { seen } = await team.every('load', from)
  await team.every('begin', { stage: recipe.stages[0], data: recipe.data })
  return beginning(seen)
}

async function save(team: Team, folder: RunFolder, recipe: Recipe, progress: Progress): Promise<void> {
  const snapshot = await team.first('read', undefined)
  folder.checkpoint(
    { ...progress, optimizerSteps: snapshot.optimizer.steps },
    snapshot,
    provenanceOf(recipe, progress),
  )
}
