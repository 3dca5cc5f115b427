/**
 * What shipped agents reach, level by level of a ladder of sizes, from text and from frames: solved, solved with the fewest moves,
 * thoughts that are true; what changed pixels and sprites cost; what text and frame together are worth, agreeing and not; and whether
 * the thought leads the answer: own thoughts, the expert's, another legal push. Minutes with few levels.
 *
 *   npm run shows -- agents [--agent sokoban]... [--episodes 40] [--part ladder|pixels|sprites|thoughts]...
 */
import { parseArgs } from 'node:util'
import { evaluate, type Result } from '#agent/evaluation/evaluate'
import { interval, pairedDifference, percent } from '#agent/evaluation/statistics'
import { chooseBackend } from '#agent/hosts/node/backend'
import { findModel, loadModel } from '#agent/hosts/node/models'
import { openPack } from '#agent/hosts/node/packs'
import type { Loaded } from '#agent/model/checkpoint'
import { mini } from '#agent/policies/mini'
import { heldOutLevels, openLevels } from '#agent/trainer/levels'
import type { Level } from '#core/play/match'
import { type Conversation, MODALITIES, type Modality, type Policy } from '#core/play/policy'
import { envs } from '#envs'
import { claim, show } from './show.ts'
import { CHANGES, changed, swapped } from './sights.ts'
import { forced } from './thoughts.ts'

/** From what the agents were taught to what they were not. */
const LADDER: Readonly<Record<string, object>> = {
  'tiny-1': { preset: 'tiny-1' },
  'tiny-2': { preset: 'tiny-2' },
  'small-v0': { preset: 'small-v0' },
  'small-v1': { preset: 'small-v1' },
  '6x6, 1 box': { width: 6, height: 6, boxes: 1 },
  'v0 (10x10, 3 boxes)': { preset: 'v0' },
  'boxoban (10x10, 4 boxes)': { preset: 'boxoban' },
  'large-v0 (13x11, 3 boxes)': { preset: 'large-v0' },
}

const { values } = parseArgs({
  options: {
    agent: { type: 'string', multiple: true, default: ['sokoban', 'sokoban-small'] },
    episodes: { type: 'string', default: '40' },
    part: { type: 'string', multiple: true, default: ['ladder', 'pixels', 'sprites', 'thoughts'] },
    split: { type: 'string', default: 'test' },
    data: { type: 'string' },
  },
})
const episodes = Number(values.episodes)

const levelsOf = (config: object): Level[] =>
  heldOutLevels(
    openLevels(envs, [{ env: 'sokoban', config: config as Record<string, unknown>, weight: 1 }], openPack),
    values.split === 'valid' ? 'valid' : 'test',
    'agents',
    episodes,
  )

/** An agent at temperature 0, and how it was taught to talk. */
function agentOf(name: string): { policy: Policy; loaded: Loaded; talk: Conversation } {
  const loaded = loadModel(findModel(name))
  const { conversation } = loaded.about
  if (!conversation) throw new Error(`${name} says nothing of its conversation`)
  const policy = mini(loaded.model, { id: `mini:${name}`, temperature: 0, probabilities: false })
  return { policy, loaded, talk: { ...conversation, maxTurns: 60 } }
}

async function played(policy: Policy, levels: readonly Level[], talk: Conversation): Promise<Result[]> {
  return evaluate({ levels, policies: [policy], conversation: talk, sampling: 'agents' })
}

const wins = (results: readonly Result[]): number[] => results.map(({ success }) => Number(success))
/** MageBench's score is 100 where a level was solved with the fewest moves. */
const best = (results: readonly Result[]): number =>
  results.filter(({ success, score }) => success && score !== null && score > 99.99).length / results.length
const truth = (results: readonly Result[]): number =>
  results.reduce((sum, { truths }) => sum + truths, 0) /
  Math.max(
    1,
    results.reduce((sum, { claims }) => sum + claims, 0),
  )
const share = (x: number): string => (100 * x).toFixed(1)

async function ladder(name: string): Promise<void> {
  const { policy, talk, loaded } = agentOf(name)
  for (const [rung, config] of Object.entries(LADDER)) {
    const levels = levelsOf(config)
    for (const modality of MODALITIES) {
      const results = await played(policy, levels, { ...talk, modality })
      const figures = [
        `solved ${percent(interval(wins(results)))}`,
        `with the fewest moves ${share(best(results))}`,
        `true thoughts ${share(truth(results))}, of solved ${share(truth(results.filter(({ success }) => success)))}`,
      ]
      console.log(`     ${name}, ${rung}, ${modality}: ${figures.join('; ')}`)
    }
  }
  loaded.model.dispose()
}

async function pixels(name: string): Promise<void> {
  const { policy, talk, loaded } = agentOf(name)
  const levels = levelsOf({ preset: 'tiny-2' })
  const row = async (what: string, other: Policy, modality: Modality): Promise<number> => {
    const results = await played(other, levels, { ...talk, modality })
    console.log(`     ${name}, tiny-2, ${what}: solved ${percent(interval(wins(results)))}`)
    return interval(wins(results)).mean
  }
  const rows: Record<string, number> = {}
  for (const [what, change] of Object.entries(CHANGES)) {
    rows[what] = await row(`frames ${what}`, changed(policy, change), 'frame')
  }
  const text = await row('text', policy, 'text')
  const both = await row('text and frame', policy, 'both')
  await row("its text, another's frame", swapped(policy, levels, 'frame'), 'both')
  await row("its frame, another's text", swapped(policy, levels, 'text'), 'both')
  claim(
    `${name}: text and frame together are at most 3 points worse than the better of them`,
    both >= Math.max(text, rows['as they are']) - 0.03,
  )
  loaded.model.dispose()
}

/** The same levels drawn otherwise: an agent that reads frames solves as many. */
async function sprites(name: string): Promise<void> {
  const { policy, talk, loaded } = agentOf(name)
  for (const preset of ['tiny-2', 'small-v0']) {
    const solved = async (other: object): Promise<number[]> =>
      wins(await played(policy, levelsOf({ preset, ...other }), { ...talk, modality: 'frame' }))
    const figures: string[] = []
    for (const sprites of ['bricks', 'drawn', 'signs']) {
      figures.push(`in ${sprites} ${percent(interval(await solved({ sprites })))}`)
    }
    console.log(`     ${name}, ${preset}, frames: solved ${figures.join(', ')}`)
  }
  loaded.model.dispose()
}

async function thoughts(name: string): Promise<void> {
  const { policy, talk, loaded } = agentOf(name)
  const levels = levelsOf({ preset: 'small-v1' })
  const text: Conversation = { ...talk, modality: 'text' }
  const own = wins(await played(policy, levels, text))
  console.log(`     ${name}, small-v1, own thoughts: solved ${percent(interval(own))}`)
  const gains: Record<string, ReturnType<typeof interval>> = {}
  for (const kind of ['expert', 'another'] as const) {
    const results = wins(await played(forced(loaded.model, kind), levels, text))
    gains[kind] = pairedDifference(results, own)
    const figures = `solved ${percent(interval(results))}, above own ${percent(gains[kind])}`
    console.log(
      `     ${name}, small-v1, ${kind === 'expert' ? "the expert's thoughts" : 'another push'}: ${figures}`,
    )
  }
  claim(`${name}: the expert's thoughts help`, gains.expert.low > 0)
  claim(`${name}: another push's thoughts do not`, gains.another.high < 0)
  loaded.model.dispose()
}

await show(async () => {
  await chooseBackend('auto')
  const parts = { ladder, pixels, sprites, thoughts }
  for (const name of values.agent) {
    for (const part of values.part) await parts[part as keyof typeof parts](name)
  }
})
