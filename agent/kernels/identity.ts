import * as tf from '#tf'
import type { Operation } from './kernel.ts'

/** tfjs clones every tensor that a gradient will need; its wasm backend copies the numbers, we count a reference. */
export const identityOperation: Operation = {
  kernels: {
    Identity: (_heap, { x }) => {
      tf.backend().incRef(x.dataId)
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
    },
  },
}
