import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pool } from '../../client/board/pool.ts'

const uses = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), release: fc.boolean() }), {
  maxLength: 200,
})

test('what is used stays, what is not is bounded by its bytes, and nothing is made twice while it is there', () => {
  fc.assert(
    fc.property(uses, fc.integer({ min: 0, max: 40 }), (steps, limit) => {
      const alive = new Map<string, number>()
      const used = new Map<string, number>()
      const pool = new Pool<string>(limit, (key) => {
        expect(used.get(key) ?? 0).toBe(0)
        alive.delete(key)
      })
      for (const { key, release } of steps) {
        const count = used.get(key) ?? 0
        if (release && count > 0) {
          used.set(key, count - 1)
          pool.release(key)
        } else if (!release) {
          const bytes = key.charCodeAt(0) % 13
          const made = pool.acquire(key, () => {
            expect(alive.has(key)).toBe(false)
            alive.set(key, bytes)
            return { value: key, bytes }
          })
          expect(made).toBe(key)
          used.set(key, count + 1)
        }
        const idle = [...alive].filter(([name]) => (used.get(name) ?? 0) === 0)
        expect(idle.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(limit)
        for (const [name, n] of used) if (n > 0) expect(alive.has(name)).toBe(true)
      }
    }),
  )
})
