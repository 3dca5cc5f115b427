import type { Conversation } from '#core/play/policy'
import type { Host } from '../host.ts'
import { encodeModel } from '../model/checkpoint.ts'
import type { Evaluation, Imitation, Recipe, Reinforcement, Source, Stage } from '../recipe/recipe.ts'
import type { Valid } from '../recipe/valid.ts'
import type { EvaluateJob } from './jobs.ts'
import { type Best, type Progress, provenanceOf } from './progress.ts'
import type { Team } from './team.ts'
import type { Metrics } from './update.ts'

/** Names the valid levels of every look. */
const SEED = 'valid'

/** A stage that looks at valid levels. */
export type Looking = (Imitation | Reinforcement) & { readonly valid: Valid }

export const looks = (stage: Stage): stage is Looking => 'valid' in stage && stage.valid !== undefined

/** Whether there is a look after so many updates of a stage. */
export const looksAfter = ({ valid, updates }: Looking, stageUpdate: number): boolean =>
  stageUpdate % valid.every === 0 || stageUpdate === updates

/** A look as an evaluation, and what its levels are drawn from. */
export function lookOf(
  recipe: Recipe,
  stage: Looking,
): Pick<EvaluateJob, 'evaluation' | 'data' | 'modality'> {
  const { episodes, temperature, modality = stage.conversation.modality } = stage.valid
  const conversation: Conversation = { ...stage.conversation, modality }
  const evaluation: Evaluation = {
    agents: [stage.name],
    modalities: [modality],
    episodes,
    split: 'valid',
    seed: SEED,
    temperature,
    conversation,
    compare: [],
    greedy: [],
    blind: [],
  }
  return { evaluation, data: dataOf(recipe, stage), modality }
}

const dataOf = (recipe: Recipe, { valid, data }: Looking): readonly Source[] =>
  valid.data ?? data ?? recipe.data

/** The part of a run that a look needs. */
interface Looker {
  readonly host: Pick<Host, 'envs'>
  readonly recipe: Recipe
  readonly team: Team
  readonly run: string
}

/** Lets the learner play the valid levels: shares and means over them. @throws NotFinite */
export async function look(
  { host, recipe, team, run }: Looker,
  stage: Looking,
  progress: Progress,
): Promise<Metrics> {
  const snapshot = await team.first('read', undefined)
  const bytes = encodeModel(snapshot, provenanceOf(host.envs, recipe, progress))
  const agent = { bytes, what: 'the learner', name: stage.name }
  const shared = { ...lookOf(recipe, stage), name: 'valid', agent, keep: 0, run, blind: false }
  const { shards } = recipe
  const jobs = Array.from({ length: shards }, (_, shard) => ({ ...shared, shard, shards }))
  const results = (await team.shards('evaluate', jobs)).flat()
  const mean = (of: (result: (typeof results)[number]) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length
  return { valid: mean(({ success }) => (success ? 1 : 0)), 'valid.return': mean((result) => result.return) }
}

/** The best look of a stage so far, with one more. */
export function bestWith(before: Best | undefined, success: number, { update, seen, stage }: Progress): Best {
  if (before && success <= before.success) return { ...before, since: before.since + 1 }
  return { update, success, seen: seen[stage], since: 0 }
}
