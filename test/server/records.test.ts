import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import { envs } from '#envs'
import { keepRecord } from '#server/records'
import { FileStore } from '#stores/files'
import { toy } from '../toy.ts'
import { ask, Place } from './place.ts'

const first: Policy = {
  id: 'human',
  act: async (requests) => requests.map(() => ({ valid: true, actions: [1] })),
}

/** A record of a short game of an environment. */
async function record(env: (typeof envs)[number]): Promise<string> {
  let text = ''
  const config = resolveConfig(env, env.examples[0] as Record<string, unknown>)
  const policies = new Array<Policy>(env.seats(config)).fill(first)
  const conversation = Conversation.parse({ maxTurns: 5 })
  const onEvent = (event: Parameters<typeof writeLine>[0]) => {
    text += writeLine(event)
  }
  await play([{ episode: 'mine', env, config, seed: '1', policies, conversation }], { onEvent })
  return text
}

let place: Place
beforeEach(async () => {
  place = await Place.open({ token: 'sesame' })
})
afterEach(() => place.close())

async function post(
  body: string,
  token = 'sesame',
): Promise<{ status: number; id?: string; message?: string }> {
  const headers = { Authorization: `Bearer ${token}` }
  const response = await fetch(`${place.serving.url}/api/records`, { method: 'POST', headers, body })
  const answer = (await response.json()) as { id?: string; error?: { message: string } }
  return { status: response.status, id: answer.id, message: answer.error?.message }
}

test('a record that agrees is kept, found at once and watched', async () => {
  const text = await record(envs[0])
  const { status, id = '' } = await post(text)
  expect(status).toBe(200)
  const { body } = await place.get(`/api/episodes/${encodeURIComponent(id)}`)
  const name = id.slice('hand/'.length)
  const lines = text.trimEnd().split('\n')
  expect((body as { events: object[] }).events).toEqual(
    lines.map((line) => ({ ...JSON.parse(line), episode: name })),
  )
  expect(await ask(await place.socket(), 'watch', { episode: id })).toMatchObject({ ok: true })
  expect((await post(text)).id).toBe(id)
  expect(readdirSync(path.join(place.runs, 'hand', 'episodes'))).toEqual([`${name}.jsonl`])
})

test('what does not agree, is cut off or is no record is refused with its reason', async () => {
  const text = await record(envs[0])
  const wrong = text.replace(/"rewards":\[[^\]]*\]/, '"rewards":[99]')
  expect(await post(wrong)).toMatchObject({
    status: 400,
    message: 'does not agree with the simulator: step 1, rewards',
  })
  expect(await post(text.slice(0, -20))).toMatchObject({
    status: 400,
    message: 'the last line of the record is cut off',
  })
  expect(await post(`${text}{}\n`)).toMatchObject({
    status: 400,
    message: expect.stringMatching(/^line \d+ /),
  })
  expect(await post('')).toMatchObject({ status: 400, message: expect.stringContaining('one episode') })
  expect(await post(text + text.replaceAll('"mine"', '"two"'))).toMatchObject({ status: 400 })
  expect(await post(text.replace('"version":', '"version":9'))).toMatchObject({
    status: 400,
    message: expect.stringContaining('it needs'),
  })
  expect(await post('x'.repeat(5 << 20))).toMatchObject({ status: 413 })
  expect(readdirSync(place.runs)).toEqual([])
})

test('nobody writes without the token', async () => {
  const text = await record(envs[0])
  expect(await post(text, 'guess')).toMatchObject({ status: 403, message: 'the token is missing or wrong' })
  expect(await post(text, '')).toMatchObject({ status: 403 })
  expect(readdirSync(place.runs)).toEqual([])
})

test('any environment can be kept', async () => {
  expect(await keepRecord(new FileStore(place.runs), await record(toy as never), [toy as never])).toMatch(
    /^beacon-[0-9a-f]{16}$/,
  )
})
