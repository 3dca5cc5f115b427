import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { attention, createCache } from '#agent/kernels/ops'
import { expectClose, numbers, onBackend, present } from './support.ts'

const WIDTH = 32
const TRIPLE = 3 * WIDTH
const HEADS = 2

/** Queries, keys and values of a token, whatever it was preceded by. */
const token = (name: string) => numbers(TRIPLE, name)

/** What a sequence's last token finds, without a cache. */
function whole(names: readonly string[], heads: number): Float32Array {
  return tf.tidy(() => {
    const qkv = tf.tensor2d(
      names.flatMap((name) => [...token(name)]),
      [names.length, TRIPLE],
    )
    const out = attention(qkv, { lengths: Int32Array.of(names.length) }, heads)
    return out.dataSync<'float32'>().slice(-WIDTH)
  })
}

// 8 heads are too narrow for the kernels, so that wasm takes the composition too.
describe.each(present.flatMap((backend) => [HEADS, 8].map((heads) => ({ backend, heads }))))(
  'a cache of $heads heads on $backend',
  ({ backend, heads }) => {
    test('finds what attention over the whole finds, through groups and dropped rows', async () => {
      await onBackend(backend, () => {
        const prompts = [['a0', 'a1', 'a2'], ['b0'], Array.from({ length: 19 }, (_, i) => `c${i}`)]
        const lengths = Int32Array.from(prompts, (prompt) => prompt.length)
        const cache = createCache({ layers: 2, width: WIDTH, heads, lengths, room: 9 })
        for (const layer of [0, 1]) {
          const names = prompts.flat().map((name) => `${layer}/${name}`)
          cache.prefill(
            layer,
            tf.tensor2d(
              names.flatMap((name) => [...token(name)]),
              [names.length, TRIPLE],
            ),
          )
        }
        let rows = prompts
        const select = (indices: number[]) => {
          cache.select(Int32Array.from(indices))
          rows = indices.map((i) => rows[i])
        }
        select([0, 0, 1, 2, 2])
        for (let step = 0; step < 9; step++) {
          if (step === 3) select([4, 1, 2])
          if (step === 6) select([0, 0, 2])
          rows = rows.map((names, i) => [...names, `${step}:${i}`])
          for (const layer of [0, 1]) {
            const last = rows.map((names) => `${layer}/${names.at(-1)}`)
            const qkv = tf.tensor2d(
              last.flatMap((name) => [...token(name)]),
              [rows.length, TRIPLE],
            )
            const found = cache.attend(layer, qkv).dataSync()
            for (const [i, names] of rows.entries()) {
              const wanted = whole(
                names.map((name) => `${layer}/${name}`),
                heads,
              )
              expectClose(found.slice(i * WIDTH, (i + 1) * WIDTH), wanted, 1e-5)
            }
          }
          cache.advance()
          expect([...cache.lengths]).toEqual(rows.map((names) => names.length))
        }
        cache.dispose()
        return []
      })
    })
  },
)
