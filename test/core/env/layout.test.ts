import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Check, conformance } from '#core/check/conformance'
import type { Env } from '#core/env/env'
import { layout } from '#core/env/layout'
import { four } from '../../games/four.ts'
import { mines } from '../../games/mines.ts'
import { garbageOf } from '../../garbage.ts'

const Config = z.strictObject({ size: z.int().default(3), name: z.string().default('') })
const LAYOUT = layout(Config, {
  format: 7,
  seats: ({ size }) => size,
  terms: 2,
  fields: {
    small: 'i8',
    word: 'u16',
    real: 'f64',
    on: 'bool',
    cells: ['u8', ({ size }) => size * size],
    shorts: ['i16', 3],
    reals: ['f64', 2],
    random: ['u32', 4],
  },
})
const { make, save, load, clone } = LAYOUT
const config = Config.parse({ size: 2, name: 'Ä "quote" 名' })

function filled() {
  const state = make(config)
  Object.assign(state, { t: 70_000, terminated: true, small: -128, word: 65_535, real: -0, on: true })
  state.rewards.set([0.1, -1e300])
  state.terms.set([1, 2, 3, 4])
  state.cells.set([255, 0, 1, 2])
  state.shorts.set([-32_768, 32_767, -1])
  state.reals.set([Number.POSITIVE_INFINITY, 0.1 + 0.2])
  state.random.set([4_294_967_295, 1, 2, 3])
  return state
}

describe('a layout', () => {
  test('makes zeroes of the lengths that the config says', () => {
    const state = make(config)
    expect(state).toMatchObject({ config, t: 0, small: 0, real: 0, on: false, terminated: false })
    expect(state.rewards).toEqual(new Float64Array(2))
    expect(state.terms).toEqual(new Float64Array(4))
    expect(state.cells).toEqual(new Uint8Array(4))
    expect(make(Config.parse({})).cells).toHaveLength(9)
  })

  test('gives back every field to the bit, at the ends of its type', () => {
    const state = filled()
    const again = load(save(state).slice())
    expect(again).toStrictEqual(state)
    expect(Object.is(again.real, -0)).toBe(true)
    expect(save(again)).toEqual(save(state))
  })

  test('saves little-endian in the order of its fields, after format and config', () => {
    const bytes = save(filled())
    expect(bytes[0]).toBe(7)
    const head = 5 + new DataView(bytes.buffer).getUint32(1, true)
    expect(JSON.parse(new TextDecoder('latin1').decode(bytes.subarray(5, head)))).toEqual(config)
    const fields = new DataView(bytes.buffer, head)
    // t, terminated, truncated, two rewards, four terms, then its own.
    expect(fields.getUint32(0, true)).toBe(70_000)
    expect([fields.getUint8(4), fields.getUint8(5)]).toEqual([1, 0])
    expect(fields.getFloat64(6, true)).toBe(0.1)
    expect(fields.getInt8(54)).toBe(-128)
    expect(fields.getUint16(55, true)).toBe(65_535)
    expect(bytes.length - head).toBe(54 + 1 + 2 + 8 + 1 + 4 + 6 + 16 + 16)
  })

  test('saves into the bytes it is given, over whatever was there', () => {
    const state = filled()
    const bytes = save(state).slice()
    const out = new Uint8Array(bytes.length).fill(99)
    expect(save(state, out)).toBe(out)
    expect(out).toEqual(bytes)
    const large = new Uint8Array(bytes.length + 50).fill(99)
    expect(save(state, large).buffer).toBe(large.buffer)
    expect(save(state, large)).toEqual(bytes)
    expect(save(state, new Uint8Array(3))).toEqual(bytes)
  })

  test('saves without garbage', () => {
    const state = four.reset(four.config.parse({}), '')
    const out = four.save(state)
    const work = () => {
      for (let i = 0; i < 50_000; i++) four.save(state, out)
    }
    expect(garbageOf(work, 50_000)).toBeLessThan(50_000)
  })

  test('clones what shares nothing that changes', () => {
    const state = filled()
    const copy = clone(state)
    expect(copy).toStrictEqual(state)
    for (const name of ['rewards', 'terms', 'cells', 'shorts', 'reals', 'random'] as const) {
      expect(copy[name]).not.toBe(state[name])
    }
  })

  test.each([
    ['small', 128, "state.small is 128; its type 'i8' holds a whole number from -128 to 127"],
    ['word', 0.5, "state.word is 0.5; its type 'u16' holds a whole number from 0 to 65535"],
    ['word', undefined, "state.word is undefined; its type 'u16' holds a whole number from 0 to 65535"],
    ['real', Number.NaN, "state.real is NaN; its type 'f64' holds a number, and not NaN"],
    ['on', 1, "state.on is 1; its type 'bool' holds true or false"],
    ['cells', new Uint8Array(3), 'state.cells has 3 entries, not 4'],
  ])('refuses to save %s = %s', (name, value, message) => {
    expect(() => save(Object.assign(filled(), { [name]: value }))).toThrow(message)
  })

  test('refuses to save NaN in a list, and says which entry', () => {
    const state = filled()
    state.reals[1] = Number.NaN
    expect(() => save(state)).toThrow("state.reals.1 is NaN; its type 'f64'")
  })

  test('refuses bytes of another format, of another length, and of no config', () => {
    const bytes = save(filled()).slice()
    expect(() => load(bytes.with(0, 8))).toThrow('not a saved state of format 7')
    expect(() => load(bytes.subarray(0, 20))).toThrow('ends within its config')
    expect(() => load(bytes.subarray(0, bytes.length - 1))).toThrow('bytes; this config')
    expect(() => load(new Uint8Array([...bytes, 0]))).toThrow('bytes; this config')
    expect(() => load(bytes.with(5, 0))).toThrow()
    expect(() => load(new Uint8Array())).toThrow('not a saved state')
  })

  test('need not declare what every state has', () => {
    expect(() => layout(Config, { format: 1, seats: 1, terms: 1, fields: { t: 'u8' } })).toThrow("'t'")
  })

  test('is held to by `check`: a value that a field cannot hold, a field that was not declared', () => {
    const broken = (env: Env): Check[] => conformance(env).filter(({ status }) => status === 'broken')
    const stepThen = (then: (state: Record<string, unknown>) => void): Env => ({
      ...(mines as Env),
      step: (state, actions) => {
        mines.step(state as never, actions)
        if (state.t > 0) then(state as never)
      },
    })
    const [wide] = broken(stepThen((state) => Object.assign(state, { left: -1 })))
    expect(wide.detail).toContain("state.left is -1; its type 'u32' holds")
    const [extra] = broken(stepThen((state) => Object.assign(state, { best: 1 })))
    expect(extra.detail).toMatch(/state\.best is 1 before it was saved, missing after/)
  })
})
