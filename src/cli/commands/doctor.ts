import { z } from 'zod'
import { chooseBackend } from '#agent/hosts/node/backend'
import { nodeWith } from '#agent/hosts/node/index'
import { readRecipe } from '#agent/hosts/node/recipe'
import { decodeModel } from '#agent/model/checkpoint'
import { SIZES, type Size } from '#agent/model/shape'
import { registryWords, Vocabulary } from '#agent/model/vocabulary'
import { examine } from '#agent/recipe/doctor'
import type { Finding } from '#agent/recipe/finding'
import type { Recipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import { MemoryStore } from '#stores/memory'
import type { Command, Io } from '../command.ts'
import { BACKENDS } from '../episodes.ts'
import { duration } from '../progress.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<recipe>: a YAML file, like recipes/quick.yaml'),
  set: z.array(z.string()).default([]).describe('write over the recipe: stages.fre.groupSize=16'),
  backend: z.enum(BACKENDS).default('auto').describe('what computes'),
  json: z.boolean().default(false).describe('print one JSON object per line'),
})

/** Updates of a stage that are timed; the first of them warms up. */
const TIMED = 2
/** Groups of an update that is timed. */
const GROUPS = 8

/** Looks at a recipe before it costs hours. */
export const command: Command = {
  summary: 'look at a recipe before training it, and say what to change',
  examples: [
    'kickpush doctor recipes/quick.yaml',
    'kickpush doctor mine.yaml --set stages.fre.reward.measure=return',
  ],
  flags,
  async run(given, io, games) {
    const { _: words, set, backend, json } = flags.parse(given)
    if (words.length === 0) throw new UserError('kickpush doctor: which recipe? (recipes/quick.yaml)')
    const recipe = await readRecipe(words[0], set)
    const host = nodeWith(games)
    // First, because it finds all that is not there.
    const times = await timesOf(recipe, host, backend, io)
    await chooseBackend(backend)
    const practice = await practiceOf(recipe, host)
    const findings = await examine(recipe, { envs: host.envs, openPack: host.openPack, ...practice })
    practice.model?.dispose()
    const all = [...findings, ...times]
    for (const finding of all) io.print(json ? JSON.stringify(finding) : lineOf(finding))
    const wrong = all.filter(({ advice }) => advice !== undefined).length
    if (!json)
      io.print(wrong === 0 ? 'looks right' : `${wrong} ${wrong === 1 ? 'thing' : 'things'} to change`)
    return wrong === 0 ? 0 : 1
  },
}

function lineOf({ key, what, value, advice }: Finding): string {
  return advice === undefined ? `ok   ${key}: ${what}: ${value}` : `LOOK ${key}: ${what}: ${value}; ${advice}`
}

/** What the recipe's model reads and writes, and the model where it plays already. */
async function practiceOf(recipe: Recipe, host: ReturnType<typeof nodeWith>) {
  if (!recipe.model.startsWith('mini:')) {
    const ids = recipe.vocabulary ?? envsIn(recipe)
    const known = host.envs.filter(({ id }) => ids.includes(id))
    return { shape: SIZES[recipe.model as Size], words: new Vocabulary(registryWords(known)) }
  }
  const { bytes, what } = await host.model(recipe.model.slice('mini:'.length))
  const { model } = decodeModel(bytes, what)
  return { model, shape: model.shape, words: model.words }
}

function envsIn({ data, stages }: Recipe): string[] {
  return [...data, ...stages.flatMap((stage) => stage.data ?? [])].map(({ env }): Env['id'] => env)
}

/**
 * How long the stages will take, by a short training of each that leaves nothing behind.
 * @throws UserErrors for all that the recipe names and that is not there.
 */
async function timesOf(
  recipe: Recipe,
  host: ReturnType<typeof nodeWith>,
  backend: string,
  io: Io,
): Promise<Finding[]> {
  const shares = new Map<string, number>()
  const stages = recipe.stages.map((stage) => {
    if (!('groups' in stage)) return { ...stage, updates: Math.min(stage.updates, TIMED) }
    const groups = Math.min(stage.groups, Math.max(GROUPS, recipe.shards))
    shares.set(stage.name, stage.groups / groups)
    return { ...stage, groups, updates: Math.min(stage.updates, TIMED) }
  })
  const took = new Map<string, number>()
  let last = io.now()
  await train({
    host,
    recipe: { ...recipe, stages, evaluation: undefined, exhibition: [], checkpointEvery: TIMED + 1 },
    store: new MemoryStore('doctor'),
    run: 'doctor',
    backend,
    keepEpisodes: 0,
    onNote: () => {
      last = io.now()
    },
    onProgress: ({ row }) => {
      const now = io.now()
      took.set(row.stage, now - last)
      last = now
    },
  })
  let total = 0
  const findings = recipe.stages.map(({ name, updates }): Finding => {
    const each = ((took.get(name) ?? 0) * (shares.get(name) ?? 1)) / 1000
    total += each * updates
    const value = `about ${duration(each * updates)}, ${each.toPrecision(2)} s an update`
    return { key: `stages.${name}`, what: 'time', value }
  })
  return [
    ...findings,
    { key: 'stages', what: 'time', value: `about ${duration(total)} in all, the evaluation not counted` },
  ]
}
