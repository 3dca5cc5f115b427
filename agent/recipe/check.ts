import { didYouMean, UserError, UserErrors } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { checkLegal, emptyPlan } from '#core/play/plan'
import type { Conversation } from '#core/play/policy'
import { SIZES } from '../model/shape.ts'
import { rewardRule } from '../rewards/registry.ts'
import { RANDOM } from '../trainer/corpus.ts'
import { lessonData } from '../trainer/curriculum.ts'
import { type OpenPack, openLevels, trainLevel } from '../trainer/levels.ts'
import { envsOf } from '../trainer/progress.ts'
import { lookOf, looks } from '../trainer/valid.ts'
import { frozenStage, POOL, SELF } from './opponents.ts'
import type { Evaluation, Recipe, Source } from './recipe.ts'

/** What a recipe asks for that only those who train can tell. */
export interface Resources {
  readonly envs: readonly Env[]
  readonly openPack: OpenPack
  /** Whether an agent of that name plays the data. @throws UserError when not. */
  agent(name: string, data: readonly Source[]): Promise<unknown>
  /** Whether an evaluation has all its levels. @throws UserError when not. */
  levels(evaluation: Evaluation, data: readonly Source[]): Promise<unknown>
  /** Loads what the first stage starts from, where that is still to be done. @throws UserError when there is none. */
  start?(): Promise<{ readonly vocabulary: readonly string[]; readonly weights: readonly string[] }>
}

/**
 * Looks for everything that a recipe names and that would be missing later: environments, configs, levels, models,
 * words, agents, rules.
 * @throws UserErrors, a line for each thing that is missing, with its key.
 */
export async function checkRecipe(recipe: Recipe, resources: Resources): Promise<void> {
  const problems: string[] = []
  const attempt = async (key: string, what: () => unknown): Promise<boolean> => {
    try {
      await what()
      return true
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(`${key}: ${error.message}`)
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
  if (start && (!sized || problems.length === 0)) {
    await attempt('model', async () => {
      const { vocabulary, weights } = await start()
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
  if (problems.length > 0) throw new UserErrors([...new Set(problems)])
}

type Attempt = (key: string, what: () => unknown) => Promise<boolean>

/** Every list of sources with its key. */
function dataOf({ data, stages, evaluation }: Recipe): [string, readonly Source[]][] {
  const lists: [string, readonly Source[]][] = [['data', data]]
  for (const stage of stages) {
    const key = `stages.${stage.name}`
    if (stage.data) lists.push([`${key}.data`, stage.data])
    if (looks(stage) && stage.valid.data) lists.push([`${key}.valid.data`, stage.valid.data])
    if (!('groups' in stage) || !stage.curriculum) continue
    for (const lesson of stage.curriculum.lessons.keys()) {
      const levels = lessonData(stage.data ?? data, stage.curriculum, lesson)
      lists.push([`${key}.curriculum.lessons.${lesson}`, levels])
    }
  }
  if (evaluation?.data) lists.push(['evaluation.data', evaluation.data])
  return lists
}

/** Whether all sources are there, and give levels. */
async function checkSources(
  key: string,
  data: readonly Source[],
  { envs, openPack }: Pick<Resources, 'envs' | 'openPack'>,
  attempt: Attempt,
  list = true,
): Promise<boolean> {
  let good = true
  for (const [i, source] of data.entries()) {
    const at = list ? `${key}.${i}` : key
    const there =
      (await attempt(`${at}.env`, () => findEnv(envs, source.env))) &&
      (await attempt(`${at}.${source.levels ? 'levels' : 'config'}`, () =>
        trainLevel(openLevels(envs, [source], openPack), 'check'),
      ))
    good &&= there
  }
  return good
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
