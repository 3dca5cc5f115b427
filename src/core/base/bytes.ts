/**
 * A little-endian writer over a reused buffer: `writer(out)`, then the puts, then `written`. It grows when the
 * buffer is too small, so a caller that passes the result back in allocates only once.
 */
export interface Writer {
  bytes: Uint8Array
  view: DataView
  at: number
}

/** A position in bytes being read. */
export interface Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
}

/** A writer that starts at the first byte of `out`, or of `size` new bytes. */
export function writer(out?: Uint8Array, size = 256): Writer {
  const bytes = out ?? new Uint8Array(size)
  return { bytes, view: viewOf(bytes), at: 0 }
}

/** The bytes written so far, as a view of the writer's buffer. */
export function written(w: Writer): Uint8Array {
  return w.at === w.bytes.length ? w.bytes : w.bytes.subarray(0, w.at)
}

export function putU8(w: Writer, value: number): void {
  reserve(w, 1)
  w.bytes[w.at++] = value
}

export function putU16(w: Writer, value: number): void {
  reserve(w, 2)
  w.view.setUint16(w.at, value, true)
  w.at += 2
}

export function putI32(w: Writer, value: number): void {
  reserve(w, 4)
  w.view.setInt32(w.at, value, true)
  w.at += 4
}

export function putU32(w: Writer, value: number): void {
  reserve(w, 4)
  w.view.setUint32(w.at, value, true)
  w.at += 4
}

/**
 * A double, -0 written as it is.
 * @throws RangeError for NaN, whose bits differ between engines.
 */
export function putF64(w: Writer, value: number): void {
  if (Number.isNaN(value)) throw new RangeError('NaN cannot be saved')
  reserve(w, 8)
  w.view.setFloat64(w.at, value, true)
  w.at += 8
}

export function putBool(w: Writer, value: boolean): void {
  putU8(w, value ? 1 : 0)
}

/** Raw bytes, without their length. */
export function putBytes(w: Writer, bytes: Uint8Array): void {
  reserve(w, bytes.length)
  w.bytes.set(bytes, w.at)
  w.at += bytes.length
}

/** Raw signed words, without their count. */
export function putI32s(w: Writer, values: ArrayLike<number>): void {
  reserve(w, 4 * values.length)
  for (let i = 0; i < values.length; i++, w.at += 4) w.view.setInt32(w.at, values[i], true)
}

/** Raw unsigned words (a generator's four), without their count. */
export function putU32s(w: Writer, values: ArrayLike<number>): void {
  reserve(w, 4 * values.length)
  for (let i = 0; i < values.length; i++, w.at += 4) w.view.setUint32(w.at, values[i], true)
}

/** Raw doubles, without their count. @throws RangeError for NaN. */
export function putF64s(w: Writer, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) putF64(w, values[i])
}

/** A string as its length and its UTF-16 code units. */
export function putText(w: Writer, text: string): void {
  putU32(w, text.length)
  reserve(w, 2 * text.length)
  for (let i = 0; i < text.length; i++, w.at += 2) w.view.setUint16(w.at, text.charCodeAt(i), true)
}

export function reader(bytes: Uint8Array): Reader {
  return { bytes, view: viewOf(bytes), at: 0 }
}

export function getU8(r: Reader): number {
  need(r, 1)
  return r.bytes[r.at++]
}

export function getU16(r: Reader): number {
  need(r, 2)
  r.at += 2
  return r.view.getUint16(r.at - 2, true)
}

export function getI32(r: Reader): number {
  need(r, 4)
  r.at += 4
  return r.view.getInt32(r.at - 4, true)
}

export function getU32(r: Reader): number {
  need(r, 4)
  r.at += 4
  return r.view.getUint32(r.at - 4, true)
}

export function getF64(r: Reader): number {
  need(r, 8)
  r.at += 8
  return r.view.getFloat64(r.at - 8, true)
}

export function getBool(r: Reader): boolean {
  return getU8(r) !== 0
}

/** Fills `out` with the next bytes. */
export function getBytes(r: Reader, out: Uint8Array): Uint8Array {
  need(r, out.length)
  out.set(r.bytes.subarray(r.at, r.at + out.length))
  r.at += out.length
  return out
}

/** Fills `out` with the next words. */
export function getI32s(r: Reader, out: Int32Array): Int32Array {
  for (let i = 0; i < out.length; i++) out[i] = getI32(r)
  return out
}

/** Fills `out` with the next words. */
export function getU32s(r: Reader, out: Uint32Array): Uint32Array {
  for (let i = 0; i < out.length; i++) out[i] = getU32(r)
  return out
}

/** Fills `out` with the next doubles. */
export function getF64s(r: Reader, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = getF64(r)
  return out
}

export function getText(r: Reader): string {
  const length = getU32(r)
  need(r, 2 * length)
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(getU16(r))
  return text
}

/**
 * Every saved byte must have been read.
 * @throws Error otherwise, as the getters do when bytes run out.
 */
export function finish(r: Reader): void {
  if (r.at !== r.bytes.length) throw new Error(`saved state has ${r.bytes.length - r.at} bytes too many`)
}

function need(r: Reader, count: number): void {
  if (r.at + count > r.bytes.length) throw new Error(`saved state ends early, at byte ${r.bytes.length}`)
}

function reserve(w: Writer, count: number): void {
  if (w.at + count <= w.bytes.length) return
  const bytes = new Uint8Array(Math.max(2 * w.bytes.length, w.at + count))
  bytes.set(w.bytes.subarray(0, w.at))
  w.bytes = bytes
  w.view = viewOf(bytes)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
