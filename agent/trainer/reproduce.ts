/**
 * The rows of LMM-R1's table 3 in kind: one recipe whose stages are its agents, trained from several seeds, and all of
 * them evaluated online (the recipe's evaluation), globally (one answer with all actions), and in a game that they were
 * not trained on. What differs from the paper, the report says (cli/reproduction.ts).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '#core/config'
import { makeFolder } from '#stores/folder'
import { chooseBackend } from '../backend.ts'
import { loadModel } from '../model/checkpoint.ts'
import { everywhere } from '../policies/everywhere.ts'
import { mini } from '../policies/mini.ts'
import { Cell } from './cells.ts'
import { evaluate } from './evaluate.ts'
import { RunFolder } from './folder.ts'
import { heldOutLevels, openLevels } from './levels.ts'
import type { Evaluation, Recipe } from './recipe.ts'
import { type TrainOptions, train } from './train.ts'

export interface ReproduceOptions extends Omit<TrainOptions, 'recipe' | 'out' | 'resume'> {
  readonly recipe: Recipe
  /** Holds one run folder per seed, `seed-1`, `seed-2` ... */
  readonly out: string
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
    const out = seedFolder(options.out, seed)
    const recipe = scaled(options.recipe, seed, options.budget)
    options.onNote?.(`seed ${seed} of ${options.seeds}: ${out}`)
    await train({ ...options, recipe, out, resume: existsSync(join(out, 'run.json')) })
    const { evaluation } = recipe
    if (evaluation) {
      const { agents, conversation } = evaluation
      const once = { ...evaluation, conversation: { ...conversation, mode: 'global' as const } }
      await evaluateFurther(recipe, once, out, GLOBAL, options)
      if (options.transfer)
        await evaluateFurther(recipe, { ...options.transfer, agents }, out, TRANSFER, options)
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

/** All results under a folder, seed by seed. */
export function collect(out: string, seeds: number): SeedResults[] {
  return Array.from({ length: seeds }, (_, i) => ({
    seed: i + 1,
    online: readCells(join(seedFolder(out, i + 1), 'evaluation')),
    global: readCells(join(seedFolder(out, i + 1), GLOBAL)),
    transfer: readCells(join(seedFolder(out, i + 1), TRANSFER)),
  }))
}

export function seedFolder(out: string, seed: number): string {
  return join(out, `seed-${seed}`)
}

const GLOBAL = 'evaluation-global'
const TRANSFER = 'evaluation-transfer'

/** Every agent of a run on the same held-out levels; cells go into the folder `name` of the run. In this thread. */
async function evaluateFurther(
  recipe: Recipe,
  evaluation: Evaluation,
  out: string,
  name: string,
  options: ReproduceOptions,
): Promise<void> {
  const folder = new RunFolder(out)
  makeFolder(join(out, name))
  await chooseBackend(options.backend)
  const { ends } = folder.resume().progress
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
      const file = join(name, `${[agent, modality].filter(Boolean).join('-')}.json`)
      if (existsSync(join(out, file))) continue
      const policy = learned
        ? mini(loadModel(folder.modelFile(ends[agent])).model, {
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
      folder.write(file, `${JSON.stringify(cell)}\n`)
    }
  }
}

function readCells(folder: string): Cell[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parse(Cell, JSON.parse(readFileSync(join(folder, name), 'utf8')), join(folder, name)))
}
