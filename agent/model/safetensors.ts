import { UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'

/** A weight off the device. */
export interface Weight {
  readonly shape: readonly number[]
  readonly data: Float32Array
}
export type Weights = Readonly<Record<string, Weight>>

/** What a file of the safetensors format holds. */
export interface Tensors {
  readonly weights: Weights
  readonly metadata: Readonly<Record<string, string>>
}

/** Bytes before the header: its length as a 64-bit number. */
const PREFIX = 8
/** How a header begins whose file is sealed: the digits of the seal follow, so that their place is known. */
const SEALED = '{"__metadata__":{"file":"'
const SEAL = PREFIX + SEALED.length
const DIGITS = 16

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/**
 * Weights as a file of the safetensors format (huggingface/safetensors): the length of a JSON header, the header,
 * then all numbers as 32-bit floats, little-endian, in the order given. The metadata gets a seal, `file`: the hash of
 * the whole file with zeros in the place of the seal's digits.
 * @throws NotFinite for a number that is none.
 */
export function encodeSafetensors({ weights, metadata }: Tensors): Uint8Array {
  const entries: Record<string, Entry> = {}
  let size = 0
  for (const [name, { shape, data }] of Object.entries(weights)) {
    if (!data.every(Number.isFinite)) throw new NotFinite(`'${name}' holds numbers that are not finite`)
    entries[name] = { dtype: 'F32', shape, data_offsets: [size, size + data.length * 4] }
    size += data.length * 4
  }
  const json = JSON.stringify({ __metadata__: { file: '0'.repeat(DIGITS), ...metadata }, ...entries })
  const header = new TextEncoder().encode(json)
  const start = PREFIX + Math.ceil(header.length / 8) * 8
  const bytes = new Uint8Array(start + size).fill(32, PREFIX, start)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(start - PREFIX), true)
  bytes.set(header, PREFIX)
  let at = start
  for (const { data } of Object.values(weights)) {
    for (let i = 0; i < data.length; i++, at += 4) view.setFloat32(at, data[i], true)
  }
  bytes.set(new TextEncoder().encode(hashBytes(bytes)), SEAL)
  return bytes
}

/** Weights, moments or a loss that have become infinite or no number. */
export class NotFinite extends UserError {
  override name = 'NotFinite'
}

/** As `Tensors`; `sealed` files were compared with the hash of all their bytes (0.1.0 hashed the numbers only). */
export interface Decoded extends Tensors {
  readonly sealed: boolean
}

/**
 * The weights and metadata in a file's bytes; `what` names the file in errors.
 * @throws UserError saying what is wrong when the bytes are cut off, damaged or of another kind; NotFinite.
 */
export function decodeSafetensors(bytes: Uint8Array, what: string): Decoded {
  const fail = (reason: string) => new UserError(`${what} is not a whole checkpoint: ${reason}`)
  if (bytes.length < PREFIX) throw fail(`it has ${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > bytes.length - PREFIX) {
    throw fail(`its header should have ${length} bytes, the file has ${bytes.length}`)
  }
  const header = readHeader(bytes.subarray(PREFIX, PREFIX + length))
  if (!header) throw fail('its header is not JSON')
  const start = PREFIX + length
  const { __metadata__, ...entries } = header
  const { hash, file, ...metadata } = (__metadata__ ?? {}) as Record<string, string>
  const weights: Record<string, Weight> = {}
  let end = 0
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) throw fail(`the header's entry '${name}' is not a tensor`)
    if (entry.dtype !== 'F32') throw fail(`'${name}' holds ${entry.dtype} numbers; only F32 is read`)
    const [from, to] = entry.data_offsets
    const count = entry.shape.reduce((a, b) => a * b, 1)
    if (from !== end || to - from !== count * 4) throw fail(`the place of '${name}' does not match its shape`)
    if (start + to > bytes.length) throw fail(`it ends within '${name}'`)
    const data = new Float32Array(count)
    for (let i = 0; i < count; i++) data[i] = view.getFloat32(start + from + 4 * i, true)
    weights[name] = { shape: entry.shape, data }
    end = to
  }
  if (start + end !== bytes.length) throw fail(`${bytes.length - start - end} bytes follow the last tensor`)
  const sealed = file !== undefined
  if (sealed && seal(bytes) !== file) throw fail('it is damaged (its hash does not match)')
  if (hash !== undefined && hashBytes(bytes.subarray(start)) !== hash) throw fail('its numbers are damaged')
  for (const [name, { data }] of Object.entries(weights)) {
    if (data.every(Number.isFinite)) continue
    throw new NotFinite(`${what} is of a training that diverged: '${name}' holds numbers that are not finite`)
  }
  return { weights, metadata, sealed }
}

/** What the seal of a file should be. */
function seal(bytes: Uint8Array): string {
  const open = bytes.slice().fill(48, SEAL, SEAL + DIGITS)
  return hashBytes(open)
}

function readHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
  return (
    typeof entry === 'object' &&
    typeof entry?.dtype === 'string' &&
    Array.isArray(entry.shape) &&
    entry.shape.every(isSize) &&
    Array.isArray(entry.data_offsets) &&
    entry.data_offsets.length === 2 &&
    entry.data_offsets.every(isSize)
  )
}
