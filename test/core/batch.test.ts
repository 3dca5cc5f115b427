import { expect, test } from 'vitest'
import { below, seeded } from '#core/base/random'
import { Batch } from '#core/env/batch'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { hashState } from '#core/record/differences'
import { toy } from '../toy.ts'

const env: Env = toy
const config = resolveConfig(env, { preset: 'pair', slip: 0.2, maxSteps: 9 })

test('a batch plays what its episodes play alone, each begun anew after its end', () => {
  const batch = new Batch(env, config, 'b', 5)
  const alone = Array.from({ length: 5 }, (_, i) => env.reset(config, `b/${i}`))
  const random = seeded(1)
  let begun = 5
  for (let step = 0; step < 200; step++) {
    for (let i = 0; i < batch.actions.length; i++) batch.actions[i] = below(random, 3)
    batch.step()
    for (let i = 0; i < alone.length; i++) {
      if (alone[i].terminated || alone[i].truncated) alone[i] = env.reset(config, `b/${begun++}`)
      else env.step(alone[i], batch.actions.slice(2 * i, 2 * i + 2))
      expect(hashState(env, batch.states[i])).toBe(hashState(env, alone[i]))
      expect([...batch.rewards.slice(2 * i, 2 * i + 2)]).toEqual([...alone[i].rewards])
      expect([batch.terminated[i], batch.truncated[i]]).toEqual([
        Number(alone[i].terminated),
        Number(alone[i].truncated),
      ])
    }
  }
  expect(begun).toBeGreaterThan(50)
  expect(batch.begun).toBe(begun)
})

test('tensors of all episodes and seats stand side by side', () => {
  const batch = new Batch(env, config, 'b', 3)
  const out = new Uint8Array(3 * 2 * 2 * 9)
  batch.write('line', out)
  for (let i = 0; i < 6; i++) {
    const one = new Uint8Array(18)
    env.tensors?.line.write(batch.states[i >> 1], i & 1, one, 0)
    expect(out.slice(18 * i, 18 * (i + 1))).toEqual(one)
  }
  expect(() => batch.write('lines', out)).toThrow("did you mean 'line'")
  expect(() => batch.write('line', new Uint8Array(5))).toThrow('needs 108 elements')
})
