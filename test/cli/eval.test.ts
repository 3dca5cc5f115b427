import { expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { splitOf } from '#core/env/split'
import { envs } from '#envs'
import { run } from './run.ts'

const GAME = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--agent', 'random', '--episodes', '12']

/** The splits that the episodes of an evaluation with `flags` are from. */
async function splitsOf(
  ...flags: string[]
): Promise<{ levels: string; splits: Set<string>; distinct: number }> {
  const { out } = await run('eval', ...GAME, '--json', ...flags)
  const { levels, perEpisode } = JSON.parse(out[0]) as { levels: string; perEpisode: { seed: string }[] }
  const env = findEnv(envs, 'sokoban')
  const config = resolveConfig(env, { preset: 'tiny-1' })
  const keys = perEpisode.map(({ seed }) => env.levelKey?.(config, seed) ?? seed)
  return { levels, splits: new Set(keys.map(splitOf)), distinct: new Set(keys).size }
}

test('an evaluation plays test levels unless told otherwise, and says which', async () => {
  expect(await splitsOf()).toEqual({ levels: 'test levels', splits: new Set(['test']), distinct: 12 })
  for (const split of ['train', 'valid'] as const) {
    expect(await splitsOf('--split', split)).toMatchObject({
      levels: `${split} levels`,
      splits: new Set([split]),
    })
  }
  expect((await splitsOf('--split', 'all')).splits.size).toBeGreaterThan(1)
  expect((await run('eval', ...GAME)).out[0]).toContain('12 episodes, test levels')
})

test('a config with one level plays it, whatever its split', async () => {
  const level = JSON.stringify({ level: '#####\n#@$.#\n#####' })
  const { out } = await run(
    'eval',
    '--env',
    'sokoban',
    '--config',
    level,
    '--agent',
    'expert',
    '--episodes',
    '3',
  )
  expect(out[0]).toContain('3 episodes, the one level of that config')
})

test('two agents are compared on test levels, too', async () => {
  const { out } = await run('compare', 'expert', 'random', ...GAME.slice(0, 4), '--episodes', '4')
  expect(out[0]).toBe('expert and random on the same 4 episodes of sokoban, test levels (95 % intervals)')
})
