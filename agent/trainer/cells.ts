import { z } from 'zod'
import { parseJson } from '#core/config'
import { own } from '#core/own'
import { readText } from '#core/store'
import { modelFile } from './checkpoints.ts'
import { Result } from './evaluate.ts'
import type { RunFolder } from './folder.ts'
import type { Progress } from './progress.ts'
import type { Evaluation, Recipe } from './recipe.ts'
import type { Team } from './team.ts'

/** One agent on all held-out levels in one modality. */
export const Cell = z.strictObject({
  agent: z.string(),
  /** null: an agent without language sees states, not observations. */
  modality: z.enum(['text', 'frame', 'both']).nullable(),
  /** Shown the observation of another level. */
  blind: z.boolean(),
  results: z.array(Result),
})
export type Cell = z.infer<typeof Cell>

/** The cell of an agent that saw its own levels; agents without language have one for all modalities. */
export function findCell(
  cells: readonly Cell[],
  agent: string,
  modality: Cell['modality'],
): Cell | undefined {
  return cells.find(
    (cell) => cell.agent === agent && (cell.modality === modality || cell.modality === null) && !cell.blind,
  )
}

/** 1 for every episode that was a success, 0 for the others. */
export const successes = ({ results }: Pick<Cell, 'results'>): number[] =>
  results.map(({ success }) => (success ? 1 : 0))

interface EvaluateRecipe {
  readonly recipe: Recipe
  readonly folder: RunFolder
  readonly team: Team
  readonly run: string
  readonly progress: Progress
  /** Episodes recorded per cell. */
  readonly keep: number
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
}

/** Plays all cells of a recipe's evaluation; those that a run has already are read from its folder `evaluation`. */
export async function evaluateRecipe(given: EvaluateRecipe): Promise<Cell[]> {
  const { recipe, folder, team, progress, note } = given
  const { evaluation } = recipe
  if (!evaluation) return []
  const cells: Cell[] = []
  const plans = plansOf(evaluation, Object.keys(progress.ends))
  for (const plan of plans) {
    given.signal?.throwIfAborted()
    const name = [plan.agent, plan.modality, plan.blind ? 'blind' : null].filter(Boolean).join('-')
    const file = `evaluation/${name}.json`
    const text = await readText(folder.store, file)
    if (text !== null) {
      cells.push(parseJson(Cell, text, `${folder.store.name}/${file}`))
      continue
    }
    const end = own(progress.ends, plan.agent)
    const agent =
      end === undefined
        ? { policy: plan.agent }
        : { bytes: await folder.model(end), what: modelFile(end), name: plan.agent }
    const { shards } = recipe
    const kept = Math.min(given.keep, evaluation.episodes)
    const order = Array.from({ length: kept }, (_, i) => `eval-${name}-${i}`)
    await folder.openSegment(`eval-${name}`, order)
    const playing = team.shards(
      'evaluate',
      Array.from({ length: shards }, (_, shard) => ({
        name: `eval-${name}`,
        evaluation,
        data: evaluation.data ?? recipe.data,
        agent,
        modality: plan.modality ?? 'text',
        blind: plan.blind,
        keep: given.keep,
        run: given.run,
        shard,
        shards,
      })),
    )
    const parts = await orAborted(playing, given.signal)
    const cell: Cell = { ...plan, results: parts.flat() }
    await folder.closeSegment()
    await folder.store.write(file, `${JSON.stringify(cell)}\n`)
    cells.push(cell)
    const solved = cell.results.filter(({ success }) => success).length
    note(
      `${name}: ${solved} of ${cell.results.length} held-out episodes succeed (${cells.length} of ${plans.length})`,
    )
  }
  return cells
}

/** What `work` gives, unless `signal` is aborted before. @throws the signal's reason. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The cells in the order of the report; agents without language play once. */
function plansOf(evaluation: Evaluation, stages: readonly string[]): Omit<Cell, 'results'>[] {
  const speaks = (agent: string): boolean => stages.includes(agent) || agent.includes(':')
  const seen = evaluation.agents.flatMap((agent): Omit<Cell, 'results'>[] =>
    speaks(agent)
      ? evaluation.modalities.map((modality) => ({ agent, modality, blind: false }))
      : [{ agent, modality: null, blind: false }],
  )
  const blind = evaluation.blind.flatMap((agent) =>
    evaluation.modalities.map((modality) => ({ agent, modality, blind: true })),
  )
  return [...seen, ...blind]
}
