import { expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'

const sokoban = findEnv(envs, 'sokoban')
const LEVEL = '######\n#@ $ #\n# ## #\n#   .#\n######'

test('the player stands on every free cell once, and nothing else differs', () => {
  const state = sokoban.reset(resolveConfig(sokoban, { level: LEVEL }), '1')
  sokoban.step(state, [3])
  const before = sokoban.save(state).slice()
  const all = sokoban.elsewhere!(state, 0)
  const spots = all.map((there) => ({ ...sokoban.whereabouts!(there, 0) }))
  expect(sokoban.whereabouts!(state, 0)).toEqual({ x: 40, y: 24, size: 16 })
  // Ten cells without walls, one of them a box's; what lies behind the box is among them.
  expect(new Set(spots.map(({ x, y }) => `${x} ${y}`)).size).toBe(9)
  expect(spots).toHaveLength(9)
  expect(spots).toContainEqual({ x: 72, y: 24, size: 16 })
  for (const there of all) {
    const texts = [sokoban.text(there, 0), sokoban.text(state, 0)].map((text) =>
      text.replaceAll('@', '-').replaceAll('+', '.'),
    )
    expect(texts[0]).toBe(texts[1])
    expect(there.t).toBe(state.t)
    sokoban.step(there, [1])
  }
  expect(sokoban.save(state)).toEqual(before)
})
