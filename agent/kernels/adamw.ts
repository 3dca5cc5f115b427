import { wholePower } from '#core/base/math'
import * as tf from '#tf'
import { onHeap } from './wasm.ts'

/** Settings of AdamW (Loshchilov and Hutter 2019). */
export interface AdamWOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Pulls matrices (rank 2 and above) towards 0 by rate x decay a step; gains and biases are left alone. */
  readonly weightDecay: number
  /** Largest global norm of a gradient: longer ones are shortened to it; 0 for no limit. */
  readonly clip: number
}

const DEFAULTS: AdamWOptions = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: 1 }

/** The optimizer: running means of the gradient and of its square, by the weight's name. */
export class AdamW {
  readonly options: AdamWOptions
  private steps = 0
  private readonly weights: Readonly<Record<string, tf.Variable>>
  private readonly means: Record<string, tf.Variable> = {}
  private readonly squares: Record<string, tf.Variable> = {}

  /** Over `weights`, which it changes in place. */
  constructor(weights: Readonly<Record<string, tf.Variable>>, options: Partial<AdamWOptions> = {}) {
    this.options = { ...DEFAULTS, ...options }
    this.weights = weights
    for (const [name, weight] of Object.entries(weights)) {
      this.means[name] = zeros(weight)
      this.squares[name] = zeros(weight)
    }
  }

  /**
   * One step at learning rate `rate` down the gradients (by the weight's name; weights without one are left alone).
   * Gives the global norm of the gradients before clipping; where that is not finite, nothing has changed. The caller
   * disposes the gradients.
   */
  async update(gradients: Readonly<Record<string, tf.Tensor>>, rate: number): Promise<number> {
    const { beta1, beta2, epsilon, weightDecay, clip } = this.options
    const norm = await globalNorm(gradients)
    if (!Number.isFinite(norm)) return norm
    const scale = clip > 0 && norm > clip ? clip / norm : 1
    this.steps++
    const correction1 = 1 - wholePower(beta1, this.steps)
    const correction2 = 1 - wholePower(beta2, this.steps)
    const heap = onHeap()
    for (const [name, gradient] of Object.entries(gradients)) {
      const weight = this.weights[name]
      const mean = this.means[name]
      const square = this.squares[name]
      const keep = 1 - (weight.rank > 1 ? rate * weightDecay : 0)
      if (heap) {
        const [w, g, m, s] = [unshared(weight), gradient, mean, square].map(heap.address)
        const step = rate / correction1
        const root = Math.sqrt(correction2)
        heap.run.adamw(w, g, m, s, weight.size, scale, beta1, beta2, keep, step, root, epsilon)
        continue
      }
      tf.tidy(() => {
        const g = tf.mul(gradient, scale)
        mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(g, 1 - beta1)))
        square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(g), 1 - beta2)))
        const root = tf.add(tf.sqrt(tf.div(square, correction2)), epsilon)
        const step = tf.mul(tf.div(mean, root), rate / correction1)
        const decayed = tf.mul(weight, keep)
        weight.assign(tf.sub(decayed, step))
      })
    }
    return norm
  }

  /** Everything a checkpoint needs to go on: `steps`, and per weight `<name>.mean` and `<name>.square`. */
  async save(): Promise<{ steps: number; tensors: Record<string, Float32Array> }> {
    const tensors: Record<string, Float32Array> = {}
    for (const name of Object.keys(this.weights)) {
      tensors[`${name}.mean`] = await this.means[name].data<'float32'>()
      tensors[`${name}.square`] = await this.squares[name].data<'float32'>()
    }
    return { steps: this.steps, tensors }
  }

  /** Goes on from what `save` gave, for weights of the same names and shapes. */
  load(saved: { steps: number; tensors: Readonly<Record<string, Float32Array>> }): void {
    this.steps = saved.steps
    for (const [name, weight] of Object.entries(this.weights)) {
      tf.tidy(() => {
        this.means[name].assign(tf.tensor(saved.tensors[`${name}.mean`], weight.shape))
        this.squares[name].assign(tf.tensor(saved.tensors[`${name}.square`], weight.shape))
      })
    }
  }

  dispose(): void {
    tf.dispose([this.means, this.squares])
  }
}

/** The square root of the sum of the squares of all gradients' elements. */
export async function globalNorm(gradients: Readonly<Record<string, tf.Tensor>>): Promise<number> {
  let total = 0
  const heap = onHeap()
  if (heap) {
    for (const gradient of Object.values(gradients)) {
      total += heap.run.sumOfSquares(heap.address(gradient), gradient.size)
    }
    return Math.sqrt(total)
  }
  const sums = Object.values(gradients).map((gradient) => tf.tidy(() => tf.sum(tf.square(gradient))))
  for (const sum of sums) total += (await sum.data())[0]
  tf.dispose(sums)
  return Math.sqrt(total)
}

function zeros(weight: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zerosLike(weight), false))
}

/** The variable with numbers of its own: a clone that still shares them must not change with it. */
function unshared(variable: tf.Variable): tf.Variable {
  if (tf.backend().refCount(variable.dataId) > 1) tf.tidy(() => variable.assign(tf.add(variable, 0)))
  return variable
}
