import type { Frame } from '../draw/scene.ts'

const PRIME1 = 0x9e3779b1
const PRIME2 = 0x85ebca77
const PRIME3 = 0xc2b2ae3d

/** The 64-bit hash of bytes as 16 hex digits. It detects errors, not forgery. */
export function hashBytes(bytes: Uint8Array): string {
  let a = 0x243f6a88 ^ bytes.length
  let b = 0x85a308d3
  const whole = bytes.length & ~3
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < whole; i += 4) {
    const word = view.getInt32(i, true)
    a = Math.imul(a ^ word, PRIME1)
    a ^= a >>> 15
    b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(word, PRIME2)
  }
  for (let i = whole; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i], PRIME2)
    b = Math.imul(b ^ bytes[i], PRIME1)
    b ^= b >>> 13
  }
  a = avalanche(a ^ b)
  b = avalanche(b + Math.imul(a, PRIME3))
  return hex(a) + hex(b)
}

/** The hash of a text's UTF-16 code units. */
export function hashText(text: string): string {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    bytes[2 * i] = code
    bytes[2 * i + 1] = code >>> 8
  }
  return hashBytes(bytes)
}

/** The hash of a frame: its size and its pixels, never its encoding. */
export function hashFrame(frame: Frame): string {
  return hashText(`${frame.width}x${frame.height} ${hashBytes(frame.data)}`)
}

function avalanche(word: number): number {
  let w = word
  w = Math.imul(w ^ (w >>> 16), PRIME2)
  w = Math.imul(w ^ (w >>> 13), PRIME3)
  return w ^ (w >>> 16)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
