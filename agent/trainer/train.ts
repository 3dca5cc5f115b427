/**
 * Two-stage rule-based reinforcement learning of a small model, after LMM-R1 (arXiv 2503.07536). What differs:
 * - the first policy is imitation of a mixture of walks and solutions (kind `base`), in the place of pretraining;
 * - FRE's text is the game's own, not mathematics; MGT reads frames of the same game;
 * - episodes have several turns of several actions, and credit flows across turns (algorithm.ts);
 * - the default algorithm compares the episodes of a level (GRPO); REINFORCE++-baseline and PPO are options;
 * - KL to the stage's first policy is off unless a recipe turns it on.
 */
import { legible, UserError } from '#core/errors'
import type { MetricsRow, RunInfo } from '#core/run'
import type { Store } from '#core/store'
import { findModel, readModel } from '../hosts/node/models.ts'
import { NotFinite } from '../model/safetensors.ts'
import { SIZES, type Size } from '../model/shape.ts'
import { type Cell, evaluateRecipe } from './cells.ts'
import { type Checkpoint, modelFile } from './checkpoints.ts'
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
import { updateOnce } from './update.ts'

/** Episodes recorded per update and per cell unless told otherwise. */
export const KEEP = 4

export interface TrainOptions {
  readonly recipe: Recipe
  /** The run's folder. */
  readonly store: Store
  /** What the run is called in its records. */
  readonly run: string
  /** Goes on from the newest checkpoint; without it the store must not hold a run. */
  readonly resume?: boolean
  /** What computes; the fastest that works, or of a run that goes on, what it was begun with. */
  readonly backend?: string
  /** Threads; as many as shards and cores allow unless given, 0 trains in this thread. */
  readonly workers?: number
  /** Who does the work; replicas of the model unless given. */
  readonly team?: typeof Team.open
  /** Episodes recorded per update and per cell of the evaluation; as before in a run that goes on. */
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
  await infoBefore(options)
  const lock = await options.store.lock()
  try {
    if (lock.note !== undefined) options.onNote?.(lock.note)
    // Again, now that nobody else writes.
    const before = await infoBefore(options)
    const { backend = before?.backend, keepEpisodes = before?.keepEpisodes } = options
    return await trainLocked({ ...options, backend, keepEpisodes })
  } finally {
    await lock.release()
  }
}

/** What run.json says, if there is one. @throws UserError when a run is in the way, there is none to resume, or another. */
async function infoBefore({ store, resume, recipe }: TrainOptions): Promise<RunInfo | null> {
  const info = await new RunFolder(store).readInfo()
  if (!resume && info) {
    throw new UserError(`${store.name} already holds a run: resume it, or choose another folder`)
  }
  if (!resume) return null
  if (!info) throw new UserError(`${store.name} holds no run to resume`)
  mustBeRunOf(info, recipe, store.name)
  return info
}

/** A run that is under way. */
interface Running {
  readonly options: TrainOptions
  readonly folder: RunFolder
  readonly team: Team
  readonly note: (line: string) => void
  /** How far it is, and the checkpoint that says so. */
  progress: Progress
  saved: Checkpoint
}

async function trainLocked(options: TrainOptions): Promise<Trained> {
  const { recipe, store, run, signal, onNote: note = () => {}, keepEpisodes: keep = KEEP } = options
  const folder = new RunFolder(store)
  const open = options.team ?? Team.open
  const team = open(options.workers ?? workersFor(recipe.shards), (event) => folder.record(event))
  let status: ((status: RunInfo['status'], reason?: string) => Promise<void>) | undefined
  try {
    const choice = await team.every('start', { backend: options.backend ?? 'auto' })
    note(`backend ${choice.name}: ${choice.reason}${choice.faster ? `; faster: ${choice.faster}` : ''}`)
    status = (now, reason) =>
      folder.writeInfo(infoOf(recipe, run, choice.name, { status: now, reason, keepEpisodes: keep }))
    await status('running')

    const saved = (await folder.resume(note)) ?? (await begin(team, folder, recipe, note))
    const running: Running = { options, folder, team, note, progress: saved.progress, saved }
    if (options.resume) note(`resumes at update ${saved.progress.update} of ${updatesOf(recipe)}`)
    for (const index of recipe.stages.keys()) await trainStage(running, index)

    const { progress } = running
    const cells = await evaluateRecipe({ recipe, folder, team, run, progress, keep, note, signal })
    await writeReport({ recipe, folder, progress, cells, backend: choice.name })
    await status('done')
    return { model: modelFile(progress.update), cells }
  } catch (error) {
    if (status) await tell(error, signal, folder, status)
    throw error
  } finally {
    await team.close()
  }
}

/** Trains what is left of a stage. @throws the signal's reason, once there is a checkpoint of what was done; Diverged. */
async function trainStage(running: Running, index: number): Promise<void> {
  const { options, folder, team, saved } = running
  const { recipe, run, signal, keepEpisodes: keep = KEEP } = options
  const stage = recipe.stages[index]
  if (Object.hasOwn(running.progress.ends, stage.name)) return
  const midway = running.progress.stage === stage.name
  const origin = await modelOf(folder, running.progress.ends[originOf(recipe, index)])
  await team.every('load', midway ? await modelOf(folder, running.progress.update) : origin)
  await team.every('begin', {
    stage,
    data: stage.data ?? recipe.data,
    optimizer: midway ? saved.optimizer : undefined,
    reference: 'algorithm' in stage && stage.algorithm.kl > 0 ? origin : undefined,
  })
  if (!midway) running.progress = { ...running.progress, stage: stage.name, stageUpdate: 0 }

  const clock = new Clock()
  let kept = running.progress.update
  const keepAll = async (): Promise<void> => {
    if (kept === running.progress.update) return
    await save(team, folder, recipe, running.progress)
    kept = running.progress.update
  }
  while (running.progress.stageUpdate < stage.updates) {
    if (signal?.aborted) {
      await keepAll()
      throw signal.reason
    }
    const { seed, shards } = recipe
    const { update, stageUpdate } = running.progress
    const recorded = 'groups' in stage ? recordedEpisodes(stage, stageUpdate, keep) : []
    await folder.openSegment(segmentOf(update), recorded)
    const metrics = await orDiverged(
      updateOnce(stage, { team, run, seed, shards, update: stageUpdate, keep }),
      running,
      stage,
    )
    await folder.closeSegment()
    const row: MetricsRow = { update, stage: stage.name, ...metrics, seconds: clock.lap() }
    await folder.metrics(row)
    await folder.trimEpisodes()
    running.progress = advanced(running.progress, stage, metrics)
    const { progress } = running
    if (Object.hasOwn(progress.ends, stage.name) || progress.update % recipe.checkpointEvery === 0) {
      await orDiverged(keepAll(), running, stage)
    }
    const { rate } = clock
    options.onProgress?.({
      stage: stage.name,
      update: progress.stageUpdate,
      updates: stage.updates,
      left: updatesOf(recipe) - progress.update,
      rate,
      eta: (stage.updates - progress.stageUpdate) / rate,
      row,
    })
  }
}

/** A training whose numbers are none any more; its checkpoints are from before. */
export class Diverged extends UserError {
  override name = 'Diverged'
}

async function orDiverged<T>(work: Promise<T>, { progress }: Running, stage: Stage): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error
    const { rate, clip } = stage.optimizer
    const advice = `a smaller optimizer.rate than ${rate}${clip === 0 ? ', or a clip above 0' : ''}`
    throw new Diverged(
      `the training diverged in update ${progress.update} (stage ${stage.name}, its update ${progress.stageUpdate}): ${error.message}; try ${advice}`,
    )
  }
}

/** Says in run.json how a run ended, if any byte can still be written there. */
async function tell(
  error: unknown,
  signal: AbortSignal | undefined,
  folder: RunFolder,
  status: (status: RunInfo['status'], reason?: string) => Promise<void>,
): Promise<void> {
  const stopped = signal?.aborted && error === signal.reason
  const how = stopped ? 'stopped' : error instanceof Diverged ? 'diverged' : 'failed'
  const reason = stopped ? undefined : legible(error instanceof Error ? error.message : String(error), 199)
  const write = () => status(how, reason)
  await write()
    .catch(async () => {
      await folder.makeRoom()
      await write()
    })
    .catch(() => {})
}

async function modelOf(folder: RunFolder, update: number): Promise<ModelBytes> {
  return { bytes: await folder.model(update), what: `${folder.store.name}/${modelFile(update)}` }
}

/** The checkpoint of update 0. */
async function begin(
  team: Team,
  folder: RunFolder,
  recipe: Recipe,
  note: (line: string) => void,
): Promise<Checkpoint> {
  await save(team, folder, recipe, await loadStart(team, recipe))
  const saved = await folder.resume(note)
  if (!saved) throw new Error(`${folder.store.name} has lost its first checkpoint`)
  return saved
}

const updatesOf = ({ stages }: Recipe): number => stages.reduce((sum, stage) => sum + stage.updates, 0)

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
