/**
 * Two-stage rule-based reinforcement learning of a small model, after LMM-R1 (arXiv 2503.07536). What differs:
 * - the first policy is imitation of a mixture of walks and solutions (kind `base`), in the place of pretraining;
 * - FRE's text is the game's own, not mathematics; MGT reads frames of the same game;
 * - episodes have several turns of several actions, and credit flows across turns (algorithm.ts);
 * - the default algorithm compares the episodes of a level (GRPO); REINFORCE++-baseline and PPO are options;
 * - KL to the stage's first policy is off unless a recipe turns it on.
 */
import { legible, UserError } from '#core/base/errors'
import type { Store } from '#core/base/store'
import type { RunInfo } from '#core/record/run'
import { type Cell, evaluateRecipe } from '../evaluation/cells.ts'
import { writeReport } from '../evaluation/report.ts'
import type { Host } from '../host.ts'
import { SIZES, type Size } from '../model/shape.ts'
import { checkRecipe } from '../recipe/check.ts'
import type { Recipe } from '../recipe/recipe.ts'
import { type Checkpoint, modelFile } from './checkpoints.ts'
import { mustBeRunOf, RunFolder } from './folder.ts'
import type { Facts, Fresh, ModelBytes } from './jobs.ts'
import { beginning, earlierBackends, envsOf, infoOf, updatesOf } from './progress.ts'
import { Diverged, type Running, save, type TrainProgress, trainStage } from './stage.ts'
import type { Team } from './team.ts'

/** Episodes recorded per update and per cell unless told otherwise. */
export const KEEP = 4

export interface TrainOptions {
  readonly host: Host
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
  /** Episodes recorded per update and per cell of the evaluation; as before in a run that goes on. */
  readonly keepEpisodes?: number
  /** Levels that are played again and again while it trains, and recorded; none unless given, as before in a run that goes on. */
  readonly watchLevels?: number
  readonly signal?: AbortSignal
  /** Awaited once the recipe has been found good, before anything is written. */
  readonly onChecked?: () => Promise<void>
  readonly onProgress?: (progress: TrainProgress) => void
  /** One line about something else than an update. */
  readonly onNote?: (line: string) => void
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
 * @throws UserError for a recipe that cannot run here or a folder that is in the way, before anything is written;
 * Diverged; StoreError; the signal's reason.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { host, recipe, store, run, signal, onProgress, onNote: note = () => {} } = options
  const before = await infoBefore(options)
  const { backend: wanted = before?.backend ?? 'auto', keepEpisodes: keep = before?.keepEpisodes ?? KEEP } =
    options
  const { watchLevels: watch = before?.watchLevels ?? 0 } = options
  const folder = new RunFolder(store)
  const { workers = Math.min(recipe.shards, host.threads) } = options
  const team = host.team(workers, (event) => folder.record(event))
  try {
    const { name: backend, reason, faster } = await team.every('start', { backend: wanted })
    const leftOut = await checkRecipe(recipe, {
      envs: host.envs,
      openPack: host.openPack,
      agent: (policy, data) => team.first('meet', { policy, data }),
      levels: (evaluation, data) => team.first('levels', { evaluation, data }),
      start: before ? undefined : () => loadStart(host, team, recipe),
    })
    await options.onChecked?.()
    const lock = await store.lock()
    try {
      for (const line of leftOut) note(line)
      note(`backend ${backend}: ${reason}${faster ? `; faster: ${faster}` : ''}`)
      if (lock.note !== undefined) note(lock.note)
      // Again, now that nobody else writes.
      return await trainAll(
        { host, recipe, run, folder, team, backend, keep, watch, note, signal, onProgress },
        await infoBefore(options),
      )
    } finally {
      // Nothing of this run writes any more when somebody else may.
      await team.close()
      await folder.closeSegment().catch(() => {})
      await lock.release()
    }
  } finally {
    await team.close()
  }
}

/** What run.json says, if a run is to go on. @throws UserError when that does not fit what there is. */
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

async function trainAll(running: Running, before: RunInfo | null): Promise<Trained> {
  const { recipe, run, folder, team, backend, keep, watch, note, signal } = running
  const resume = before !== null
  // As it was, until it is known from which update on something else computes.
  let computes = { backend: before?.backend ?? backend, earlier: before?.earlier }
  const status = (now: RunInfo['status'], reason?: string) => {
    const how = {
      status: now,
      reason,
      keepEpisodes: keep,
      ...(watch > 0 && { watchLevels: watch }),
      earlier: computes.earlier,
    }
    return folder.writeInfo(infoOf(running.host, recipe, run, computes.backend, how))
  }
  try {
    await folder.reserve()
    await status('running')
    const saved = (await folder.resume(note)) ?? (await begin(running, resume))
    let { progress } = saved
    if (resume) note(`resumes at update ${progress.update} of ${updatesOf(recipe)}`)
    const { backend: computed } = computes
    computes = { backend, earlier: earlierBackends(before, backend, progress.update) }
    if (computed !== backend) await status('running')
    for (const index of recipe.stages.keys()) {
      progress = await trainStage(running, index, progress, saved.optimizer)
    }
    const cells = await evaluateRecipe({
      envs: running.host.envs,
      recipe,
      folder,
      team,
      run,
      backend,
      progress,
      keep,
      note,
      signal,
    })
    const { machine } = running.host
    await writeReport({ recipe, folder, progress, cells, ...computes, machine })
    await folder.release()
    await status('done')
    return { model: modelFile(progress.update), cells }
  } catch (error) {
    const stopped = signal?.aborted && error === signal.reason
    const how = stopped ? 'stopped' : error instanceof Diverged ? 'diverged' : 'failed'
    const reason = stopped ? undefined : legible(error instanceof Error ? error.message : String(error), 199)
    const tell = async (room: () => Promise<void>): Promise<void> => {
      await room()
      await status(how, reason)
    }
    // Where not a byte can be written, the error itself must do.
    await tell(() => folder.release())
      .catch(() => tell(() => folder.makeRoom()))
      .catch(() => {})
    throw error
  }
}

/** Makes the checkpoint of update 0. */
async function begin(running: Running, resume: boolean): Promise<Checkpoint> {
  const { recipe, folder, team, note } = running
  // A run that goes on has been found good before, and was killed before its first checkpoint.
  const { seen } = resume ? await loadStart(running.host, team, recipe) : await team.first('facts', undefined)
  await team.every('begin', { stage: recipe.stages[0], data: recipe.data })
  await save(running, beginning(seen))
  const saved = await folder.resume(note)
  if (!saved) throw new Error(`${folder.store.name} has lost its first checkpoint`)
  return saved
}

/** Loads what the recipe starts from into all replicas. @throws UserError when there is no such model. */
async function loadStart(host: Host, team: Team, recipe: Recipe): Promise<Facts> {
  const { model, seed } = recipe
  const from: Fresh | ModelBytes =
    model in SIZES
      ? { size: model as Size, envs: recipe.vocabulary ?? envsOf(recipe), seed }
      : await host.model(model.slice('mini:'.length))
  return team.every('load', from)
}
