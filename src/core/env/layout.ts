import type { z } from 'zod'
import type { State } from './env.ts'

/** What a field of a state holds: one number of a type, a flag, or a list of numbers of fixed length. */
export type Field<C> = Kind | 'bool' | readonly [Kind, Length<C>]
type Kind = keyof typeof KINDS
/** Entries of a list: a number, or what the config makes of it. */
type Length<C> = number | ((config: C) => number)

/** The state that a layout declares: its own fields beside what every state has. */
export type StateOf<L> = L extends Layout<infer S> ? S : never

/** How a state is made, saved, loaded and cloned, from a declaration of its fields. */
export interface Layout<S extends State> {
  /** A state before anything is set: zeroes, and flags that are false. */
  make(config: S['config']): S
  /**
   * All of the state, little-endian. `out` is reused where it is large enough; bytes that an earlier call returned are
   * written over without garbage (but a box for each single 'f64').
   * @throws RangeError naming a field that holds what its type cannot.
   */
  save(state: S, out?: Uint8Array): Uint8Array
  /** @throws Error when the bytes are not a saved state of this layout. */
  load(bytes: Uint8Array): S
  clone(state: S): S
}

type Made<C, F> = State & { readonly config: C } & {
  -readonly [K in keyof F as F[K] extends string ? K : never]: F[K] extends 'bool' ? boolean : number
} & { readonly [K in keyof F as F[K] extends string ? never : K]: ListOf<F[K]> }
type ListOf<T> = T extends readonly [infer K extends Kind, unknown]
  ? InstanceType<(typeof KINDS)[K]['List']>
  : never

const KINDS = {
  u8: { List: Uint8Array, bytes: 1, least: 0, most: 255 },
  u16: { List: Uint16Array, bytes: 2, least: 0, most: 65_535 },
  u32: { List: Uint32Array, bytes: 4, least: 0, most: 4_294_967_295 },
  i8: { List: Int8Array, bytes: 1, least: -128, most: 127 },
  i16: { List: Int16Array, bytes: 2, least: -32_768, most: 32_767 },
  i32: { List: Int32Array, bytes: 4, least: -2_147_483_648, most: 2_147_483_647 },
  f64: { List: Float64Array, bytes: 8, least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY },
} as const

/** What every state has. */
const STATE: readonly string[] = ['config', 't', 'rewards', 'terms', 'terminated', 'truncated']

type Numbers = InstanceType<(typeof KINDS)[Kind]['List']>
type Values = Record<string, number | boolean | Numbers>

/** A field, and its place in the bytes of a config. */
interface Slot {
  readonly name: string
  readonly kind: Kind | 'bool'
  /** Entries of a list; undefined for one value. */
  readonly length: number | undefined
}

/** What a config makes of a layout. */
interface Plan {
  readonly slots: readonly Slot[]
  /** Format, length of the config's text, that text in ASCII. */
  readonly head: Uint8Array
  /** Bytes of a saved state. */
  readonly size: number
}

/**
 * A state's make, save, load and clone, from its fields: their order is that of the bytes. Whether it ended, its
 * step, rewards and terms are there without being named.
 * @param schema the game's config.
 * @param layout.format first byte of saved states, 0 to 255: rises when fields change, so that old bytes are refused.
 */
export function layout<C extends object, const F extends Readonly<Record<string, Field<C>>>>(
  schema: z.ZodType<C>,
  {
    format,
    seats,
    terms,
    fields,
  }: {
    readonly format: number
    readonly seats: Length<C>
    /** Reward terms of a seat. */
    readonly terms: number
    readonly fields: F
  },
): Layout<Made<C, F>> {
  type S = Made<C, F>
  const taken = Object.keys(fields).find((name) => STATE.includes(name))
  if (taken !== undefined) throw new Error(`a layout need not declare '${taken}': every state has it`)
  const scratch = new DataView(new ArrayBuffer(8))
  const octets = new Uint8Array(scratch.buffer)
  // A config is made once and shared by the states of an episode.
  const plans = new WeakMap<object, Plan>()

  function planOf(config: C): Plan {
    const known = plans.get(config)
    if (known !== undefined) return known
    const count = (length: Length<C>): number => (typeof length === 'number' ? length : length(config))
    const of = (name: string, field: Field<C>): Slot =>
      typeof field === 'string'
        ? { name, kind: field, length: undefined }
        : { name, kind: field[0], length: count(field[1]) }
    const slots = [
      of('t', 'u32'),
      of('terminated', 'bool'),
      of('truncated', 'bool'),
      of('rewards', ['f64', seats]),
      of('terms', ['f64', count(seats) * terms]),
      ...Object.entries<Field<C>>(fields).map(([name, field]) => of(name, field)),
    ]
    const head = headOf(format, config)
    const bytes = slots.map(({ kind, length = 1 }) => length * bytesOf(kind))
    const plan = { slots, head, size: bytes.reduce((sum, more) => sum + more, head.length) }
    plans.set(config, plan)
    return plan
  }

  function make(config: C): S {
    const values: Values = {}
    for (const { name, kind, length } of planOf(config).slots) {
      values[name] = kind === 'bool' ? false : length === undefined ? 0 : new KINDS[kind].List(length)
    }
    return { config, ...values } as unknown as S
  }

  function put(bytes: Uint8Array, at: number, kind: Kind | 'bool', value: number): number {
    const size = bytesOf(kind)
    if (kind === 'f64') {
      scratch.setFloat64(0, value, true)
      for (let i = 0; i < 8; i++) bytes[at + i] = octets[i]
    } else for (let i = 0; i < size; i++) bytes[at + i] = value >>> (8 * i)
    return at + size
  }

  return {
    make,
    save(state, out) {
      const { slots, head, size } = planOf(state.config)
      const bytes = out !== undefined && out.length >= size ? out : new Uint8Array(size)
      const values = state as unknown as Values
      bytes.set(head)
      let at = head.length
      for (const { name, kind, length } of slots) {
        const value = values[name]
        if (length === undefined) {
          if (!fits(kind, value)) throw misfit(name, kind, value)
          at = put(bytes, at, kind, value as number)
          continue
        }
        const list = value as Numbers
        if (list.length !== length)
          throw new RangeError(`state.${name} has ${list.length} entries, not ${length}`)
        if (kind === 'u8') {
          bytes.set(list, at)
          at += length
          continue
        }
        for (let i = 0; i < length; i++) {
          if (Number.isNaN(list[i])) throw misfit(`${name}.${i}`, kind, list[i])
          at = put(bytes, at, kind, list[i])
        }
      }
      return bytes.length === size ? bytes : bytes.subarray(0, size)
    },
    load(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const config = configOf(format, view)
      schema.parse(config)
      // As it was saved: a parsed one may have its keys in another order.
      const state = make(config as C)
      const { slots, head, size } = planOf(state.config)
      if (bytes.length !== size)
        throw new Error(`a saved state of ${bytes.length} bytes; this config's have ${size}`)
      const values = state as unknown as Values
      let at = head.length
      for (const { name, kind, length } of slots) {
        if (length === undefined) {
          const value = get(view, at, kind)
          values[name] = kind === 'bool' ? value !== 0 : value
          at += bytesOf(kind)
          continue
        }
        const list = values[name] as Numbers
        for (let i = 0; i < length; i++, at += bytesOf(kind)) list[i] = get(view, at, kind)
      }
      return state
    },
    clone(state) {
      const copy = { ...state }
      const values = copy as unknown as Values
      for (const { name, length } of planOf(state.config).slots) {
        if (length !== undefined) values[name] = (values[name] as Numbers).slice()
      }
      return copy
    },
  }
}

const bytesOf = (kind: Kind | 'bool'): number => (kind === 'bool' ? 1 : KINDS[kind].bytes)

function fits(kind: Kind | 'bool', value: unknown): boolean {
  if (kind === 'bool') return typeof value === 'boolean'
  if (typeof value !== 'number') return false
  const { least, most } = KINDS[kind]
  return value >= least && value <= most && (kind === 'f64' || value === Math.trunc(value))
}

function misfit(name: string, kind: Kind | 'bool', value: unknown): RangeError {
  const may =
    kind === 'bool'
      ? 'true or false'
      : kind === 'f64'
        ? 'a number, and not NaN'
        : `a whole number from ${KINDS[kind].least} to ${KINDS[kind].most}`
  return new RangeError(`state.${name} is ${String(value)}; its type '${kind}' holds ${may}`)
}

function get(view: DataView, at: number, kind: Kind | 'bool'): number {
  switch (kind) {
    case 'bool':
    case 'u8':
      return view.getUint8(at)
    case 'u16':
      return view.getUint16(at, true)
    case 'u32':
      return view.getUint32(at, true)
    case 'i8':
      return view.getInt8(at)
    case 'i16':
      return view.getInt16(at, true)
    case 'i32':
      return view.getInt32(at, true)
    case 'f64':
      return view.getFloat64(at, true)
  }
}

/** The format, and a config as JSON in ASCII. */
function headOf(format: number, config: object): Uint8Array {
  const json = JSON.stringify(config).replace(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const head = new Uint8Array(5 + json.length)
  head[0] = format
  new DataView(head.buffer).setUint32(1, json.length, true)
  for (let i = 0; i < json.length; i++) head[5 + i] = json.charCodeAt(i)
  return head
}

/** @throws Error when the bytes do not begin as those of this format. */
function configOf(format: number, view: DataView): unknown {
  if (view.byteLength < 5 || view.getUint8(0) !== format)
    throw new Error(`not a saved state of format ${format}`)
  const length = view.getUint32(1, true)
  if (5 + length > view.byteLength) throw new Error('a saved state that ends within its config')
  let json = ''
  for (let i = 0; i < length; i++) json += String.fromCharCode(view.getUint8(5 + i))
  return JSON.parse(json)
}
