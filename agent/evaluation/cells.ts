import { z } from 'zod'
import { shown, UserError } from '#core/base/errors'
import { hashBytes, hashText } from '#core/base/hash'
import { own } from '#core/base/own'
import { readText } from '#core/base/store'
import { parseJson } from '#core/env/config'
import type { Env } from '#core/env/env'
import { SPLITS } from '#core/env/split'
import { Conversation, MODALITIES } from '#core/play/policy'
import type { Evaluation, Recipe } from '../recipe/recipe.ts'
import { modelFile } from '../trainer/checkpoints.ts'
import type { RunFolder } from '../trainer/folder.ts'
import type { EvaluateJob } from '../trainer/jobs.ts'
import { type Progress, versionsOf } from '../trainer/progress.ts'
import type { Team } from '../trainer/team.ts'
import { Result } from './evaluate.ts'

/** Everything that results depend on: they are those of now where all of it is the same. */
const Basis = z.strictObject({
  episodes: z.int(),
  split: z.enum(SPLITS),
  seed: z.string(),
  temperature: z.number(),
  conversation: Conversation,
  /** Hash of the levels. */
  levels: z.string(),
  /** Hash of the agent's model or script; empty for one that is code. */
  agent: z.string(),
  /** The same of the opponent; absent where there is none. */
  opponent: z.string().optional(),
  /** What computed; absent of a time when nobody asked. */
  backend: z.string().optional(),
  /** Environment id -> [version, look]. */
  envs: z.record(z.string(), z.tuple([z.int(), z.int()])),
})
type Basis = z.infer<typeof Basis>

/** One agent on all held-out levels in one modality. */
export const Cell = z.strictObject({
  agent: z.string(),
  /** null: an agent without language sees states, not observations. */
  modality: z.enum(MODALITIES).nullable(),
  /** Shown the observation of another level. */
  blind: z.boolean(),
  /** At temperature 0, in the place of the evaluation's. */
  greedy: z.boolean().default(false),
  /** Who sat in the other seats; results are then of every level from every seat. */
  opponent: z.string().optional(),
  /** The temperature that was found for the entropy of another agent's words (nats), and the own there. */
  sharpness: z.strictObject({ temperature: z.number(), entropy: z.number(), wanted: z.number() }).optional(),
  /** Of cells that a run may take up again; 0.1.0 wrote none. */
  basis: Basis.optional(),
  results: z.array(Result),
})
export type Cell = z.infer<typeof Cell>
type Plan = Pick<Cell, 'agent' | 'modality' | 'blind' | 'greedy' | 'opponent'>

/** The cell of an agent that saw its own levels; agents without language have one for all modalities. */
export function findCell(
  cells: readonly Cell[],
  agent: string,
  modality: Cell['modality'],
  greedy = false,
  opponent?: string,
): Cell | undefined {
  return cells.find(
    (cell) =>
      cell.agent === agent &&
      (cell.modality === modality || cell.modality === null) &&
      !cell.blind &&
      cell.opponent === opponent &&
      cell.greedy === greedy,
  )
}

/** 1 for every episode that was a success, 0 for the others. */
export const successes = ({ results }: Pick<Cell, 'results'>): number[] =>
  results.map(({ success }) => (success ? 1 : 0))

type Shared = Omit<Basis, 'agent' | 'opponent'>

interface EvaluateRecipe {
  readonly envs: readonly Env[]
  readonly recipe: Recipe
  readonly folder: RunFolder
  readonly team: Team
  readonly run: string
  readonly backend: string
  readonly progress: Progress
  /** Episodes recorded per cell. */
  readonly keep: number
  readonly note: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Plays all cells of a recipe's evaluation. One that is in the run's folder `evaluation` is taken from there if
 * nothing it depends on has changed.
 */
export async function evaluateRecipe(given: EvaluateRecipe): Promise<Cell[]> {
  const { recipe, progress, note } = given
  const { evaluation } = recipe
  if (!evaluation) return []
  const cells: Cell[] = []
  const plans = plansOf(evaluation, Object.keys(progress.ends))
  const shared = await basisOf(given, evaluation)
  for (const plan of plans) {
    given.signal?.throwIfAborted()
    const { temperature } = plan.greedy ? { temperature: 0 } : evaluation
    const cell = await cellOf(plan, { ...evaluation, temperature }, { ...shared, temperature }, given)
    cells.push(cell)
    const solved = cell.results.filter(({ success }) => success).length
    note(
      `${nameOf(plan)}: ${solved} of ${cell.results.length} held-out episodes succeed (${cells.length} of ${plans.length})`,
    )
  }
  return cells
}

/** What the cells of an evaluation share. */
async function basisOf(
  { envs: all, recipe, team, backend }: EvaluateRecipe,
  evaluation: Evaluation,
): Promise<Shared> {
  const { episodes, split, seed, temperature, conversation, data = recipe.data } = evaluation
  const levels = await team.first('levels', { evaluation, data })
  const envs = versionsOf(
    all,
    data.map(({ env }) => env),
  )
  return { episodes, split, seed, temperature, conversation, levels, backend, envs }
}

async function cellOf(
  plan: Plan,
  evaluation: Evaluation,
  shared: Shared,
  { recipe, folder, team, run, progress, keep, note, signal }: EvaluateRecipe,
): Promise<Cell> {
  const name = nameOf(plan)
  const file = `evaluation/${name}.json`
  const data = evaluation.data ?? recipe.data
  const seated = async (who: string): Promise<EvaluateJob['agent']> => {
    const end = own(progress.ends, who)
    return end === undefined
      ? { policy: who }
      : { bytes: await folder.model(end), what: modelFile(end), name: who }
  }
  const fingerprint = (who: EvaluateJob['agent']): string | Promise<string> =>
    'bytes' in who ? hashBytes(who.bytes) : team.first('meet', { policy: who.policy, data })
  const agent = await seated(plan.agent)
  const opponent = plan.opponent === undefined ? undefined : await seated(plan.opponent)
  const modality = plan.modality ?? 'text'
  const conversation = { ...shared.conversation, modality }
  const basis: Basis = {
    ...shared,
    conversation,
    agent: await fingerprint(agent),
    ...(opponent && { opponent: await fingerprint(opponent) }),
  }
  const before = await readCell(folder, file, note)
  const change = before && difference(before.basis, basis)
  if (before && change === undefined) return before
  if (before) note(`${file} is old (${change}): measured again`)

  const { shards } = recipe
  const kept = Math.min(keep, evaluation.episodes)
  const order = Array.from({ length: kept }, (_, i) => `eval-${name}-${i}`)
  // First, so that no results stand beside episodes of others.
  await folder.store.remove(file)
  await folder.openSegment(`eval-${name}`, order)
  const playing = team.shards(
    'evaluate',
    Array.from({ length: shards }, (_, shard) => ({
      name: `eval-${name}`,
      evaluation,
      data,
      agent,
      ...(opponent && { opponent }),
      modality,
      blind: plan.blind,
      keep,
      run,
      shard,
      shards,
    })),
  )
  const results = (await orAborted(playing, signal)).flat()
  await folder.closeSegment()
  await folder.syncEpisodes()
  // Parsed, as a cell that is read is: the same keys in the same order, for reports that are the same bytes.
  const cell = Cell.parse({ ...plan, basis, results })
  await folder.store.write(file, `${JSON.stringify(cell)}\n`)
  return cell
}

/** null where there is none that can be read. */
async function readCell(folder: RunFolder, file: string, note: (line: string) => void): Promise<Cell | null> {
  const text = await readText(folder.store, file)
  if (text === null) return null
  try {
    return parseJson(Cell, text, file)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    note(`${error.message}: measured again`)
    return null
  }
}

/** What results of then do not share with those of now, in words; undefined when they are the same. */
function difference(then: Basis | undefined, now: Basis): string | undefined {
  if (!then) return 'it does not say how it was measured'
  const keys = Object.keys(now) as (keyof Basis)[]
  const key = keys.find((one) => JSON.stringify(then[one]) !== JSON.stringify(now[one]))
  return key && `${key} ${shown(then[key])}, now ${shown(now[key])}`
}

/** Of a cell, in file names. */
function nameOf({ agent, modality, blind, greedy, opponent }: Plan): string {
  const against = opponent === undefined ? null : `against-${fileName(opponent)}`
  const how = [modality, blind ? 'blind' : null, greedy ? 'greedy' : null, against]
  return [fileName(agent), ...how].filter(Boolean).join('-')
}

/** Of agents with a path or an address in their name, enough to know them by. */
function fileName(agent: string): string {
  const plain = agent.replace(/[^\w.-]+/g, '_').slice(0, 60)
  return plain === agent ? agent : `${plain}~${hashText(agent).slice(0, 8)}`
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

/** The cells in the order of the report; agents without language play once; against opponents, each by each. */
function plansOf(evaluation: Evaluation, stages: readonly string[]): Plan[] {
  const plans = soloPlans(evaluation, stages)
  const { opponents } = evaluation
  if (!opponents) return plans
  return opponents.flatMap((opponent) =>
    plans.filter(({ agent }) => agent !== opponent).map((plan) => ({ ...plan, opponent })),
  )
}

function soloPlans(evaluation: Evaluation, stages: readonly string[]): Plan[] {
  const speaks = (agent: string): boolean => stages.includes(agent) || agent.includes(':')
  const plain = { blind: false, greedy: false }
  const seen = evaluation.agents.flatMap((agent): Plan[] =>
    speaks(agent)
      ? evaluation.modalities.map((modality) => ({ ...plain, agent, modality }))
      : [{ ...plain, agent, modality: null }],
  )
  const again = (agents: readonly string[], how: { blind: true } | { greedy: true }): Plan[] =>
    agents.flatMap((agent) =>
      evaluation.modalities.map((modality) => ({ ...plain, ...how, agent, modality })),
    )
  return [...seen, ...again(evaluation.greedy, { greedy: true }), ...again(evaluation.blind, { blind: true })]
}
