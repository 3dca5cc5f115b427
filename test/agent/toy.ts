import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ALGORITHMS, CREDITS_OF } from '#agent/algorithms/algorithm'
import { node } from '#agent/hosts/node/index'
import { parseRecipe, Recipe } from '#agent/recipe/recipe'
import { type Trained, type TrainOptions, train } from '#agent/trainer/train'
import type { Store } from '#core/base/store'
import { FileStore } from '#stores/files'

const TOY = `
name: toy
model: xs
checkpointEvery: 2
data: [{ env: sokoban, config: { level: "#######|#-@$-.#|#######", maxSteps: 6 } }]
stages:
  - name: imitation
    kind: base
    updates: 30
    batch: 16
    walks: 0.8
    conversation: &talk { actionsPerTurn: 2, maxTurns: 3, memoryActions: 1 }
    optimizer: { rate: 5.0e-3, warmup: 5 }
  - name: fre
    kind: fre
    updates: 8
    groups: 4
    minibatches: 2
    conversation: *talk
    optimizer: { rate: 3.0e-3 }
    freeze: [vision.]
  - name: shuffled
    kind: fre
    from: imitation
    updates: 8
    groups: 4
    minibatches: 2
    shuffleRewards: true
    conversation: *talk
    optimizer: { rate: 3.0e-3 }
    freeze: [vision.]
`

/** A recipe that trains in seconds: a corridor with the box in front of the player, where pushing Right solves. */
export const toy = (...overrides: string[]): Recipe => parseRecipe(TOY, overrides, 'toy')

/** Overrides for a recipe of a few updates, with every kind of stage's state in its checkpoints. */
export const few = [
  'stages.imitation.updates=3',
  'stages.fre.updates=3',
  'stages.shuffled.updates=1',
  'shards=2',
]

/**
 * The toy with one RL stage of three updates, all from the same imitation, for each way of crediting: every algorithm
 * with every credit it has, plain, and with KL and two epochs. Checkpoints fall in the middle of some stages, and not of others.
 */
export function everyWay(chosen: (stage: string) => boolean = () => true): Recipe {
  const given = toy('stages.imitation.updates=20', 'shards=2')
  const [imitation, plain] = given.stages
  const ways = ALGORITHMS.flatMap((name) =>
    CREDITS_OF[name].flatMap((credit) => [
      { name: `${name}-${credit}`, epochs: 1, algorithm: { name, credit } },
      {
        name: `${name}-${credit}-kl`,
        epochs: 2,
        algorithm: {
          name,
          credit,
          kl: 0.05,
          ...(credit === 'episode' ? {} : { gamma: 0.99 }),
          ...(name === 'ppo' ? { lambda: 0.9 } : {}),
          ...(credit === 'bi-level' ? { tokenLambda: 0.9 } : {}),
        },
      },
    ]),
  )
  const stages = ways
    .filter((way) => chosen(way.name))
    .map((way) => ({ ...plain, ...way, from: imitation.name, updates: 3 }))
  return Recipe.parse({ ...given, stages: [imitation, ...stages] })
}

/** A stage of five updates against all kinds of opponents, where one of two seats learns. */
export function sparring(): Recipe {
  const given = toy('stages.imitation.updates=1', 'stages.imitation.batch=4', 'shards=2')
  const [imitation, plain] = given.stages
  const data = [
    { env: 'football', config: { preset: 'academy_3_vs_1_with_keeper', controlled: 2 }, weight: 1 },
  ]
  const fre = {
    ...plain,
    updates: 5,
    groups: 6,
    groupSize: 2,
    opponents: ['self', 'pool', 'frozen:imitation', { agent: 'random', weight: 2 }],
    pool: { every: 2, size: 2 },
    algorithm: { dropEqualGroups: false },
  }
  return Recipe.parse({ ...given, data, stages: [imitation, fre] })
}

/** Trains in a folder, which names the run. */
export function trainIn(
  out: string,
  options: Omit<TrainOptions, 'host' | 'store' | 'run'>,
): Promise<Trained> {
  return train({ host: node, ...options, store: new FileStore(out), run: basename(out) })
}

/** All files of a store but for their clocks. */
export async function filesOf(store: Store, folder = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of await store.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`
    const bytes = await store.read(path)
    if (bytes) found[path] = timeless(new TextDecoder('latin1').decode(bytes))
    else Object.assign(found, await filesOf(store, path))
  }
  return found
}

/** Without the seconds of metrics and of a report's table. */
const timeless = (text: string): string =>
  text.replace(/"seconds":[\d.e-]+/g, '').replace(/^(\| [\w-]+ \| [\w-]+ \| \d+ \|) \d+ \|/gm, '$1 |')

/** A folder that is gone when the test is. */
export function scratch(): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
