import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPolicy } from '#agent/hosts/node/policies'
import { everywhere } from '#agent/policies/everywhere'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { envs } from '#envs'

const env = findEnv(envs, 'sokoban')
const config = resolveConfig(env, { level: '#######|#-@$-.#|#######' })

async function once(policy: Policy, given: Partial<Conversation> = {}, game = env) {
  const conversation = Conversation.parse({ actionsPerTurn: 4, maxTurns: 3, ...given })
  const [episode] = await play([
    { episode: 'e', env: game, config, seed: 's', policies: [policy], conversation },
  ])
  return episode
}

describe('agents by name', () => {
  test('the expert solves and thinks what is true', async () => {
    const episode = await once(await createPolicy('expert', { env }))
    expect(episode.outcome.success).toBe(true)
    const { request, response } = episode.turns[0][0]
    expect(env.truthful?.(request.state, 0, response.thought ?? '', response.actions)).toBe(true)
  })

  test('the expert plays its plan to the end, however few actions a turn has', async () => {
    const football = findEnv(envs, 'football')
    const keeper = resolveConfig(football, { preset: 'academy_run_to_score_with_keeper' })
    const play1 = async (actionsPerTurn: number) => {
      const policies = [await createPolicy('expert', { env: football })]
      const conversation = Conversation.parse({ actionsPerTurn, maxTurns: 400 })
      const [episode] = await play([
        { episode: 'e', env: football, config: keeper, seed: 's', policies, conversation },
      ])
      return episode.turns[0].flatMap(({ response }) => response.actions).slice(0, episode.steps)
    }
    expect(await play1(1)).toEqual(await play1(6))
  })

  test('one name plays several environments, each by its own agent', async () => {
    const football = findEnv(envs, 'football')
    const policy = await everywhere('expert', [env, football], {}, createPolicy)
    const conversation = Conversation.parse({ actionsPerTurn: 6, maxTurns: 40 })
    const close = resolveConfig(football, { preset: 'academy_empty_goal_close' })
    const episodes = await play([
      { episode: 'a', env: football, config: close, seed: 's', policies: [policy], conversation },
      { episode: 'b', env, config, seed: 's', policies: [policy], conversation },
    ])
    expect(episodes.map(({ outcome }) => outcome)).toEqual([
      { name: 'goal', success: true },
      { name: 'solved', success: true },
    ])
    await expect(everywhere('builtin-ai', [football, env], {}, createPolicy)).rejects.toThrow(
      "sokoban has no agent 'builtin-ai'",
    )
  })

  test('random plays what is legal, also later in a turn, from its seat and no other source', async () => {
    const random = await createPolicy('random', { env })
    const corridor = resolveConfig(env, { level: '##########|#.$---@--#|##########' })
    const moves = async (actionsPerTurn: number) => {
      const conversation = Conversation.parse({ actionsPerTurn, maxTurns: 40 })
      const policies = [random]
      const match = { episode: 'e', env, config: corridor, seed: 'a', policies, conversation }
      const [episode] = await play([match])
      const state = env.reset(corridor, 'a')
      const played = episode.turns[0].flatMap(({ response }) => response.actions)
      for (const action of played) {
        expect(env.legal!(state, 0)[action]).toBe(true)
        env.step(state, [action])
      }
      return played
    }
    for (const limit of [1, 5]) {
      const played = await moves(limit)
      expect([...new Set(played)].sort()).toEqual([2, 3])
      expect(await moves(limit)).toEqual(played)
    }
  })

  test('nobody can be masked, or told what is legal, where the game does not say', async () => {
    const silent = { ...env, legal: undefined }
    const random = await createPolicy('random', { env })
    await expect(once(random, { mask: true }, silent)).rejects.toThrow(
      'sokoban does not say which actions are legal, so there is nothing to mask',
    )
    await expect(once(random, { listLegal: true }, silent)).rejects.toThrow('nothing to list')
  })

  test('random plays all actions alike where the game does not say which are legal', async () => {
    const random = await createPolicy('random', { env })
    const silent = { ...env, legal: undefined }
    const actions = async () =>
      (await once(random, { maxTurns: 50 }, silent)).turns[0].flatMap((t) => t.response.actions)
    const counts = new Map<number, number>()
    const first = await actions()
    for (const action of first) counts.set(action, (counts.get(action) ?? 0) + 1)
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3])
    expect(await actions()).toEqual(first)
  })

  test('a script is played in order, then idles', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kickpush-')), 'plan.txt')
    writeFileSync(file, 'Left Right\nRight Right\n')
    const episode = await once(await createPolicy(`script:${file}`, { env }), { actionsPerTurn: 3 })
    expect(episode.turns[0].map(({ response }) => response.actions)).toEqual([[2, 3, 3], [3]])
    expect(episode.outcome.success).toBe(true)
    writeFileSync(file, '["Up", 7]')
    await expect(once(await createPolicy(`script:${file}`, { env }))).rejects.toThrow('actions[1]')
  })

  test.each([
    ['exprt', "did you mean 'expert'?"],
    ['script:/no/such/file', 'no such file or directory'],
    ['chat:model', 'is not chat:<model>@<base-url>'],
    ['chat:m@ftp://x', 'is not chat:<model>@<base-url>'],
    ['mini:nobody', 'no file, folder or shipped model'],
  ])('%s is refused: %s', async (name, message) => {
    await expect(createPolicy(name, { env })).rejects.toThrow(message)
  })
})
