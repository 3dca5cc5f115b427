import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { respond } from '#agent/dialogue/respond'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { SPLITS, splitOf } from '#core/env/split'
import { Conversation } from '#core/play/policy'
import { envs } from '#envs'
import type { Serving } from '#server/listen'
import { serveEnv } from '#server/openenv'
import { resetReader } from '#server/reset'
import { Session } from '#server/session'
import { toyGame, toyWork } from './toy-game.ts'

const sokoban = envs.find(({ id }) => id === 'sokoban') as Env

describe('what a reset asks', () => {
  const read = resetReader(sokoban, {})

  test('is found beside each other, in config and in options, and null is nothing', () => {
    const wanted = { seed: 7, config: { preset: 'tiny-1', maxSteps: 9 } }
    expect(read({ seed: 7, preset: 'tiny-1', maxSteps: 9, episode_id: null, config: null })).toEqual(wanted)
    expect(read({ config: { seed: 7, preset: 'tiny-1' }, options: { maxSteps: 9 } })).toEqual(wanted)
    expect(read({ options: { seed: 7, config: null, preset: 'tiny-1' }, maxSteps: 9 })).toEqual(wanted)
    expect(read({ split: 'test', preset: 'tiny-1', config: { preset: 'tiny-1' } })).toEqual({
      split: 'test',
      config: { preset: 'tiny-1' },
    })
    expect([read({}), read(undefined)]).toEqual([{}, {}])
  })

  test.each([
    [{ prest: 'tiny-1' }, /^reset: unknown key "prest"; did you mean 'preset'/],
    [{ options: { sed: 7 } }, /^reset: unknown key "sed"; did you mean 'seed'/],
    [
      { preset: 'tiny-1', config: { preset: 'tiny-2' } },
      /^reset: 'preset' is given twice, as "tiny-1" and "tiny-2"/,
    ],
    [{ split: 'tes' }, /^reset: .*split.*train, valid, test/],
    [{ config: 7 }, /^reset: config/],
    [{ seed: 1.5 }, /^reset: .*seed/],
  ])('%j is refused', (data, message) => {
    expect(() => read(data)).toThrow(message)
  })
})

describe('a split', () => {
  const game = {
    ...toyGame,
    env: sokoban as never,
    config: { preset: 'tiny-1' },
    conversation: Conversation.parse({}),
  }
  const splitOfEpisode = (session: Session): string => {
    const { config, seed } = session.state()
    return splitOf(sokoban.levelKey!(resolveConfig(sokoban, config!), seed!))
  }

  test.each(SPLITS)('%s gives levels of it only, and the same for the same seed', async (split) => {
    for (let seed = 0; seed < 6; seed++) {
      const session = new Session(game)
      const { observation } = await session.reset({ split }, 'e', `${seed}`)
      expect(splitOfEpisode(session)).toBe(split)
      expect((await new Session(game).reset({ split }, 'e', `${seed}`)).observation).toEqual(observation)
    }
  })

  test('of the server holds where a reset says none', async () => {
    const session = new Session({ ...game, split: 'test' })
    await session.reset({}, 'e', '1')
    expect(splitOfEpisode(session)).toBe('test')
    await session.reset({ split: 'all' }, 'e', '1')
    expect(session.state().seed).toBe('1')
  })

  test('chooses among served levels', async () => {
    const levels = Array.from({ length: 40 }, (_, i) => ({
      level: `##########|#@-$${'-'.repeat(1 + (i % 4))}.${'-'.repeat(3 - (i % 4))}#|#${'-'.repeat(8)}#|${'#'.repeat(10)}`,
      maxSteps: 20 + i,
    })).slice(0, 4)
    const served = { ...game, config: {}, levels }
    const of = levels.map((level) => splitOf(sokoban.levelKey!(resolveConfig(sokoban, level), '')))
    const other = SPLITS.find((split) => split !== of[0])!
    await expect(new Session(served).reset({ index: 1, split: other }, 'e', '1')).rejects.toThrow(
      `level 1 is of the ${of[0]} split, not of ${other}`,
    )
    const session = new Session(served)
    await session.reset({ split: of[0] }, 'e', '1')
    expect(of[levels.findIndex(({ maxSteps }) => maxSteps === session.state().config!.maxSteps)]).toBe(of[0])
    const none = SPLITS.find((split) => !of.includes(split))
    if (none) await expect(session.reset({ split: none }, 'e', '1')).rejects.toThrow('no served level is of')
  })
})

describe('a step', () => {
  const game = { ...toyGame, read: respond }

  test('says how it ended, what is legal as a mask, and which request it answers', async () => {
    const session = new Session(game)
    const { observation } = await session.reset({ request_id: 'r0' }, 'e', 's')
    expect(observation).toMatchObject({ terminated: false, truncated: false, request_id: 'r0' })
    expect(observation.legal_mask).toEqual(
      observation.actions.map((name) => (observation.legal!.includes(name) ? 1 : 0)),
    )
    const asked = async (data: object, id?: string) => (await session.step(data, id)).observation.request_id
    expect(await asked({ actions: 'West', request_id: 'r1', response: null, metadata: null })).toBe('r1')
    expect(await asked({ actions: 'East', metadata: { request_id: 'r2' }, seats: null })).toBe('r2')
    expect(await asked({ actions: 'East', response: null }, 'r3')).toBe('r3')
    expect(await asked({ response: 'go', actions: null })).toBeUndefined()
    expect((await session.step({ actions: 'East' })).observation).toMatchObject({ terminated: false })
    expect(await session.step({ actions: 'East' })).toMatchObject({
      done: true,
      observation: { terminated: true, truncated: false },
    })
    const short = new Session({ ...game, conversation: Conversation.parse({ maxTurns: 1 }) })
    await short.reset({}, 'e', 's')
    expect(await short.step({ actions: 'West' })).toMatchObject({
      done: true,
      observation: { terminated: false, truncated: true },
    })
  })

  test('with more actions than allowed is told so, and plays none of them', async () => {
    const session = new Session(game)
    await session.reset({}, 'e', 's')
    await expect(session.step({ actions: ['East', 'East', 'East'] })).rejects.toThrow(
      'action: at most 2 can be played now (got 3); none was',
    )
    expect(session.state().step_count).toBe(0)
    const said = await session.step({ response: '<think></think><answer>West, East, East, East</answer>' })
    expect(said.observation).toMatchObject({ unplayed: 2 })
    expect(session.state().step_count).toBe(2)
    expect(
      (await session.step({ response: '<think></think><answer>West</answer>' })).observation,
    ).not.toHaveProperty('unplayed')
  })
})

describe('the HTTP interface', () => {
  let serving: Serving
  beforeAll(async () => {
    serving = await serveEnv({ port: 0, ...toyWork('one'), config: toyGame.config, sessions: 3 })
  })
  afterAll(() => serving.close())
  const get = async (path: string) => (await fetch(serving.url + path)).json() as Promise<never>
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }
    const answer = await fetch(serving.url + path, init)
    return { status: answer.status, body: (await answer.json()) as never }
  }

  test('describes itself as OpenEnv asks', async () => {
    const { info, paths } = (await get('/openapi.json')) as { info: { version: string }; paths: object }
    expect(info.version).toMatch(/^1\./)
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/reset', '/step', '/state']))
    // Its model of metadata forbids other keys.
    const known = ['name', 'description', 'version', 'author', 'readme_content', 'documentation_url']
    for (const key of Object.keys(await get('/metadata'))) expect(known).toContain(key)
  })

  test('gives a request id back', async () => {
    const { body } = await post('/reset', { episode_id: 'r', request_id: null })
    expect(body).not.toHaveProperty('observation.request_id')
    const step = { action: { actions: 'West' }, episode_id: 'r', request_id: 'q7', timeout_s: null }
    expect((await post('/step', step)).body).toMatchObject({ observation: { request_id: 'q7' } })
  })

  test('speaks JSON-RPC at /mcp: what is none is told, tools play', async () => {
    expect(await post('/mcp', {})).toMatchObject({
      status: 200,
      body: { jsonrpc: '2.0', error: { code: -32600 } },
    })
    const rpc = async (method: string, params: object) =>
      (await post('/mcp', { jsonrpc: '2.0', id: 1, method, params })).body as { result: never }
    const { result } = await rpc('tools/list', {})
    expect((result as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual([
      'begin',
      'decide',
      'look',
    ])
    const call = async (name: string, args: object) => {
      const { content, isError } = (await rpc('tools/call', { name, arguments: args })).result as {
        content: { text: string }[]
        isError?: boolean
      }
      return { texts: content.map(({ text }) => text), isError: isError ?? false }
    }
    const begun = await call('begin', { seed: 3 })
    expect(begun.texts[0]).toContain('me')
    const { observation } = JSON.parse(begun.texts.at(-1)!) as { observation: { episode_id: string } }
    const { episode_id } = observation
    const decided = await call('decide', { episode_id, actions: 'East East' })
    expect(JSON.parse(decided.texts.at(-1)!)).toMatchObject({ done: false, observation: { turn: 1 } })
    expect(await call('decide', { episode_id: 'none', actions: 'East' })).toMatchObject({
      isError: true,
      texts: [expect.stringContaining('no episode "none"')],
    })
  })
})
