/**
 * Runs a study (study.ts): its recipe trained once per seed, then every agent playing every play. What there is already
 * is kept, cell by cell; seeds go side by side, each in a thread of its own. Judging is judge.ts's.
 *
 *   study.json                                   which study the folder holds, of which games, from which start
 *   seed-<n>/                                    the run of a seed
 *   plays/<seed-n or all>/<play>/<agent>.json    a cell; agents that no stage made are the same for all seeds
 */

import { z } from 'zod'
import { shown, UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'
import { append } from '#core/base/lists'
import { readText, type Store } from '#core/base/store'
import { parseJson } from '#core/env/config'
import type { MetricsRow } from '#core/record/run'
import { Cell } from '../evaluation/cells.ts'
import type { Result } from '../evaluation/evaluate.ts'
import type { Host } from '../host.ts'
import { SIZES } from '../model/shape.ts'
import type { Recipe } from '../recipe/recipe.ts'
import { Checkpoints, modelFile } from '../trainer/checkpoints.ts'
import { RunFolder } from '../trainer/folder.ts'
import type { EvaluateJob, ModelBytes } from '../trainer/jobs.ts'
import { envsOf, versionsOf } from '../trainer/progress.ts'
import type { TrainProgress } from '../trainer/stage.ts'
import { type TrainOptions, train } from '../trainer/train.ts'
import { inLanes } from './lanes.ts'
import { sharpnessOf } from './sharpness.ts'
import { agentsOf, type Frozen, type Play, type Study } from './study.ts'

/** Where a study's files are: its own, and the run of each seed. */
export interface StudyStores {
  readonly study: Store
  readonly run: (seed: number) => Store
}

export interface ReproduceOptions extends Pick<TrainOptions, 'host' | 'backend' | 'signal' | 'onNote'> {
  readonly frozen: Frozen
  readonly stores: StudyStores
  readonly seeds: readonly number[]
  readonly split: 'valid' | 'test'
  /** Seeds trained at a time. */
  readonly lanes: number
  readonly onProgress?: (seed: number, progress: TrainProgress) => void
  /** Called when a seed is complete. */
  readonly onSeed?: (seed: number) => Promise<void>
}

/** What one seed has given so far: cells by play and agent, and the metrics of its run. */
export interface SeedResults {
  readonly seed: number
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>
  readonly metrics: readonly MetricsRow[]
}

/**
 * Trains and plays every seed that is not complete.
 * @throws UserError when the folder holds another study; the first error of a seed, when those side by side have ended.
 */
export async function reproduce(options: ReproduceOptions): Promise<void> {
  const lock = await options.stores.study.lock()
  try {
    if (lock.note !== undefined) options.onNote?.(lock.note)
    await reproduceLocked(options)
  } finally {
    await lock.release()
  }
}

async function reproduceLocked(options: ReproduceOptions): Promise<void> {
  await claimFolder(options)
  await playAll(options, 'all')
  await inLanes(options.seeds, options.lanes, options.signal, async (seed) => {
    await trainSeed(options, seed)
    await playAll(options, seed)
    await options.onSeed?.(seed)
  })
}

/** All that there is of some seeds. */
export function collect(study: Study, stores: StudyStores, seeds: readonly number[]): Promise<SeedResults[]> {
  return Promise.all(
    seeds.map(async (seed) => {
      const cells = study.plays.map(async (play) => {
        const found = agentsOf(study, play).map(async (agent) => {
          const file = cellFile(study, seed, play, agent)
          const text = await readText(stores.study, file)
          if (text === null) return []
          return [[agent, parseJson(Cell, text, `${stores.study.name}/${file}`)] as const]
        })
        return [play.name, new Map((await Promise.all(found)).flat())] as const
      })
      const metrics = await new RunFolder(stores.run(seed)).readMetrics()
      return { seed, cells: new Map(await Promise.all(cells)), metrics }
    }),
  )
}

/** The recipe of one seed. Its own evaluation is left out: the study has its own plays. */
export function recipeOfSeed({ recipe }: Study, seed: number): Recipe {
  const { evaluation: _, ...rest } = recipe
  return { ...rest, seed: String(seed) }
}

/** Whether an agent plays otherwise for every seed: it, or the one that it is as sharp as, is trained. */
const isOfSeed = ({ recipe }: Study, { asSharpAs }: Play, agent: string): boolean =>
  [agent, asSharpAs].some(
    (one) => recipe.stages.some(({ name }) => name === one) || (one === 'start' && recipe.model in SIZES),
  )

function cellFile(study: Study, seed: number | 'all', play: Play, agent: string): string {
  const whose = seed !== 'all' && isOfSeed(study, play, agent) ? `seed-${seed}` : 'all'
  return `plays/${whose}/${play.name}/${agent}.json`
}

/** Everything that all cells of a folder share; what differs between seeds is in their runs. */
const Held = z.strictObject({
  study: z.string(),
  split: z.enum(['valid', 'test']),
  /** Environment id -> [version, look]. */
  envs: z.record(z.string(), z.tuple([z.int(), z.int()])),
  /** Hash of the model that all seeds start from; null for fresh ones. */
  start: z.string().nullable(),
})

/** @throws UserError when the folder holds another study, or one of other games or another start. */
async function claimFolder({ host, frozen, split, stores: { study } }: ReproduceOptions): Promise<void> {
  const { recipe, plays } = frozen.study
  const start = recipe.model in SIZES ? null : hashBytes((await startOf(recipe, host)).bytes)
  const envs = versionsOf(host.envs, [
    ...envsOf(recipe),
    ...plays.flatMap(({ data = [] }) => data.map(({ env }) => env)),
  ])
  const now: z.infer<typeof Held> = { study: frozen.hash, split, envs, start }
  const text = await readText(study, 'study.json')
  if (text === null) return study.write('study.json', `${JSON.stringify(now)}\n`)
  const held = parseJson(Held, text, `${study.name}/study.json`)
  const keys = Object.keys(now) as (keyof typeof now)[]
  const key = keys.find((one) => JSON.stringify(held[one]) !== JSON.stringify(now[one]))
  if (key === undefined) return
  throw new UserError(
    `${study.name} holds ${key} ${shown(held[key])}, now ${shown(now[key])}: choose another folder`,
  )
}

async function trainSeed(options: ReproduceOptions, seed: number): Promise<void> {
  const { host, frozen, stores, backend, signal, onNote, onProgress } = options
  const { recipe } = frozen.study
  const store = stores.run(seed)
  const info = await new RunFolder(store).readInfo()
  const ends = info ? await endsOf(store) : {}
  if (recipe.stages.every(({ name }) => Object.hasOwn(ends, name))) return
  onNote?.(`seed ${seed}: trains in ${store.name}`)
  await train({
    host,
    recipe: recipeOfSeed(frozen.study, seed),
    store,
    run: `seed-${seed}`,
    resume: info !== null,
    workers: 1,
    keepEpisodes: 1,
    backend,
    signal,
    onProgress: (progress) => onProgress?.(seed, progress),
  })
}

/** The updates after which the stages of a run ended. */
async function endsOf(store: Store): Promise<Record<string, number>> {
  return (await new Checkpoints(store).newest(() => {}))?.progress.ends ?? {}
}

/** Plays the cells of a seed, or those that are the same for all, that are not there. */
async function playAll(options: ReproduceOptions, seed: number | 'all'): Promise<void> {
  const { host, frozen, stores, backend, signal, onNote } = options
  const { study } = frozen
  const cells = study.plays.flatMap((play) =>
    agentsOf(study, play)
      .filter((agent) => isOfSeed(study, play, agent) === (seed !== 'all'))
      .map((agent) => ({ play, agent, file: cellFile(study, seed, play, agent) })),
  )
  const missing = []
  for (const cell of cells) if ((await stores.study.stat(cell.file)) === null) missing.push(cell)
  if (missing.length === 0) return
  const who = seed === 'all' ? sameForAll(study, host) : await trainedIn(study, host, stores.run(seed))
  const team = host.team(1, () => {})
  try {
    await team.every('start', { backend: backend ?? 'auto' })
    for (const { play, agent, file } of missing) {
      const playing = await who(agent)
      const sharpness = await sharpnessOf(play, playing, who, (model, temperature) =>
        team.first('entropy', entropyJobOf(options, { ...play, temperature }, model)),
      )
      const { temperature = play.temperature } = sharpness ?? {}
      const results: Result[] = []
      for (let sample = 0; sample < play.samples; sample++) {
        signal?.throwIfAborted()
        append(
          results,
          await team.first('evaluate', jobOf(options, { ...play, temperature }, playing, sample)),
        )
      }
      const cell: Cell = {
        agent,
        modality: play.modality,
        blind: play.blind,
        greedy: play.temperature === 0,
        ...(sharpness && { sharpness }),
        results,
      }
      await stores.study.write(file, `${JSON.stringify(cell)}\n`)
      const won = results.filter(({ success }) => success).length
      onNote?.(`seed ${seed}, ${play.name}, ${agent}: ${won} of ${results.length} episodes succeed`)
    }
  } finally {
    await team.close()
  }
}

type Playing = EvaluateJob['agent']

const startOf = ({ model }: Recipe, host: Host): Promise<ModelBytes> =>
  host.model(model.slice('mini:'.length))

/** The model that all runs start from, and scripted agents. */
function sameForAll({ recipe }: Study, host: Host): (agent: string) => Promise<Playing> {
  return async (agent) =>
    agent === 'start' ? { ...(await startOf(recipe, host)), name: agent } : { policy: agent }
}

/** The models after the stages of a run, and the one it starts from. */
async function trainedIn(
  { recipe }: Study,
  host: Host,
  store: Store,
): Promise<(agent: string) => Promise<Playing>> {
  const checkpoints = new Checkpoints(store)
  const ends = await endsOf(store)
  return async (agent) => {
    if (agent === 'start' && !(recipe.model in SIZES))
      return { ...(await startOf(recipe, host)), name: agent }
    const what = `${store.name}/${modelFile(ends[agent])}`
    return { bytes: await checkpoints.model(ends[agent]), what, name: agent }
  }
}

/** Levels that entropy is measured on, at most. */
const MEASURED = 48

/** Measures how sharply an agent plays the first levels of a play. */
function entropyJobOf(options: ReproduceOptions, play: Play, agent: Playing): EvaluateJob {
  return jobOf(options, { ...play, levels: Math.min(MEASURED, play.levels) }, agent, 0)
}

function jobOf({ frozen, split }: ReproduceOptions, play: Play, agent: Playing, sample: number): EvaluateJob {
  const { recipe } = frozen.study
  const { name, seed, temperature, conversation, levels, modality, blind } = play
  return {
    name,
    evaluation: {
      agents: [],
      modalities: [modality],
      episodes: levels,
      split,
      seed,
      temperature,
      conversation,
      compare: [],
      greedy: [],
      blind: [],
    },
    sampling: `${seed}/${sample}`,
    data: play.data ?? recipe.data,
    agent,
    keep: 0,
    run: '',
    modality,
    blind,
    shard: 0,
    shards: 1,
  }
}
