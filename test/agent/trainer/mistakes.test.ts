import { expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { RunFolder } from '#agent/trainer/folder'
import { lastChance } from '#agent/trainer/fork'
import { Mistakes } from '#agent/trainer/mistakes'
import type { TrainProgress } from '#agent/trainer/stage'
import { type TrainOptions, train } from '#agent/trainer/train'
import { UserError } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { type Episode, type Match, play } from '#core/play/play'
import { Conversation } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { verifyEvents } from '#core/record/verify'
import { envs } from '#envs'
import { MemoryStore } from '#stores/memory'
import { few, filesOf, toy } from '../toy.ts'

const env = findEnv(envs, 'sokoban')
const [UP, DOWN, LEFT, RIGHT] = [0, 1, 2, 3]
/** Three moves solve it: left, down, right. A box pushed down is lost. */
const LEVEL = '######|#-@--#|#-$.-#|#----#|######'

/** Plays answers in turn, and then walks into a wall. */
async function played(
  answers: readonly (readonly number[])[],
  { maxSteps = 20, ...more }: Partial<Match> & { maxSteps?: number } = {},
  events: RecordEvent[] = [],
): Promise<Episode> {
  const policy = {
    id: 'script',
    act: async (requests: readonly { turn: number }[]) =>
      requests.map(({ turn }) => ({ valid: true, actions: answers[turn] ?? [UP] })),
  }
  const match = {
    episode: 'e',
    env,
    config: resolveConfig(env, { level: LEVEL, maxSteps }),
    seed: 's',
    policies: [policy],
    conversation: Conversation.parse({ actionsPerTurn: 4, maxTurns: 4 }),
    ...more,
  }
  return (await play([match], { onEvent: (event) => events.push(event) }))[0]
}

test('a failed episode is taken up at its last state that could still be won, to the step', async () => {
  const lost = await played([[LEFT], [RIGHT, DOWN, UP], [UP]])
  expect(lost.outcome.success).toBe(false)
  expect(lastChance(lost)).toEqual([[LEFT], [RIGHT]])
  // Lost with the first step of all: it begins anew.
  expect(lastChance(await played([[DOWN]]))).toEqual([])
})

test('an episode that only ran out of time is taken up where there was enough of it', async () => {
  const idle = [
    [UP, UP],
    [UP, UP],
    [UP, UP],
    [UP, UP],
  ]
  // By the turns of its conversation: all that it has done.
  expect(lastChance(await played(idle))).toHaveLength(8)
  // By the steps of its game: three are needed, and left.
  expect(lastChance(await played(idle, { maxSteps: 7 }))).toHaveLength(4)
  expect(lastChance(await played(idle, { maxSteps: 2 }))).toBeNull()
})

test('an episode goes on from its opening, and its record says so', async () => {
  const events: RecordEvent[] = []
  const opening = [[LEFT], [DOWN]]
  const episode = await played([[RIGHT]], { opening }, events)
  expect(episode.outcome.success).toBe(true)
  expect(episode.turns[0].map(({ request }) => [request.turn, request.state.t, request.history])).toEqual([
    [0, 2, []],
  ])
  expect(episode.turns[0][0].rewards).toHaveLength(1)
  expect(verifyEvents(events, envs)).toMatchObject({ status: 'agrees', steps: 3, complete: true })
  // What goes wrong after an opening is taken up with it.
  expect(lastChance(await played([[UP, RIGHT, DOWN]], { opening }))).toEqual([[LEFT], [DOWN], [UP], [RIGHT]])
})

test('mistakes are drawn by regret, and leave when they are mastered or too many', () => {
  const { stages } = toy(...few, 'stages.fre.groups=400', 'stages.fre.mistakes={share: 0.75, size: 3}')
  const stage = stages.find((one) => 'groups' in one)!
  const start = (seed: string) => ({ env: 'sokoban', config: {}, seed, opening: [] })
  const mistakes = new Mistakes(stage)
  const drawn = (update: number) => mistakes.draw('1', update).map((one) => one?.seed ?? 'fresh')
  const share = (update: number, name: string) => drawn(update).filter((one) => one === name).length / 400
  expect(share(0, 'fresh')).toBe(1)
  mistakes.learn([
    { group: 0, success: 0.2, mistakes: [start('a'), start('b')] },
    { group: 1, success: 0.8, mistakes: [start('c')] },
  ])
  expect(share(1, 'fresh')).toBeCloseTo(0.25, 1)
  expect(share(1, 'a')).toBeCloseTo((0.75 * 0.8) / 1.8, 1)
  expect(share(1, 'c')).toBeCloseTo((0.75 * 0.2) / 1.8, 1)
  // As they are written and read again.
  const again = new Mistakes(stage, mistakes.write())
  expect(again.draw('1', 2)).toEqual(mistakes.draw('1', 2))
  expect(() => new Mistakes(stage, '[{}]')).toThrow(UserError)
  const first = drawn(3)
  mistakes.learn([{ group: first.indexOf('a'), success: 1, mistakes: [] }])
  expect(share(4, 'a')).toBe(0)
  mistakes.learn([{ group: first.indexOf('fresh'), success: 0.5, mistakes: [start('d'), start('e')] }])
  expect(new Set(drawn(5))).toEqual(new Set(['fresh', 'c', 'd', 'e']))
  expect(mistakes.count).toBe(3)
})

test('a stage that begins at its mistakes ends byte-equal, whoever computes and wherever it stops', async () => {
  const recipe = toy(
    ...few,
    'stages.fre.updates=6',
    'stages.fre.mistakes={share: 0.5, size: 8}',
    `stages.fre.data=[{env: sokoban, config: {level: "${LEVEL}", maxSteps: 6}}]`,
  )
  const options = (store: MemoryStore, more: Partial<TrainOptions> = {}) => {
    return { host: node, recipe, store, run: 'run', workers: 0, backend: 'wasm', keepEpisodes: 4, ...more }
  }
  const [undisturbed, shared, stopped] = [new MemoryStore(), new MemoryStore(), new MemoryStore()]
  await train(options(undisturbed))
  await train(options(shared, { workers: 2 }))
  for (const [i, at] of [5, 6, 7, 9].entries()) {
    const onProgress = ({ row }: TrainProgress) => {
      if (row.update + 1 === at) throw new Error('stopped')
    }
    await expect(train(options(stopped, { resume: i > 0, onProgress }))).rejects.toThrow('stopped')
  }
  await train(options(stopped, { resume: true }))
  const expected = await filesOf(undisturbed)
  expect(await filesOf(shared)).toEqual(expected)
  expect(await filesOf(stopped)).toEqual(expected)
  const rows = (await new RunFolder(undisturbed).readMetrics()).filter(({ stage }) => stage === 'fre')
  expect(rows[0].forked).toBe(0)
  expect(rows.slice(1).some(({ forked }) => Number(forked) > 0)).toBe(true)
}, 600_000)

test('a stage ends with its tokens, where its updates have not ended it before', async () => {
  const store = new MemoryStore()
  const recipe = toy(...few, 'stages.fre.updates=9', 'stages.fre.tokens=400')
  await train({ host: node, recipe, store, run: 'run', workers: 0, backend: 'wasm' })
  const tokens = (await new RunFolder(store).readMetrics()).flatMap((row) =>
    row.stage === 'fre' ? [Number(row.tokens)] : [],
  )
  const total = (list: readonly number[]) => list.reduce((sum, count) => sum + count, 0)
  expect(total(tokens)).toBeGreaterThanOrEqual(400)
  expect(total(tokens.slice(0, -1))).toBeLessThan(400)
})
