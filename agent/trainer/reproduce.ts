/**
 * The rows of LMM-R1's table 3 in kind: one recipe whose stages are its agents, trained from several seeds, and all of
 * them evaluated online (the recipe's evaluation), globally (one answer with all actions), and in a game that they were
 * not trained on. What differs from the paper, the report says (cli/reproduction.ts).
 */
import { parseJson } from '#core/config'
import { readText, type Store } from '#core/store'
import { chooseBackend } from '../backend.ts'
import { decodeModel } from '../model/checkpoint.ts'
import { everywhere } from '../policies/everywhere.ts'
import { mini } from '../policies/mini.ts'
import { Cell } from './cells.ts'
import { Checkpoints, modelFile } from './checkpoints.ts'
import { evaluate } from './evaluate.ts'
import { heldOutLevels, openLevels } from './levels.ts'
import type { Evaluation, Recipe } from './recipe.ts'
import { type TrainOptions, train } from './train.ts'

export interface ReproduceOptions extends Omit<TrainOptions, 'recipe' | 'store' | 'run' | 'resume'> {
  readonly recipe: Recipe
  /** The run folder of each seed, `seed-1`, `seed-2` ... */
  readonly store: (run: string) => Store
  readonly seeds: number
  /** Factor on every stage's updates. */
  readonly budget: number
  /** The other game, if there is one; its agents are the recipe's. */
  readonly transfer?: Omit<Evaluation, 'agents'>
  /** Called when a seed is complete. */
  readonly onSeed?: (seed: number) => Promise<void>
}

/** What one seed has given so far; cells that are missing were not reached. */
export interface SeedResults {
  readonly seed: number
  readonly online: readonly Cell[]
  readonly global: readonly Cell[]
  readonly transfer: readonly Cell[]
}

/** Trains and evaluates every seed; what is there already is kept, and what is half done goes on. */
export async function reproduce(options: ReproduceOptions): Promise<void> {
  for (let seed = 1; seed <= options.seeds; seed++) {
    options.signal?.throwIfAborted()
    const run = runOf(seed)
    const store = options.store(run)
    const recipe = scaled(options.recipe, seed, options.budget)
    options.onNote?.(`seed ${seed} of ${options.seeds}: ${store.name}`)
    await train({ ...options, recipe, store, run, resume: (await store.stat('run.json')) !== null })
    const { evaluation } = recipe
    if (evaluation) {
      const { agents, conversation } = evaluation
      const once = { ...evaluation, conversation: { ...conversation, mode: 'global' as const } }
      await evaluateFurther(recipe, once, store, GLOBAL, options)
      if (options.transfer)
        await evaluateFurther(recipe, { ...options.transfer, agents }, store, TRANSFER, options)
    }
    await options.onSeed?.(seed)
  }
}

/** The recipe of one seed with its budgets scaled, at least one update each. */
export function scaled(recipe: Recipe, seed: number, budget: number): Recipe {
  const stages = recipe.stages.map((stage) => ({
    ...stage,
    updates: Math.max(1, Math.round(stage.updates * budget)),
  }))
  return { ...recipe, seed: String(seed), stages }
}

/** All results, seed by seed. */
export function collect(open: (run: string) => Store, seeds: number): Promise<SeedResults[]> {
  return Promise.all(
    Array.from({ length: seeds }, async (_, i) => {
      const store = open(runOf(i + 1))
      return {
        seed: i + 1,
        online: await readCells(store, 'evaluation'),
        global: await readCells(store, GLOBAL),
        transfer: await readCells(store, TRANSFER),
      }
    }),
  )
}

/** Name of a seed's run. */
export const runOf = (seed: number): string => `seed-${seed}`

const GLOBAL = 'evaluation-global'
const TRANSFER = 'evaluation-transfer'

/** Every agent of a run on the same held-out levels; cells go into the folder `name` of the run. In this thread. */
async function evaluateFurther(
  recipe: Recipe,
  evaluation: Evaluation,
  store: Store,
  name: string,
  options: ReproduceOptions,
): Promise<void> {
  const checkpoints = new Checkpoints(store)
  await chooseBackend(options.backend)
  const ends = (await checkpoints.newest(() => {}))?.progress.ends ?? {}
  const levels = heldOutLevels(
    openLevels(evaluation.data ?? recipe.data),
    evaluation.split,
    evaluation.seed,
    evaluation.episodes,
  )
  for (const agent of evaluation.agents) {
    const learned = ends[agent] !== undefined
    for (const modality of learned ? evaluation.modalities : ([null] as const)) {
      options.signal?.throwIfAborted()
      const file = `${name}/${[agent, modality].filter(Boolean).join('-')}.json`
      if ((await store.stat(file)) !== null) continue
      const policy = learned
        ? mini(decodeModel(await checkpoints.model(ends[agent]), modelFile(ends[agent])).model, {
            id: `mini:${agent}`,
            temperature: evaluation.temperature,
            ownsModel: true,
          })
        : await everywhere(
            agent,
            levels.map(({ env }) => env),
            {},
          )
      const conversation = { ...evaluation.conversation, modality: modality ?? 'text' }
      const results = await evaluate({ levels, policies: [policy], conversation, sampling: evaluation.seed })
      policy.dispose?.()
      const cell: Cell = { agent, modality, blind: false, results }
      await store.write(file, `${JSON.stringify(cell)}\n`)
    }
  }
}

async function readCells(store: Store, folder: string): Promise<Cell[]> {
  const files = (await store.list(folder)).filter((name) => name.endsWith('.json'))
  return Promise.all(
    files.map(async (name) => {
      const file = `${folder}/${name}`
      return parseJson(Cell, (await readText(store, file)) ?? '', `${store.name}/${file}`)
    }),
  )
}
