import type { Sketch } from '#core/env/env'
import type { Slots } from './types.ts'

/** By question, what each slot of a prompt should answer: those of the observation by their places, -1 elsewhere. */
export function onSlots({ layers, rows, columns }: Slots, sketch: Sketch): Int32Array[] {
  return sketch.answers.map((answers) =>
    layers.map((layer, i) => {
      const place = rows[i] * sketch.columns + columns[i]
      return layer === 1 && columns[i] < sketch.columns && place < answers.length ? answers[place] : -1
    }),
  )
}
