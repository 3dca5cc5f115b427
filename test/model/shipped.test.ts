import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { evaluate } from '#agent/evaluation/evaluate'
import { createPolicy } from '#agent/hosts/node/policies'
import { readRecipe } from '#agent/hosts/node/recipe'
import { About } from '#agent/model/checkpoint'
import { decodeSafetensors } from '#agent/model/safetensors'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'

const names = readdirSync('models')
  .filter((file) => file.endsWith('.safetensors'))
  .map((file) => file.slice(0, -'.safetensors'.length))

/** The look since which a game's texts are as they are. Sokoban's look 2 has another colour beside boards, and its prompt for frames. */
const TEXTS_SINCE: Readonly<Record<string, number>> = { sokoban: 1 }

test.each(names)('mini:%s is small, knows the present games, and says where it comes from', async (name) => {
  const file = `models/${name}.safetensors`
  expect(statSync(file).size).toBeLessThan(3e6)
  const about = About.parse(JSON.parse(decodeSafetensors(readFileSync(file), file).metadata.kickpush))
  expect(about.conversation).toBeDefined()
  for (const [id, [version, look]] of Object.entries(about.envs)) {
    const present = findEnv(envs, id)
    // It was taught what is shown now. Rules and generators may have got a later version since, for other presets; and a
    // later look may have changed texts and prompts only, which an agent that plays from frames does not read, or none of the texts.
    expect(look).toBeLessThanOrEqual(present.look)
    if (about.conversation?.modality !== 'frame')
      expect(look).toBeGreaterThanOrEqual(TEXTS_SINCE[id] ?? present.look)
    expect(version).toBeLessThanOrEqual(present.version)
  }
  const report = JSON.parse(readFileSync(`models/${name}.json`, 'utf8'))
  const recipe = await readRecipe(`recipes/${report.recipe}.yaml`)
  expect(Object.values(report.seen)).toContain(about.seen)
  expect(Object.keys(report.seen)).toEqual(['start', ...recipe.stages.map((stage) => stage.name)])
})

test.each([
  ['sokoban-small', 'sokoban', 'tiny-1', 9],
  ['sokoban-small', 'sokoban', 'tiny-2', 6],
  ['sokoban', 'sokoban', 'small-v1', 7],
  ['sokoban', 'sokoban', 'v0', 3],
  ['football-academy', 'football', 'academy_run_to_score_with_keeper', 6],
])('mini:%s plays %s %s from frames', async (name, id, preset, least) => {
  const env = findEnv(envs, id)
  const policy = await createPolicy(`mini:${name}`, { env, temperature: 0 })
  if (!policy.conversation) throw new Error('a shipped agent says how it was taught')
  const { conversation } = policy
  expect(conversation.modality).toBe('frame')
  const config = resolveConfig(env, { preset })
  const levels = Array.from({ length: 12 }, (_, i) => ({ env, config, seed: `shipped/${i}` }))
  const results = await evaluate({ levels, policies: [policy], conversation, sampling: 'shipped' })
  policy.dispose?.()
  expect(results.filter(({ success }) => success).length).toBeGreaterThanOrEqual(least)
})
