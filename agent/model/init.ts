import { bits, type Random } from '#core/base/random'
import { PATCH_BYTES } from './encode.ts'
import { tapsOf } from './neighbours.ts'
import type { Weight } from './safetensors.ts'
import type { Shape } from './shape.ts'

/** Standard deviation of fresh embeddings; of 0.05 to 1, imitation learnt best from this. */
const EMBEDDING = 0.2

/** Shapes of all weights, in the order in which they are drawn and saved. */
export function weightShapes(shape: Shape, vocabulary: number): Record<string, readonly number[]> {
  const { width, blocks } = shape
  const shapes: Record<string, readonly number[]> = {
    'embed.words': [vocabulary, width],
    'embed.layers': [shape.layers, width],
    'embed.rows': [shape.rows, width],
    'embed.columns': [shape.columns, width],
    'embed.positions': [shape.response, width],
    'vision.projector.weight': [PATCH_BYTES, width],
    'vision.projector.bias': [width],
  }
  for (let i = 0; i < blocks; i++) {
    Object.assign(shapes, {
      [`blocks.${i}.norm1.gain`]: [width],
      [`blocks.${i}.norm1.bias`]: [width],
      ...(shape.near ? { [`blocks.${i}.near`]: [tapsOf(shape.near), width] } : {}),
      [`blocks.${i}.attention.weight`]: [width, 3 * width],
      [`blocks.${i}.attention.bias`]: [3 * width],
      [`blocks.${i}.mix.weight`]: [width, width],
      [`blocks.${i}.mix.bias`]: [width],
      [`blocks.${i}.norm2.gain`]: [width],
      [`blocks.${i}.norm2.bias`]: [width],
      [`blocks.${i}.widen.weight`]: [width, 4 * width],
      [`blocks.${i}.widen.bias`]: [4 * width],
      [`blocks.${i}.narrow.weight`]: [4 * width, width],
      [`blocks.${i}.narrow.bias`]: [width],
    })
  }
  return {
    ...shapes,
    'norm.gain': [width],
    'norm.bias': [width],
    'value.weight': [width, 1],
    'value.bias': [1],
    ...(shape.sketch
      ? {
          'sketch.norm.gain': [width],
          'sketch.norm.bias': [width],
          'sketch.weight': [width, shape.sketch.reduce((sum, answers) => sum + answers, 0)],
          'sketch.bias': [shape.sketch.reduce((sum, answers) => sum + answers, 0)],
        }
      : {}),
  }
}

/**
 * Fresh weights: gains 1, biases and value head 0, embeddings small, matrices normal with variance 1 / inputs; those
 * that add to the residual stream are smaller by the root of their number (GPT-2, Radford et al. 2019).
 */
export function initialWeights(shape: Shape, vocabulary: number, random: Random): Record<string, Weight> {
  const residual = 1 / Math.sqrt(2 * shape.blocks)
  const weights: Record<string, Weight> = {}
  for (const [name, dimensions] of Object.entries(weightShapes(shape, vocabulary))) {
    const data = new Float32Array(dimensions.reduce((a, b) => a * b, 1))
    if (name.endsWith('.gain')) data.fill(1)
    else if (name.startsWith('embed.')) fillNormal(data, EMBEDDING, random)
    else if (name.endsWith('.weight') && name !== 'value.weight') {
      const adds = name.endsWith('.mix.weight') || name.endsWith('.narrow.weight')
      fillNormal(data, (adds ? residual : 1) / Math.sqrt(dimensions[0]), random)
    }
    weights[name] = { shape: dimensions, data }
  }
  return weights
}

/** The standard deviation of the sum of the eight bytes of two draws. */
const SPREAD = Math.sqrt((8 * (256 * 256 - 1)) / 12)

/**
 * Fills `out` with numbers of mean 0 and the given standard deviation, nearly normal: sums of eight uniform bytes.
 * It uses no function whose last bits differ between machines.
 */
export function fillNormal(out: Float32Array, deviation: number, random: Random): void {
  const scale = deviation / SPREAD
  for (let i = 0; i < out.length; i++) {
    const sum = bytesOf(bits(random)) + bytesOf(bits(random))
    out[i] = (sum - 4 * 255) * scale
  }
}

function bytesOf(word: number): number {
  return (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24)
}
