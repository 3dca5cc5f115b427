import { UserError } from '#core/base/errors'
import type { CreditLine } from '#core/record/credit'
import type { MetricsRow } from '#core/record/run'
import type { Host } from '../host.ts'
import { encodeModel } from '../model/checkpoint.ts'
import { NotFinite } from '../model/safetensors.ts'
import { frozenStage } from '../recipe/opponents.ts'
import type { Recipe, Reinforcement, Stage } from '../recipe/recipe.ts'
import { modelFile } from './checkpoints.ts'
import { lessonAfter, lessonData } from './curriculum.ts'
import { type RunFolder, segmentOf, WATCHED } from './folder.ts'
import type { ModelBytes, OptimizerState, Rival } from './jobs.ts'
import { MISTAKES_FILE, Mistakes } from './mistakes.ts'
import { hasPool, newestSelf, poolAt, selfName } from './opponents.ts'
import { PoolFiles } from './pool.ts'
import { advanced, Clock, ended, originOf, type Progress, provenanceOf } from './progress.ts'
import { ratingOf } from './rating.ts'
import { recordedEpisodes } from './rollout.ts'
import type { Team } from './team.ts'
import { updateOnce } from './update.ts'
import { bestWith, look, looks, looksAfter } from './valid.ts'
import { watchedEpisodes, watchesAfter } from './watched.ts'

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

/** A run that is under way; its folder is locked. */
export interface Running {
  readonly host: Host
  readonly recipe: Recipe
  readonly run: string
  readonly folder: RunFolder
  readonly team: Team
  readonly backend: string
  /** Episodes recorded per update and per cell of the evaluation. */
  readonly keep: number
  /** Levels that are played again and again. */
  readonly watch: number
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
}

/** A training whose numbers are none any more; its checkpoints are from before. */
export class Diverged extends UserError {
  override name = 'Diverged'
}

/**
 * Trains what is left of a stage, from `optimizer` on where that is its middle.
 * @throws the signal's reason, once there is a checkpoint of what was done; Diverged; StoreError.
 */
export async function trainStage(
  running: Running,
  index: number,
  from: Progress,
  optimizer: OptimizerState,
): Promise<Progress> {
  const { recipe, run, folder, team, keep, signal } = running
  const stage = recipe.stages[index]
  if (Object.hasOwn(from.ends, stage.name)) return from
  const midway = from.stage === stage.name
  const reinforced = 'groups' in stage ? stage : undefined
  const curriculum = reinforced?.curriculum
  const pool = reinforced && hasPool(reinforced) ? new PoolFiles(folder.store, reinforced) : undefined
  const origin = await modelOf(folder, from.ends[originOf(recipe, index)])
  await team.every('load', midway ? await modelOf(folder, from.update) : origin)
  const mistakes = reinforced?.mistakes && (await mistakesOf(folder, reinforced, midway ? from.update : 0))
  const rows =
    pool || curriculum || reinforced?.tokens
      ? (await folder.readMetrics()).filter((row) => row.stage === stage.name)
      : []
  let lesson = curriculum && lessonAfter(curriculum, rows)
  const data = stage.data ?? recipe.data
  await team.every('begin', {
    stage,
    data: lesson === undefined ? data : lessonData(data, curriculum!, lesson),
    optimizer: midway ? optimizer : undefined,
    reference: 'algorithm' in stage && stage.algorithm.kl > 0 ? origin : undefined,
    rivals: [
      ...(await frozenModels(folder, stage, from)),
      ...(!pool ? [] : midway ? await pool.at(from.stageUpdate) : [await pool.write(0, origin.bytes)]),
    ],
  })

  const { seed, shards } = recipe
  const later = recipe.stages.slice(index + 1).reduce((sum, { updates }) => sum + updates, 0)
  const clock = new Clock()
  let progress: Progress = midway ? from : { ...from, stage: stage.name, stageUpdate: 0 }
  let saved = progress.update
  if (progress.update === 0) await watchLevels(running, stage, progress)
  while (!Object.hasOwn(progress.ends, stage.name)) {
    if (signal?.aborted) {
      if (saved < progress.update) await save(running, progress, mistakes)
      throw signal.reason
    }
    const { update, stageUpdate } = progress
    const recorded = 'groups' in stage ? recordedEpisodes(stage, stageUpdate, keep) : []
    await folder.openSegment(segmentOf(update), recorded)
    const onCredit = (lines: readonly CreditLine[]) => folder.credit(segmentOf(update), lines)
    const updating = updateOnce(stage, {
      team,
      run,
      seed,
      shards,
      update: stageUpdate,
      keep,
      mistakes,
      onCredit,
    })
    const metrics = await orDiverged(updating, stage, progress)
    await folder.closeSegment()
    const before = progress
    progress = advanced(progress, stage, metrics)
    const seen = looks(stage) && looksAfter(stage, progress.stageUpdate)
    const looked = seen ? await orDiverged(look(running, stage, progress), stage, before) : {}
    if (seen) progress = { ...progress, best: bestWith(progress.best, looked.valid, progress) }
    const taught = lesson === undefined ? {} : { lesson: lesson + 1 }
    const own: MetricsRow = { update, stage: stage.name, ...metrics, ...looked, ...taught }
    rows.push(own)
    const rated = pool ? { rating: ratingOf(stage as Reinforcement, rows) } : {}
    const row: MetricsRow = { ...own, ...rated, seconds: clock.lap() }
    await folder.metrics(row)
    await folder.trimEpisodes()
    const over = isOver(stage, progress, rows)
    if (watchesAfter(recipe, stage, progress.update, over)) await watchLevels(running, stage, progress)
    if (over) progress = await endOf(running, stage, progress)
    if (pool && !over)
      await orDiverged(keepSelf(running, pool, stage as Reinforcement, progress), stage, before)
    const isBest = progress.best?.update === progress.update
    if (over || isBest || progress.update % recipe.checkpointEvery === 0) {
      await orDiverged(save(running, progress, over ? undefined : mistakes), stage, before)
      saved = progress.update
      await pool?.keep(Math.min(progress.stageUpdate, stage.updates - 1))
    }
    if (curriculum && !over) {
      const next = lessonAfter(curriculum, rows)
      if (next !== lesson) await team.every('draw', { data: lessonData(data, curriculum, next) })
      lesson = next
    }
    const { rate } = clock
    running.onProgress?.({
      stage: stage.name,
      update: progress.stageUpdate,
      updates: stage.updates,
      left: over ? later : later + stage.updates - progress.stageUpdate,
      rate,
      eta: over ? 0 : (stage.updates - progress.stageUpdate) / rate,
      row,
    })
  }
  return progress
}

/** Lets the learner play the watched levels, where there are any, into a segment of their own. */
async function watchLevels(running: Running, stage: Stage, { update, stageUpdate }: Progress): Promise<void> {
  const { recipe, run, folder, team, watch: count } = running
  if (count === 0 || !('conversation' in stage)) return
  await folder.openSegment(`${WATCHED}${segmentOf(update)}`, watchedEpisodes(update, count))
  const { data, seed } = recipe
  await team.first('watch', { data, seed, count, run, update, stageUpdate })
  await folder.closeSegment()
}

/** What a stage has learnt of its mistakes by a checkpoint; 0: none yet. */
async function mistakesOf(folder: RunFolder, stage: Reinforcement, update: number): Promise<Mistakes> {
  const bytes = update > 0 ? await folder.fileOf(update, MISTAKES_FILE) : undefined
  return new Mistakes(stage, bytes && new TextDecoder().decode(bytes))
}

/** Whether a stage has had its updates or tokens, or has found no better weights for as long as it looks for them. */
function isOver(stage: Stage, { stageUpdate, best }: Progress, rows: readonly MetricsRow[]): boolean {
  if (stageUpdate === stage.updates) return true
  if ('tokens' in stage && stage.tokens !== undefined) {
    if (rows.reduce((sum, row) => sum + Number(row.tokens), 0) >= stage.tokens) return true
  }
  const patience = looks(stage) ? stage.valid.patience : undefined
  return patience !== undefined && best !== undefined && best.since >= patience
}

/** Ends a stage, with the weights of its best look where it keeps those. */
async function endOf({ folder, team, note }: Running, stage: Stage, progress: Progress): Promise<Progress> {
  const { best, stageUpdate, update } = progress
  const keeps = looks(stage) && stage.valid.keep === 'best' && best !== undefined && best.update < update
  if (keeps) await team.every('load', await modelOf(folder, best.update))
  if (stageUpdate < stage.updates || keeps) {
    const at = best
      ? `, best ${(100 * best.success).toFixed(1)} % of valid levels ${update - best.update} before`
      : ''
    note(`stage ${stage.name} ends after ${stageUpdate} of ${stage.updates} updates${at}`)
  }
  return ended(progress, keeps ? best.seen : undefined)
}

/** Adds the learner to the pool where it is time to. @throws NotFinite; StoreError. */
async function keepSelf(
  { host, team, recipe }: Running,
  pool: PoolFiles,
  stage: Reinforcement,
  progress: Progress,
): Promise<void> {
  const { stageUpdate } = progress
  if (newestSelf(stage, stageUpdate) !== stageUpdate) return
  const snapshot = await team.first('read', undefined)
  const rival = await pool.write(
    stageUpdate,
    encodeModel(snapshot, provenanceOf(host.envs, recipe, progress)),
  )
  const now = poolAt(stage, stageUpdate)
  const leave = poolAt(stage, stageUpdate - 1).filter((one) => !now.includes(one))
  await team.every('join', { rival, leave: leave.map(selfName) })
}

/** The ends of earlier stages that a stage plays against. */
async function frozenModels(folder: RunFolder, stage: Stage, { ends }: Progress): Promise<Rival[]> {
  const names = 'opponents' in stage ? (stage.opponents ?? []).map(({ agent }) => agent) : []
  const rivals: Rival[] = []
  for (const name of new Set(names)) {
    const from = frozenStage(name)
    if (from === null) continue
    const { bytes, what } = await modelOf(folder, ends[from])
    rivals.push({ name, bytes, what })
  }
  return rivals
}

/** Makes a checkpoint. @throws NotFinite; StoreError. */
export async function save(
  { host, team, folder, recipe }: Running,
  progress: Progress,
  mistakes?: Mistakes,
): Promise<void> {
  const snapshot = await team.first('read', undefined)
  await folder.checkpoint(
    { ...progress, optimizerSteps: snapshot.optimizer.steps },
    snapshot,
    provenanceOf(host.envs, recipe, progress),
    mistakes && { [MISTAKES_FILE]: new TextEncoder().encode(mistakes.write()) },
  )
}

async function modelOf(folder: RunFolder, update: number): Promise<ModelBytes> {
  return { bytes: await folder.model(update), what: `${folder.store.name}/${modelFile(update)}` }
}

/** @throws Diverged saying in which update, and what to try, where the work met numbers that are none. */
async function orDiverged<T>(work: Promise<T>, stage: Stage, { update, stageUpdate }: Progress): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error
    const { rate, clip } = stage.optimizer
    const advice = `a smaller optimizer.rate than ${rate}${clip === 0 ? ', or a clip above 0' : ''}`
    throw new Diverged(
      `the training diverged in update ${update} (stage ${stage.name}, its update ${stageUpdate}): ${error.message}; try ${advice}`,
    )
  }
}
