import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as b from '#core/base/bytes'

test('what is put is got back, whatever the size of the buffer', () => {
  fc.assert(
    fc.property(
      fc.record({
        size: fc.nat(64),
        u8: fc.nat(255),
        u16: fc.nat(65535),
        i32: fc.integer(),
        u32: fc.nat(0xffffffff),
        f64: fc.double({ noNaN: true }),
        flag: fc.boolean(),
        text: fc.string(),
        words: fc.array(fc.integer()),
        raw: fc.uint8Array(),
      }),
      (v) => {
        const w = b.writer(new Uint8Array(v.size))
        b.putU8(w, v.u8)
        b.putU16(w, v.u16)
        b.putI32(w, v.i32)
        b.putU32(w, v.u32)
        b.putF64(w, v.f64)
        b.putBool(w, v.flag)
        b.putText(w, v.text)
        b.putI32s(w, v.words)
        b.putU32s(w, [v.u32, 7])
        b.putF64s(w, [v.f64, -0])
        b.putBytes(w, v.raw)
        const r = b.reader(b.written(w))
        expect(b.getU8(r)).toBe(v.u8)
        expect(b.getU16(r)).toBe(v.u16)
        expect(b.getI32(r)).toBe(v.i32)
        expect(b.getU32(r)).toBe(v.u32)
        expect(b.getF64(r)).toBe(v.f64)
        expect(b.getBool(r)).toBe(v.flag)
        expect(b.getText(r)).toBe(v.text)
        expect([...b.getI32s(r, new Int32Array(v.words.length))]).toEqual(v.words)
        expect([...b.getU32s(r, new Uint32Array(2))]).toEqual([v.u32, 7])
        expect([...b.getF64s(r, new Float64Array(2))]).toEqual([v.f64, -0])
        expect(b.getBytes(r, new Uint8Array(v.raw.length))).toEqual(v.raw)
        b.finish(r)
      },
    ),
  )
})

test('bytes are little-endian', () => {
  const w = b.writer()
  b.putU32(w, 0x01020304)
  expect([...b.written(w)]).toEqual([4, 3, 2, 1])
})

test('a large enough buffer is reused', () => {
  const out = new Uint8Array(16)
  const w = b.writer(out)
  b.putF64(w, 1)
  expect(b.written(w).buffer).toBe(out.buffer)
})

test('NaN, missing bytes and spare bytes are refused', () => {
  expect(() => b.putF64(b.writer(), Number.NaN)).toThrow('NaN')
  expect(() => b.getU32(b.reader(new Uint8Array(3)))).toThrow('ends early')
  expect(() => b.getText(b.reader(new Uint8Array([9, 0, 0, 0, 1])))).toThrow('ends early')
  expect(() => b.finish(b.reader(new Uint8Array(3)))).toThrow('3 bytes too many')
})
