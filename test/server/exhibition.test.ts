import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { Conversation, type Policy } from '#core/play/policy'
import type { EpisodeSummary } from '#core/record/wire'
import { EXHIBITION, exhibit } from '#server/exhibition'
import { toy } from '../toy.ts'
import { Place, until } from './place.ts'

/** Always walks east. */
const east: Policy = {
  id: 'east',
  act: async (requests) => requests.map(() => ({ valid: true, actions: [2] })),
}

test('an exhibition shows matches step by step and keeps the last ones as replays', async () => {
  const place = await Place.open()
  const stop = new AbortController()
  const folder = path.join(place.runs, EXHIBITION)
  const showing = exhibit(
    folder,
    async (index) => ({
      stepsPerSecond: 100,
      match: {
        episode: `${index}`,
        env: toy,
        config: resolveConfig(toy, { level: { beacon: 6, starts: [1] } }),
        seed: `${index}`,
        policies: [east],
        conversation: Conversation.parse({}),
        run: EXHIBITION,
      },
    }),
    { boards: 2, keep: 3, pause: 50, signal: stop.signal },
  )
  const list = async () =>
    ((await place.get('/api/episodes')).body as { episodes: EpisodeSummary[] }).episodes
  const ended = await until(
    async () => (await list()).filter(({ outcome }) => outcome === 'arrived').length > 2,
  )
  expect(ended).toBe(true)
  const [shown] = (await list()).filter(({ outcome }) => outcome === 'arrived')
  expect(shown).toMatchObject({
    env: 'beacon',
    agents: ['east'],
    steps: 5,
    turns: 5,
    success: true,
    run: EXHIBITION,
  })
  stop.abort()
  await showing
  expect(readdirSync(path.join(folder, 'episodes')).length).toBeLessThanOrEqual(5)
  await until(async () => {
    const [run] = (await place.get('/api/runs')).body as { status: string; live: boolean }[]
    return run.status === 'stopped' && !run.live
  })
  await place.close()
})
