import fc from 'fast-check'
import msgpack from 'socket.io-msgpack-parser'
import { expect, test } from 'vitest'
import { checkMsgpack, parser } from '#server/parser'

const encoder = new msgpack.Encoder()
/** Its types say ArrayBuffer, it returns a list of one buffer. */
const encode = (data: unknown): Uint8Array =>
  (encoder.encode({ type: 2, nsp: '/', data: [data] }) as unknown as [Buffer])[0]

/** What the guarded decoder makes of a packet. */
function decode(bytes: Uint8Array): unknown {
  let decoded: unknown
  const decoder = new parser.Decoder()
  decoder.on('decoded', (packet: unknown) => {
    decoded = packet
  })
  decoder.add(bytes)
  return decoded
}

const wide = [-1, -33, -129, -32769, -2147483649, 128, 256, 65536, 4294967296, 0.5, null, true, false]
const long = [16, 32, 300, 70_000].flatMap((n) => ['x'.repeat(n), new Array(n).fill(1), Buffer.alloc(n)])
const maps = [1, 20, 70_000].map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i])))

test('every packet the encoder writes passes', () => {
  for (const value of [...wide, ...long, ...maps, new Date(0)]) checkMsgpack(encode(value))
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => checkMsgpack(encode(value))))
  const sample = { episode: 'a/e', list: [1, 'two', -3.5, null, true], deep: { er: {} } }
  expect(decode(encode(sample))).toMatchObject({ data: [sample] })
})

test('a packet cut anywhere, or with a byte too many, is refused', () => {
  const bytes = encode({ episode: 'a/e', after: 70_000, list: [1, 'two', 3.5, null] })
  for (let n = 0; n < bytes.length; n++) expect(() => decode(bytes.subarray(0, n))).toThrow()
  expect(() => decode(Buffer.concat([bytes, Buffer.from([0])]))).toThrow()
})

test('arrays and maps that claim more than the packet holds are refused before they are allocated', () => {
  const claims = [0xdd, 0x01, 0xff, 0xff, 0xff]
  const bomb = Buffer.from(Array.from({ length: 40 }, () => claims).flat())
  expect(() => decode(bomb)).toThrow('parts are missing')
  expect(() => decode(Buffer.from([0xdf, 0x7f, 0xff, 0xff, 0xff, 0xa1]))).toThrow('parts are missing')
  expect(() => decode(Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]))).toThrow('not one whole value')
})

test('no bytes make the check run on or accept what the decoder cannot read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        checkMsgpack(bytes)
      } catch {
        return
      }
      // What passes is decoded, or refused as no packet: it never fails for want of bytes.
      try {
        decode(Buffer.from(bytes))
      } catch (error) {
        expect(String(error)).toMatch(/invalid (packet|namespace|payload)|reading 'type'|reading 'nsp'/)
      }
    }),
    { numRuns: 2000 },
  )
})
