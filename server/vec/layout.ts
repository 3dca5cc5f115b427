import { didYouMean, UserError } from '#core/base/errors'
import type { Env, TensorSpec } from '#core/env/env'
import type { Open, Section } from './wire.ts'

/** Bytes of a batch at most. */
const MOST = 1 << 28
/** In front of the sections: how many episodes ended, and how many bytes of text follow; u32 each. */
const HEAD = 8
const SIZES = { uint8: 1, float32: 4, float64: 8 } as const

/** What a batch looks like: the same for every batch of a connection. */
export interface Layout {
  readonly sections: readonly Section[]
  /** The numeric observations among them: [lanes, seats, ...]. */
  readonly observations: readonly Section[]
  /** Whether texts follow the sections. */
  readonly text: boolean
  /** Bytes of head and sections. */
  readonly bytes: number
}

/** The numbers of a section of some lanes. */
export type Numbers = Uint8Array | Float32Array | Float64Array

/** @throws UserError for an observation that the game does not have, and for batches too large to send. */
export function layoutOf(env: Env, config: object, open: Open): Layout {
  const { lanes, observations } = open
  const seats = env.seats(config)
  const actions = env.actions(config).length
  const sections: Section[] = []
  let at = HEAD
  const add = (name: string, dtype: Section['dtype'], shape: readonly number[], high?: number): Section => {
    const section = { name, dtype, shape: [lanes, ...shape], offset: at, high }
    sections.push(section)
    at = (at + SIZES[dtype] * lengthOf(section) + 7) & ~7
    if (at > MOST || at < 0)
      throw new UserError(`a batch of ${lanes} lanes would have over ${MOST} bytes; take fewer lanes`)
    return section
  }
  add('rewards', 'float64', [seats])
  add('terminated', 'uint8', [])
  add('truncated', 'uint8', [])
  add('fresh', 'uint8', [])
  add('success', 'uint8', [seats])
  add('acting', 'uint8', [seats])
  if (open.legal) add('legal', 'uint8', [seats, actions])
  const numeric = [...new Set(observations)]
    .filter((name) => name !== 'text')
    .map((name) => {
      if (name === 'frame') {
        const { width, height } = env.frame(config)
        return add(name, 'uint8', [seats, height, width, 3])
      }
      const tensor = tensorOf(env, name)
      return add(name, tensor.dtype, [seats, ...tensor.shape(config)], tensor.high)
    })
  return { sections, observations: numeric, text: observations.includes('text'), bytes: at }
}

/** Elements of a section. */
export function lengthOf({ shape }: Section): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** Elements of a section per lane. */
export function perLane({ shape }: Section): number {
  return shape.slice(1).reduce((product, length) => product * length, 1)
}

/** The part of a batch's memory that belongs to lanes `from` to `to` of a section. */
export function numbersOf(memory: ArrayBufferLike, section: Section, from: number, to: number): Numbers {
  const size = perLane(section)
  const offset = section.offset + from * size * SIZES[section.dtype]
  const length = (to - from) * size
  if (section.dtype === 'float64') return new Float64Array(memory, offset, length)
  if (section.dtype === 'float32') return new Float32Array(memory, offset, length)
  return new Uint8Array(memory, offset, length)
}

/** Memory for a section of another number of lanes, as a final observation needs. */
export function blank(section: Section, lanes: number): Uint8Array | Float32Array {
  const length = lanes * perLane(section)
  return section.dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length)
}

/** @throws UserError naming the ones there are. */
export function tensorOf(env: Env, name: string): TensorSpec {
  const tensors = env.tensors ?? {}
  if (Object.hasOwn(tensors, name)) return tensors[name]
  const names = [...Object.keys(tensors), 'frame', 'text']
  throw new UserError(`${env.id} has no observation '${name}'${didYouMean(name, names)}`)
}
