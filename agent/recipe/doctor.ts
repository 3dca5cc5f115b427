import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import type { Env } from '#core/env/env'
import { SPLITS, splitOf } from '#core/env/split'
import type { Match } from '#core/play/match'
import { actionLimit } from '#core/play/plan'
import { play } from '#core/play/play'
import type { Conversation, Policy, Request } from '#core/play/policy'
import { parseAnswer, writeAnswer } from '../dialogue/answer.ts'
import { encode, PATCH } from '../model/encode.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import type { Shape } from '../model/shape.ts'
import type { Vocabulary } from '../model/vocabulary.ts'
import { mini } from '../policies/mini.ts'
import { random } from '../policies/plain.ts'
import { type Levels, type OpenPack, openLevels, trainLevel } from '../trainer/levels.ts'
import type { Finding } from './finding.ts'
import type { Recipe, Reinforcement } from './recipe.ts'
import { groupFindings, playGroups, rewardFindings } from './symptoms.ts'

/** What a recipe is looked at with. */
export interface Practice {
  readonly envs: readonly Env[]
  readonly openPack: OpenPack
  readonly shape: Shape
  readonly words: Vocabulary
  /** The model that the recipe starts from, where it plays; random plays in its place. */
  readonly model?: MiniLMM
}

/** Seeds whose levels are told apart. */
const SEEDS = 400
/** Different levels below which a model knows them by heart. */
const FEW_LEVELS = 50
/** Levels whose prompts are measured. */
const PROMPTS = 6

/**
 * Looks at a recipe before it is trained: levels, action names, frames, prompts, and by playing a few groups what
 * its rewards tell apart. Plays the same every time.
 * @throws UserError when the recipe names what is not there.
 */
export async function examine(recipe: Recipe, practice: Practice): Promise<Finding[]> {
  const findings: Finding[] = []
  const seen = new Set<string>()
  const add = (finding: Finding): void => {
    // Stages that share data and talk say a thing once.
    const key = JSON.stringify([finding.what, finding.value, finding.advice])
    if (seen.has(key)) return
    seen.add(key)
    findings.push(finding)
  }
  const places: [string, Recipe['data']][] = [['data', recipe.data]]
  for (const { name, data } of recipe.stages) if (data) places.push([`stages.${name}.data`, data])
  for (const [key, data] of places) {
    for (const source of openLevels(practice.envs, data, practice.openPack).sources) {
      add(levelFinding(key, source))
      add(nameFinding(key, source, practice.words))
    }
  }
  let taught = false
  for (const stage of recipe.stages) {
    if (!('conversation' in stage)) continue
    const key = `stages.${stage.name}`
    const levels = openLevels(practice.envs, stage.data ?? recipe.data, practice.openPack)
    for (const finding of await promptFindings(key, levels, stage.conversation, practice)) add(finding)
    if ('reward' in stage) {
      const policy = practice.model ? mini(practice.model, { id: recipe.model, temperature: 1 }) : random
      for (const finding of await playedFindings(key, stage, levels, policy, taught)) add(finding)
    }
    taught ||= !('reward' in stage)
  }
  return findings
}

/** Different levels among some seeds, or those of files, by split. */
function levelFinding(key: string, { env, config, pack }: Levels['sources'][number]): Finding {
  const what = `levels of ${env.id}`
  const keys = new Set<string>()
  if (pack) {
    for (const own of pack.all(seeded('doctor'))) {
      const resolved = { ...config, ...own }
      keys.add(env.levelKey?.(resolved, '') ?? JSON.stringify(own))
      if (keys.size === 10 * SEEDS) break
    }
  } else if (env.levelKey) {
    for (let i = 0; i < SEEDS; i++) keys.add(env.levelKey(config, `doctor/${i}`))
  } else {
    return { key, what, value: 'one for each seed (the game has no levelKey)' }
  }
  const counts = SPLITS.map((split) => `${[...keys].filter((one) => splitOf(one) === split).length} ${split}`)
  const value = `${counts.join(', ')} ${pack ? 'in the files' : `different ones in ${SEEDS} seeds`}`
  if (keys.size >= FEW_LEVELS) return { key, what, value }
  return {
    key,
    what,
    value,
    advice:
      'so few are learnt by heart: let the config draw more (a larger field, no fixed level), or add files',
  }
}

/** Whether every action that the model answers is read as that action. */
function nameFinding(key: string, { env, config }: Levels['sources'][number], words: Vocabulary): Finding {
  const names = env.actions(config)
  const what = `action names of ${env.id}`
  for (const [action, name] of names.entries()) {
    const text = words.write(words.encode(writeAnswer('', [name])))
    const read = parseAnswer(text, names, names.length)
    if (read.valid && read.answered.length === 1 && read.answered[0] === action) continue
    const value = `'${name}' is written as '${text.replace(/^.*<answer>|<\/answer>$/g, '')}'`
    return {
      key,
      what,
      value,
      advice: `name the action by one of the words that the model knows, or add it to the game's words`,
    }
  }
  return { key, what, value: `${names.length} are read as they are written` }
}

/** The longest prompt of some random episodes, words in it that the model does not know, frames, and its answers. */
async function promptFindings(
  key: string,
  levels: Levels,
  conversation: Conversation,
  { shape, words }: Practice,
): Promise<Finding[]> {
  let longest = 0
  let problem: string | undefined
  const unknown = new Set<string>()
  const look = (request: Request): void => {
    if (problem !== undefined) return
    try {
      longest = Math.max(longest, encode(words, shape, request).words.length)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problem = error.message
    }
    for (const word of request.observation.text?.split(/[\s,]+/) ?? []) {
      if (words.encode(word).includes(words.special('<unk>'))) unknown.add(word)
    }
  }
  const watching: Policy = {
    id: 'random',
    act: (requests) => {
      requests.forEach(look)
      return random.act(requests)
    },
  }
  const matches = Array.from({ length: PROMPTS }, (_, i): Match => {
    const level = trainLevel(levels, `doctor/${i}`)
    const policies = new Array<Policy>(level.env.seats(level.config)).fill(watching)
    return { episode: `doctor-${i}`, ...level, policies, conversation, sampling: `doctor/${i}` }
  })
  await play(matches, { score: false })
  const findings: Finding[] = []
  if (conversation.modality !== 'text') {
    for (const { env, config } of matches) findings.push(frameFinding(key, env, config, shape))
  }
  const fits = problem ?? `${longest} slots of ${shape.context}`
  const less = 'lower memoryActions or memoryObservations, take a smaller level or a larger model'
  findings.push({
    key,
    what: 'longest prompt',
    value: fits,
    advice: problem === undefined ? undefined : less,
  })
  if (unknown.size > 0) {
    const some = [...unknown].slice(0, 5).join(' ')
    const advice =
      "the model reads them all as one: add them to the game's words and begin with a fresh model"
    findings.push({ key, what: 'words it does not know', value: `${unknown.size} (${some})`, advice })
  }
  // Four tags and the end.
  const needs = actionLimit(conversation) + 5
  if (needs > shape.response) {
    const advice = conversation.mode === 'global' ? 'lower maxTurns' : 'lower actionsPerTurn'
    const value = `${needs} words of ${shape.response} without a thought`
    findings.push({ key, what: 'longest answer', value, advice })
  }
  return findings
}

function frameFinding(key: string, env: Env, config: object, { rows, columns }: Shape): Finding {
  const { width, height } = env.frame(config)
  const [across, down] = [width / PATCH, height / PATCH]
  const value = `${width}x${height}, ${across}x${down} patches`
  const what = `frame of ${env.id}`
  if (!Number.isInteger(across) || !Number.isInteger(down)) {
    return {
      key,
      what,
      value,
      advice: `a small model reads patches of ${PATCH}x${PATCH}: choose a multiple of both`,
    }
  }
  if (across <= columns && down <= rows) return { key, what, value }
  return { key, what, value, advice: `the model has ${columns}x${rows} places: a smaller frame or level` }
}

async function playedFindings(
  key: string,
  stage: Reinforcement,
  levels: Levels,
  policy: Policy,
  taught: boolean,
): Promise<Finding[]> {
  let groups: Awaited<ReturnType<typeof playGroups>>
  try {
    groups = await playGroups(stage, levels, policy)
  } catch (error) {
    // What a model cannot read was told with the prompts.
    if (!(error instanceof UserError)) throw error
    groups = await playGroups(stage, levels, random)
  }
  const unlike = policy.id === 'random' && taught
  return [...rewardFindings(key, stage, groups, unlike), groupFindings(key, stage, groups, policy.id, unlike)]
}
