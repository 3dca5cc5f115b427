import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Scale } from '../../client/episode/scale.ts'

const number = fc.double({ min: -50, max: 400, noNaN: true })
const deeds = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('zoom'), a: fc.double({ min: 0.2, max: 4, noNaN: true }), b: number }),
    fc.record({ kind: fc.constant('show'), a: number, b: number }),
    fc.record({ kind: fc.constant('move'), a: fc.double({ min: -2, max: 2, noNaN: true }), b: number }),
    fc.record({ kind: fc.constant('follow'), a: fc.integer({ min: 0, max: 300 }), b: number }),
  ),
  { maxLength: 30 },
)

test('however one zooms and moves, what is shown is within the episode, and places map back to their steps', () => {
  fc.assert(
    fc.property(deeds, fc.integer({ min: 1, max: 300 }), (list, length) => {
      const scale = new Scale()
      scale.grow(length)
      for (const { kind, a, b } of list) {
        if (kind === 'zoom') scale.zoom(a, b)
        else if (kind === 'show') scale.show(a, b)
        else if (kind === 'move') scale.move(a)
        else scale.follow(Math.min(a, length))
        const { from, to } = scale.span.value
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(length + 1e-6)
        expect(to - from).toBeGreaterThanOrEqual(Math.min(length, 8) - 1e-6)
        if (scale.whole) expect([from, to]).toEqual([0, length])
        for (const t of [from, to, (from + to) / 2]) expect(scale.t(scale.x(t, 640), 640)).toBeCloseTo(t, 6)
      }
    }),
  )
})

test('an episode that grows is shown whole until one zooms in', () => {
  const scale = new Scale()
  scale.grow(100)
  scale.grow(200)
  expect(scale.span.value).toEqual({ from: 0, to: 200 })
  scale.show(50, 70)
  scale.grow(300)
  expect(scale.span.value).toEqual({ from: 50, to: 70 })
  scale.all()
  expect(scale.span.value).toEqual({ from: 0, to: 300 })
})
