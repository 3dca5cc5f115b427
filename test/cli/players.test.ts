import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPolicy } from '#agent/hosts/node/policies'
import { decide, playersOf } from '#cli/players'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy, type Request } from '#core/play/policy'
import type { AskedMove, LearnedAgent } from '#core/record/wire'
import { BUILT_IN } from '#registry/games'
import { sokoban } from '../../envs/sokoban/index.ts'
import { four } from '../games/four.ts'
import { Place } from '../server/place.ts'

const env = sokoban as Env
const config = resolveConfig(env, { preset: 'tiny-1' }) as Record<string, unknown>
const game = { agent: 'mini:sokoban-base', env: 'sokoban', config, seed: '5', seat: 0 }

/** What a learned agent answers in an episode of its own, and the game as a page tells of it at each of its turns. */
async function episode(): Promise<{ said: readonly unknown[]; asked: AskedMove[] }> {
  const policy = await createPolicy('mini:sokoban-base', { env, temperature: 0, backend: 'wasm' })
  const conversation = Conversation.parse({ ...policy.conversation, maxTurns: 4, memoryActions: 3 })
  const match = { episode: 'e', env, config, seed: '5', policies: [policy], conversation }
  const steps: number[][] = []
  const [{ turns }] = await play([match], {
    onEvent: (event) => {
      if (event.type === 'step') steps.push([...event.actions])
    },
  })
  policy.dispose?.()
  const own = turns[0].map(({ request, response }) => ({
    t: request.state.t,
    actions: response.valid ? [...response.actions] : [],
  }))
  const asked = own.map(({ t }, i) => ({ ...game, steps: steps.slice(0, t), turns: own.slice(0, i) }))
  return { said: turns[0].map(({ response: { text, actions } }) => ({ text, actions })), asked }
}

test('an agent is asked as if it had played the game by itself', async () => {
  const { said, asked } = await episode()
  const policy = await createPolicy('mini:sokoban-base', { env, temperature: 0, backend: 'wasm' })
  const talk = Conversation.parse({ ...policy.conversation, maxTurns: 4, memoryActions: 3 })
  const agentOf = async () => ({ ...policy, conversation: talk })
  const moves = []
  for (const one of asked) moves.push(await decide([env], agentOf, one))
  policy.dispose?.()
  expect(said.length).toBeGreaterThan(1)
  expect(moves.map(({ text, actions }) => ({ text, actions }))).toEqual(said)
})

describe('a game that is told wrongly is refused', () => {
  const seen: Request[] = []
  const first: Policy = {
    id: 'first',
    act: async (requests) => {
      seen.push(...requests)
      return requests.map(() => ({ valid: true, actions: [0] }))
    },
  }
  const asked = (change: object) =>
    decide([four as Env], async () => first, {
      ...{ agent: 'mini:x', env: 'four', config: {}, seed: '1', seat: 1, steps: [[0, -1]], turns: [] },
      ...change,
    })

  test('one that is right is not', async () => {
    expect(await asked({})).toMatchObject({ valid: true, actions: [0] })
    expect(seen.at(-1)).toMatchObject({ seat: 1, turn: 0, state: { t: 1 } })
  })

  test.each([
    [{ env: 'nope' }, /unknown environment "nope"/],
    [{ config: { columns: 99 } }, "config: 'columns' must be at most 7 (got 99)"],
    [{ seat: 2 }, 'seat 2: four has 2'],
    [{ seat: 0 }, 'seat 0 does not act at step 1'],
    [{ steps: [[0]] }, 'steps.0: one action for each of 2 seats'],
    [{ steps: [[7, -1]] }, 'steps.0: no action 7'],
    [{ steps: [[-1, -1]] }, 'seat 0 of four acts here, and has no action'],
    [{ turns: [{ t: 9, actions: [0] }] }, 'turns: the game has no step 9 yet'],
    [{ turns: [{ t: 0, actions: [8] }] }, 'turns: no action 8'],
  ])('%j', async (change, message) => {
    await expect(asked(change)).rejects.toThrow(message)
  })
})

describe('a server with learned agents', () => {
  let place: Place
  beforeAll(async () => {
    place = await Place.open({ learned: playersOf(BUILT_IN, 'no-such-folder') })
  })
  afterAll(() => place.close())

  const ask = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${place.serving.url}/api/agents`, { method: 'POST', body: JSON.stringify(body), headers })

  test('says who there is, and has them play', async () => {
    const offered = (await place.get('/api/agents')).body as LearnedAgent[]
    expect(offered.find(({ name }) => name === game.agent)?.envs).toEqual(['sokoban'])
    const answer = await ask({ ...game, steps: [], turns: [] })
    const { said } = await episode()
    expect(await answer.json()).toMatchObject({ valid: true, ...(said[0] as object) })
  })

  test('reads no other file for who asks, and tells pages of other sites nothing', async () => {
    const other = await ask({ ...game, agent: 'mini:models/sokoban-base.safetensors', steps: [], turns: [] })
    expect([other.status, await other.json()]).toEqual([
      400,
      { error: { code: 'INVALID_MESSAGE', message: expect.stringContaining('no agent') } },
    ])
    const torn = await ask({ ...game, steps: 'no' })
    expect(torn.status).toBe(400)
    expect((await ask({ ...game, steps: [], turns: [] }, { origin: 'http://else.where' })).status).toBe(403)
  })

  test('without any, the list is empty', async () => {
    const plain = await Place.open()
    expect((await plain.get('/api/agents')).body).toEqual([])
    expect((await fetch(`${plain.serving.url}/api/agents`, { method: 'POST', body: '{}' })).status).toBe(404)
    await plain.close()
  })
})
