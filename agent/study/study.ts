import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { parse } from '#core/env/config'
import { Conversation, MODALITIES } from '#core/play/policy'
import { override } from '../recipe/override.ts'
import { Recipe, recipeOf, Source } from '../recipe/recipe.ts'
import { readYaml } from '../recipe/yaml.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -')

/** Also the name of a file. */
const agent = z.string().regex(/^[\w.:-]+$/, "a stage, 'start', a scripted agent or mini:<shipped name>")

/** One way of playing a study's levels; every agent of the study plays it. */
const Play = z.strictObject({
  name,
  title: z.string(),
  agents: z.array(agent).min(1).optional().describe('those of `rows` unless given'),
  modality: z.enum(MODALITIES),
  temperature: z.number().min(0).describe('of sampling; 0 is greedy'),
  samples: z.int().min(1).default(1).describe('episodes per level: pass@k needs k of them'),
  levels: z.int().min(2),
  seed: z.string().default('study').describe('of the levels; their split is test, or valid with --explore'),
  data: z.array(Source).min(1).optional().describe("the recipe's data unless given"),
  conversation: Conversation.prefault({}),
  blind: z.boolean().default(false).describe("shown another level's observation: a control"),
  asSharpAs: agent
    .optional()
    .describe(
      'one of the agents: it plays at `temperature`, the others at the one at which their words have the same entropy. What is left between them is no matter of choosing more sharply',
    ),
})
export type Play = z.infer<typeof Play>

/** A sentence that a study tests: `agent` succeeds more often than `baseline`. */
const Claim = z.strictObject({
  claim: z.string(),
  agent,
  baseline: agent,
  play: z.string(),
})
export type Claim = z.infer<typeof Claim>

/** Whole numbers as `1-3,7`. */
const Seeds = z
  .string()
  .regex(/^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/, "numbers and ranges, like '101-110' or '1,2,5'")

/**
 * A study: everything that decides what its report will say, in one file that is fixed before it is run. Its recipe is
 * trained once per seed; the agents, which are stages of the recipe and scripted ones, play; claims are judged over seeds.
 */
export const Study = z.strictObject({
  title: z.string(),
  about: z.string().describe('what is asked, and of what'),
  seeds: Seeds.describe('of the test; no choice may have been made with them'),
  explore: Seeds.default('1-3').describe('of choices, on valid levels'),
  chosen: z.array(z.string()).describe('the settings that were chosen, and how'),
  recipe: Recipe,
  rows: z.array(z.strictObject({ agent, name: z.string(), paper: z.array(z.number()).default([]) })).min(1),
  paper: z.array(z.string()).default([]).describe("columns of the paper's own scores, as in `rows`"),
  plays: z.array(Play).min(1),
  steps: z
    .array(z.int().min(1))
    .default([])
    .describe("bounds of the expert's steps that results are told apart by"),
  claims: z.array(Claim).min(1),
  races: z
    .array(z.strictObject({ agent: z.string(), against: z.string() }))
    .default([])
    .describe('learning curves to compare: area, and episodes to what `against` reaches at its end'),
  notes: z.array(z.string()).default([]),
  departures: z.array(z.string()).default([]).describe('from the paper'),
})
export type Study = z.infer<typeof Study>

/** A study and the hash of what its file says. */
export interface Frozen {
  readonly study: Study
  /** Of the file's content without comments, overrides written over it. */
  readonly hash: string
}

/**
 * The study in a YAML text, with overrides of its recipe (`stages.fre.updates=10`).
 * @throws UserError with one line: which key, what is allowed.
 */
export function readStudy(text: string, overrides: readonly string[], what: string): Frozen {
  const document = readYaml(text, what)
  const recipe = (document as { recipe?: unknown } | null)?.recipe
  for (const one of overrides) override(recipe, one)
  recipeOf(recipe, `${what}, recipe`)
  const study = parse(Study, document, what)
  checkNames(study, what)
  return { study, hash: hashText(JSON.stringify(document)) }
}

/** The numbers that `1-3,7` names, in order, each once. @throws UserError for anything else, or more than 1,000. */
export function seedsIn(text: string, what: string): number[] {
  const ranges = parse(Seeds, text, what).split(',')
  const seeds = new Set<number>()
  for (const range of ranges) {
    const [first, last = first] = range.split('-').map(Number)
    if (last < first || last - first >= 1000)
      throw new UserError(`${what}: '${range}' is no range of up to 1,000`)
    for (let seed = first; seed <= last; seed++) seeds.add(seed)
  }
  return [...seeds].sort((a, b) => a - b)
}

/** The agents that play `play`. */
export function agentsOf(study: Study, play: Play): readonly string[] {
  return play.agents ?? study.rows.map(({ agent }) => agent)
}

/** Only models draw their words, and only above temperature 0 is there anything to measure. */
function checkSharpness(
  { name, asSharpAs, temperature, blind }: Play,
  agents: readonly string[],
  stages: ReadonlySet<string>,
  what: string,
): void {
  if (asSharpAs === undefined) return
  const where = `${what}, play '${name}', asSharpAs`
  if (!agents.includes(asSharpAs)) throw new UserError(`${where}: '${asSharpAs}' does not play it`)
  const scripted = agents.find((agent) => agent !== 'start' && !stages.has(agent))
  if (scripted !== undefined) throw new UserError(`${where}: '${scripted}' is no model`)
  if (temperature === 0) throw new UserError(`${where}: at temperature 0 nothing is drawn`)
  if (blind) throw new UserError(`${where}: not with blind`)
}

/** Whatever a study names is there. */
function checkNames(study: Study, what: string): void {
  const { plays, claims, races, recipe, rows } = study
  for (const list of [plays.map(({ name }) => name), rows.map(({ agent }) => agent)]) {
    const twice = list.find((one, i) => list.indexOf(one) < i)
    if (twice !== undefined) throw new UserError(`${what}: '${twice}' is there twice`)
  }
  const stages = new Set(recipe.stages.map(({ name }) => name))
  for (const play of plays) checkSharpness(play, agentsOf(study, play), stages, what)
  for (const { claim, play: wanted, agent, baseline } of claims) {
    const play = plays.find(({ name }) => name === wanted)
    if (!play) throw new UserError(`${what}, claim '${claim}': no play '${wanted}'`)
    for (const one of [agent, baseline]) {
      if (!agentsOf(study, play).includes(one)) {
        throw new UserError(`${what}, claim '${claim}': '${one}' does not play '${wanted}'`)
      }
    }
  }
  for (const { agent, against } of races) {
    for (const one of [agent, against]) {
      if (!stages.has(one)) throw new UserError(`${what}, races: the recipe has no stage '${one}'`)
    }
  }
}
