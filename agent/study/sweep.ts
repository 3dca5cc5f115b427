/**
 * A sweep: one recipe trained with every combination of some settings from several seeds, each judged on valid levels.
 * What there is already is kept, run by run:
 *
 *   <settings>/seed-<n>/          the run
 *   <settings>/seed-<n>.json      what came of it (Swept)
 */
import { z } from 'zod'
import { shown, UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { readText, type Store } from '#core/base/store'
import { parseJson } from '#core/env/config'
import type { Modality } from '#core/play/policy'
import { override } from '../recipe/override.ts'
import { type Evaluation, type Recipe, recipeOf } from '../recipe/recipe.ts'
import { readYaml } from '../recipe/yaml.ts'
import { RunFolder } from '../trainer/folder.ts'
import { type TrainOptions, train } from '../trainer/train.ts'
import { inLanes } from './lanes.ts'

/** Most combinations of a grid. */
const MOST = 500

/** One combination of a grid: what is written over the recipe, in words as `--set` takes them. */
export interface Setting {
  readonly overrides: readonly string[]
  /** Of its folder. */
  readonly name: string
}

/** How the agents of a sweep are judged: one of the recipe's stages, on levels of the valid split. */
export interface Judging {
  readonly agent: string
  readonly modality: Modality
  readonly episodes: number
  readonly temperature: number
}

/** What came of one run. */
export const Swept = z.strictObject({
  /** Hash of the recipe with its evaluation. */
  recipe: z.string(),
  seed: z.string(),
  success: z.number(),
  return: z.number(),
  episodes: z.int(),
  /** Updates that were done, and what they took. */
  updates: z.int(),
  seconds: z.number(),
})
export type Swept = z.infer<typeof Swept>

export interface SweepOptions
  extends Pick<TrainOptions, 'host' | 'backend' | 'signal' | 'onNote' | 'onProgress'> {
  readonly settings: readonly Setting[]
  readonly seeds: readonly number[]
  readonly recipe: (setting: Setting, seed: number) => Recipe
  /** Where a run of a setting is, and its sweep's own files. */
  readonly stores: { readonly run: (setting: Setting, seed: number) => Store; readonly sweep: Store }
  /** Runs at a time, each in a thread of its own. */
  readonly lanes: number
  /** Called when a run is complete. */
  readonly onRun?: (setting: Setting, seed: number, swept: Swept) => Promise<void>
}

/**
 * All combinations of `key=v1,v2` (values are YAML), the last key changing fastest.
 * @throws UserError for one that is none, or more than 500 combinations.
 */
export function settingsOf(grid: readonly string[]): Setting[] {
  let all: string[][] = [[]]
  const keys = new Set<string>()
  for (const axis of grid) {
    const equals = axis.indexOf('=')
    const key = axis.slice(0, equals)
    if (equals < 1)
      throw new UserError(
        `--grid ${axis}: write key=value,value, like stages.fre.optimizer.rate=0.001,0.0005`,
      )
    if (keys.has(key)) throw new UserError(`--grid ${key}: is there twice`)
    keys.add(key)
    const values = readYaml(`[${axis.slice(equals + 1)}]`, `--grid ${key}`) as unknown[]
    const texts = values.map((value) => JSON.stringify(value))
    if (texts.length === 0) throw new UserError(`--grid ${key}: needs a value`)
    const twice = texts.find((text, i) => texts.indexOf(text) < i)
    if (twice !== undefined) throw new UserError(`--grid ${key}: ${twice} is there twice`)
    if (all.length * texts.length > MOST) throw new UserError(`--grid: more than ${MOST} combinations`)
    all = all.flatMap((before) => texts.map((text) => [...before, `${key}=${text}`]))
  }
  return all.map((overrides) => ({ overrides, name: nameOf(overrides) }))
}

/** Enough to know a folder by, and what tells it from all others. */
function nameOf(overrides: readonly string[]): string {
  if (overrides.length === 0) return 'as-is'
  const words = overrides.map((one) =>
    one.slice(one.lastIndexOf('.', one.indexOf('=')) + 1).replace(/[^\w.-]+/g, '-'),
  )
  return `${words.join('_').slice(0, 60)}~${hashText(overrides.join('\n')).slice(0, 8)}`
}

/** How a recipe's agents are judged where nothing else is said: its last stage that talks, as it was taught to see. */
export function judgingOf(recipe: Recipe, asked: Partial<Judging>): Judging {
  const names = recipe.stages.map(({ name }) => name)
  const { agent = names[names.length - 1], episodes = 200, temperature = 0 } = asked
  const stage = recipe.stages.find(({ name }) => name === agent)
  if (!stage) throw new UserError(`--agent ${shown(agent)}: the recipe has the stages ${names.join(', ')}`)
  const own = 'conversation' in stage ? stage.conversation.modality : 'frame'
  return { agent, modality: asked.modality ?? own, episodes, temperature }
}

/**
 * The recipe of one run: overrides and a seed written over a parsed document, and an evaluation on valid levels in the place
 * of its own.
 * @throws UserError as recipes do.
 */
export function recipeOfRun(
  document: unknown,
  setting: Setting,
  seed: number,
  asked: Partial<Judging>,
  what: string,
): Recipe {
  const own = structuredClone(document)
  for (const one of [...setting.overrides, `seed=${seed}`]) override(own, one)
  const recipe = recipeOf(own, what)
  const { agent, modality, episodes, temperature } = judgingOf(recipe, asked)
  const stage = recipe.stages.find(({ name }) => name === agent)!
  const talk = recipe.evaluation?.conversation ?? ('conversation' in stage ? stage.conversation : undefined)
  if (!talk) throw new UserError(`${what}: stage ${agent} does not talk: the recipe needs an evaluation`)
  const evaluation: Evaluation = {
    agents: [agent],
    modalities: [modality],
    episodes,
    split: 'valid',
    seed: 'sweep',
    temperature,
    data: recipe.evaluation?.data ?? stage.data ?? recipe.data,
    conversation: talk,
    compare: [],
    greedy: [],
    blind: [],
  }
  return { ...recipe, exhibition: [], evaluation }
}

/** Trains every run that is not complete. @throws the first error of a run, when those side by side have ended. */
export async function sweep(options: SweepOptions): Promise<void> {
  const { settings, seeds, stores, recipe, onRun } = options
  const lock = await stores.sweep.lock()
  try {
    if (lock.note !== undefined) options.onNote?.(lock.note)
    const runs = seeds.flatMap((seed) => settings.map((setting) => ({ setting, seed })))
    await inLanes(runs, options.lanes, options.signal, async ({ setting, seed }) => {
      const own = recipe(setting, seed)
      const before = await sweptAt(stores.sweep, setting, seed, own)
      const swept = before ?? (await trained(options, setting, seed, own))
      if (!before) await stores.sweep.write(fileOf(setting, seed), `${JSON.stringify(swept)}\n`)
      await onRun?.(setting, seed, swept)
    })
  } finally {
    await lock.release()
  }
}

const fileOf = ({ name }: Setting, seed: number): string => `${name}/seed-${seed}.json`
const hashOf = (recipe: Recipe): string => hashText(JSON.stringify(recipe))

/** What came of a run; null where it is not complete, or was of another recipe. */
export async function sweptAt(
  store: Store,
  setting: Setting,
  seed: number,
  recipe: Recipe,
): Promise<Swept | null> {
  const file = fileOf(setting, seed)
  const text = await readText(store, file)
  if (text === null) return null
  const swept = parseJson(Swept, text, `${store.name}/${file}`)
  return swept.recipe === hashOf(recipe) ? swept : null
}

async function trained(
  { host, backend, signal, stores, onNote, onProgress }: SweepOptions,
  setting: Setting,
  seed: number,
  recipe: Recipe,
): Promise<Swept> {
  const store = stores.run(setting, seed)
  const folder = new RunFolder(store)
  const resume = (await folder.readInfo()) !== null
  onNote?.(
    `${setting.overrides.join(' ') || 'as it is'}, seed ${seed}: ${resume ? 'goes on' : 'trains'} in ${store.name}`,
  )
  const run = `seed-${seed}`
  const { cells } = await train({
    host,
    recipe,
    store,
    run,
    resume,
    workers: 1,
    keepEpisodes: 1,
    backend,
    signal,
    onProgress,
  })
  const [{ results }] = cells
  const mean = (of: (result: (typeof results)[number]) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length
  const rows = await folder.readMetrics()
  return {
    recipe: hashOf(recipe),
    seed: recipe.seed,
    success: mean(({ success }) => (success ? 1 : 0)),
    return: mean((result) => result.return),
    episodes: results.length,
    updates: rows.length,
    seconds: rows.reduce((sum, { seconds }) => sum + Number(seconds), 0),
  }
}
