import { below, type Random, seeded } from '#core/base/random'
import { PATCH_BYTES } from '../../agent/model/encode.ts'
import { SIZES } from '../../agent/model/shape.ts'
import type { Sequence, Slots } from '../../agent/model/types.ts'
import { SPECIALS } from '../../agent/model/vocabulary.ts'

/** A vocabulary of its own: grid symbols, directions, words of a thought, words that name places. */
export const WORDS: readonly string[] = [
  ...SPECIALS,
  '<toy>',
  ...['#', '.', '@', '$', 'Left', 'Right', 'Up', 'Down', 'push', 'the', 'box', 'r1', 'r2', 'c1', 'c2'],
]

export const XS = SIZES.xs

/** A shape whose slots look around themselves, and are asked two questions. */
export const LOOKING = { ...XS, blocks: 2, near: 1, sketch: [3, 2] }

/** A prompt of random words on a grid after a head of two words. */
export function gridPrompt(random: Random, rows = 3, columns = 4): Slots {
  const n = rows * columns + 2
  const words = new Int32Array(n)
  for (let i = 0; i < n; i++) words[i] = SPECIALS.length + below(random, WORDS.length - SPECIALS.length)
  return { ...places(rows, columns), words, patches: new Uint8Array(0) }
}

/** The same places, the grid as patches of random pixels. */
export function framePrompt(random: Random, rows = 3, columns = 4): Slots {
  const words = Int32Array.from({ length: rows * columns + 2 }, (_, i) => 1 - i)
  words[0] = SPECIALS.length
  words[1] = SPECIALS.indexOf('<online>')
  const patches = new Uint8Array(rows * columns * PATCH_BYTES)
  for (let i = 0; i < patches.length; i++) patches[i] = below(random, 256)
  return { ...places(rows, columns), words, patches }
}

function places(rows: number, columns: number) {
  const n = rows * columns + 2
  return {
    layers: Int32Array.from({ length: n }, (_, i) => (i < 2 ? 0 : 1)),
    rows: Int32Array.from({ length: n }, (_, i) => (i < 2 ? 0 : Math.floor((i - 2) / columns))),
    columns: Int32Array.from({ length: n }, (_, i) => (i < 2 ? i : (i - 2) % columns)),
  }
}

/** The batch with answers for all slots of grids, and of a sketched sequence's head none. */
export function sketched(batch: readonly Sequence[]): Sequence[] {
  return batch.map((sequence) => ({
    ...sequence,
    sketch: [3, 2].map((answers) =>
      sequence.prompt.layers.map((layer, i) => (layer === 1 ? i % answers : -1)),
    ),
  }))
}

/** Responses of different lengths to prompts of different sizes and kinds; some share a prompt. */
export function mixedBatch(seed: string): Sequence[] {
  const random = seeded(seed)
  const prompts = [gridPrompt(random), framePrompt(random, 2, 3), gridPrompt(random, 2, 2)]
  return [0, 1, 0, 2, 1, 0].map((i) => ({
    prompt: prompts[i],
    response: Int32Array.from({ length: 2 + below(random, 6) }, () => below(random, WORDS.length)),
  }))
}
