/** What the learner needs of tfjs in a browser: its core, without layers, data sets, other backends and most gradients. */
import { version_core } from '@tensorflow/tfjs-core'

export * from '@tensorflow/tfjs-core'
export const version = { tfjs: version_core }
