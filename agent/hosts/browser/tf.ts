/** What the learner needs of tfjs in a browser: its core and gradients, without layers, data sets and other backends. */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import { version_core } from '@tensorflow/tfjs-core'

export * from '@tensorflow/tfjs-core'
export const version = { tfjs: version_core }
