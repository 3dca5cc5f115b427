import { didYouMean, FileErrors, UserError, UserErrors } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { checkLegal, emptyPlan } from '#core/play/plan'
import type { Conversation } from '#core/play/policy'
import { SIZES } from '../model/shape.ts'
import { rewardRule } from '../rewards/registry.ts'
import { RANDOM } from '../trainer/corpus.ts'
import { envsOf } from '../trainer/progress.ts'
import { lookOf, looks } from '../trainer/valid.ts'
import { type Attempt, checkFiles, checkSources, dataOf, readerOf } from './data.ts'
import { frozenStage, POOL, SELF } from './opponents.ts'
import type { Evaluation, Recipe, Source } from './recipe.ts'
import type { Resources, Start } from './resources.ts'

/**
 * Looks for everything that a recipe names and that would be missing later: environments, configs, levels, models,
 * words, agents, rules. Reads all files of levels.
 * @returns a line for each level of a file that is left out.
 * @throws UserErrors, a line for each thing that is missing, with its key.
 */
export async function checkRecipe(recipe: Recipe, resources: Resources): Promise<readonly string[]> {
  const problems: string[] = []
  let files = false
  const attempt = async (key: string, what: () => unknown): Promise<boolean> => {
    try {
      await what()
      return true
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      files ||= error instanceof FileErrors
      const lines = error instanceof FileErrors ? error.lines : [error.message]
      for (const line of lines) problems.push(`${key}: ${line}`)
      return false
    }
  }

  const { envs } = resources
  const known = new Set<readonly Source[]>()
  for (const [key, data] of dataOf(recipe)) {
    if (await checkSources(key, data, resources, attempt)) known.add(data)
  }
  for (const [i, id] of (recipe.vocabulary ?? []).entries()) {
    await attempt(`vocabulary.${i}`, () => findEnv(envs, id))
  }
  const { start } = resources
  const sized = recipe.model in SIZES
  let begun: Start | undefined
  if (start && (!sized || problems.length === 0)) {
    await attempt('model', async () => {
      begun = await start()
      const { vocabulary, weights } = begun
      for (const { id } of envs.filter(({ id }) => envsOf(recipe).includes(id))) {
        const reads = vocabulary.includes(`<${id}>`)
        await attempt(sized ? 'vocabulary' : 'model', () => mustRead(id, reads))
      }
      for (const stage of recipe.stages) {
        const { name, freeze } = stage
        if ('sketch' in stage && stage.sketch > 0) {
          await attempt(`stages.${name}.sketch`, () => mustAsk(weights))
        }
        for (const [i, word] of 'leaveOut' in stage ? (stage.leaveOut?.words ?? []).entries() : []) {
          await attempt(`stages.${name}.leaveOut.words.${i}`, () =>
            mustBeOneOf(word, vocabulary, 'it has no word'),
          )
        }
        for (const [i, prefix] of freeze.entries()) {
          await attempt(`stages.${name}.freeze.${i}`, () => mustBegin(prefix, weights))
        }
      }
    })
  }
  const leftOut: string[] = []
  for (const [key, data] of dataOf(recipe)) {
    if (!known.has(data)) continue
    const inFiles = data.some(({ levels }) => levels)
    const unreadable = begun && inFiles ? readerOf(recipe, data, begun) : undefined
    if (!(await checkFiles(key, data, unreadable, resources, leftOut, attempt))) known.delete(data)
  }
  for (const stage of recipe.stages) {
    const data = stage.data ?? recipe.data
    if (!known.has(data)) continue
    const key = `stages.${stage.name}`
    for (const env of data.map(({ env }) => findEnv(envs, env))) {
      if ('conversation' in stage) await checkTalk(envs, key, stage.conversation, data, attempt)
      if ('reward' in stage) await attempt(`${key}.reward.rule`, () => rewardRule(env, stage.reward))
      if ('opponents' in stage && stage.opponents) {
        await checkOpponents(
          key,
          stage.opponents.map(({ agent }) => agent),
          data,
          resources,
          attempt,
        )
      }
      if ('groups' in stage && stage.mistakes) {
        await attempt(`${key}.mistakes`, () => mustTellChances(env, data, stage.conversation))
      }
      if ('sketch' in stage && stage.sketch > 0) {
        await attempt(`${key}.sketch`, () => mustSketch(env, data, stage.conversation))
      }
      if ('expert' in stage) {
        const scripted = Object.keys(env.policies ?? {})
        await attempt(`${key}.expert`, () => mustBeOneOf(stage.expert, scripted, `${env.id} has no agent`))
        const others = [RANDOM, ...scripted]
        if (stage.against) await attempt(`${key}.against`, () => mustSeatTwo(envs, data))
        for (const [i, name] of (stage.against ?? []).entries()) {
          await attempt(`${key}.against.${i}`, () => mustBeOneOf(name, others, `${env.id} has no agent`))
        }
      }
    }
  }
  for (const stage of recipe.stages.filter(looks)) {
    const { evaluation, data } = lookOf(recipe, stage)
    if (!known.has(data)) continue
    const key = `stages.${stage.name}.valid`
    await checkTalk(envs, key, evaluation.conversation, data, attempt)
    await attempt(`${key}.episodes`, () => resources.levels(evaluation, data))
  }
  if (recipe.evaluation) await checkEvaluation(recipe, recipe.evaluation, known, resources, attempt)
  for (const [i, { agent, env, config }] of recipe.exhibition.entries()) {
    const data = [{ env, config, weight: 1 }]
    if (await checkSources(`exhibition.${i}`, data, resources, attempt, false)) {
      await attempt(`exhibition.${i}.agent`, () => resources.agent(agent, data))
    }
  }
  const lines = [...new Set(problems)]
  if (lines.length > 0) throw files ? new FileErrors(lines) : new UserErrors(lines)
  return [...new Set(leftOut)]
}

async function checkTalk(
  envs: readonly Env[],
  key: string,
  conversation: Conversation,
  data: readonly Source[],
  attempt: Attempt,
): Promise<void> {
  for (const { env } of data) {
    await attempt(`${key}.conversation.macro`, () => emptyPlan(findEnv(envs, env), conversation))
    const wish = conversation.mask ? 'mask' : 'listLegal'
    await attempt(`${key}.conversation.${wish}`, () => checkLegal(findEnv(envs, env), conversation))
  }
}

/** Whether there are seats for opponents, and whoever is named by a policy plays the data. */
async function checkOpponents(
  key: string,
  names: readonly string[],
  data: readonly Source[],
  resources: Resources,
  attempt: Attempt,
): Promise<void> {
  const seated = await attempt(`${key}.opponents`, () => mustSeatTwo(resources.envs, data))
  if (!seated) return
  for (const [i, name] of names.entries()) {
    if (name === SELF || name === POOL || frozenStage(name) !== null) continue
    await attempt(`${key}.opponents.${i}`, () => resources.agent(name, data))
  }
}

/** @throws UserError where nobody can tell up to which step an episode could still be won. */
function mustTellChances(env: Env, data: readonly Source[], { macro }: Conversation): void {
  if (!env.stepsToGo) throw new UserError(`${env.id} does not tell what can still be won`)
  if (macro !== undefined) throw new UserError('not with a macro, whose steps are not in the answers')
  const own = data.filter((source) => source.env === env.id)
  if (own.some(({ config }) => env.seats(resolveConfig(env, config)) > 1)) {
    throw new UserError(`${env.id} has several seats with this config`)
  }
}

/** @throws UserError when a source has one seat. */
function mustSeatTwo(envs: readonly Env[], data: readonly Source[]): void {
  for (const { env: id, config } of data) {
    const env = findEnv(envs, id)
    if (env.seats(resolveConfig(env, config)) > 1) continue
    throw new UserError(`${id} has one seat with this config, and nobody to play against`)
  }
}

async function checkEvaluation(
  recipe: Recipe,
  evaluation: Evaluation,
  known: ReadonlySet<readonly Source[]>,
  resources: Resources,
  attempt: Attempt,
): Promise<void> {
  const { agents, blind, compare, modalities } = evaluation
  const data = evaluation.data ?? recipe.data
  if (!known.has(data)) return
  await checkTalk(resources.envs, 'evaluation', evaluation.conversation, data, attempt)
  await attempt('evaluation.episodes', () => resources.levels(evaluation, data))
  const learned = ['start', ...recipe.stages.map(({ name }) => name)]
  if (evaluation.opponents) await attempt('evaluation.opponents', () => mustSeatTwo(resources.envs, data))
  for (const [key, names] of Object.entries({ agents, blind, opponents: evaluation.opponents ?? [] })) {
    for (const [i, name] of names.entries()) {
      if (!learned.includes(name)) {
        await attempt(`evaluation.${key}.${i}`, () => resources.agent(name, data))
      }
    }
  }
  for (const [i, pair] of compare.entries()) {
    const at = `evaluation.compare.${i}`
    for (const side of ['agent', 'baseline'] as const) {
      await attempt(`${at}.${side}`, () => mustBeOneOf(pair[side], agents, 'evaluation.agents has no'))
    }
    await attempt(`${at}.modality`, () =>
      mustBeOneOf(pair.modality, modalities, 'evaluation.modalities has no'),
    )
  }
}

function mustRead(id: string, reads: boolean): void {
  if (!reads) throw new UserError(`it has no words for ${id}, which the recipe plays`)
}

/** @throws UserError when a model's slots are asked nothing. */
function mustAsk(weights: readonly string[]): void {
  if (!weights.includes('sketch.weight'))
    throw new UserError('its slots are not asked about plans; take model: b')
}

/** @throws UserError when a game's plans cannot be drawn. */
function mustSketch(env: Env, data: readonly Source[], { mode }: Conversation): void {
  if (!env.sketch) throw new UserError(`${env.id} draws no plans`)
  if (mode === 'global') throw new UserError("plans are drawn of turns: 'online' is allowed")
  const several = data.some(
    ({ env: id, config }) => id === env.id && env.seats(resolveConfig(env, config)) > 1,
  )
  if (several) throw new UserError(`${env.id} has several seats, and plans of one are drawn`)
}

function mustBegin(prefix: string, weights: readonly string[]): void {
  if (weights.some((name) => name.startsWith(prefix))) return
  throw new UserError(`no weight's name begins with '${prefix}'`)
}

function mustBeOneOf(name: string, allowed: readonly string[], none: string): void {
  if (!allowed.includes(name)) throw new UserError(`${none} '${name}'${didYouMean(name, allowed)}`)
}
