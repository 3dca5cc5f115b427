/**
 * What tfjs's wasm backend has to know for this platform's models: all else it brings (convolutions, images, strings) would be
 * most of what a page loads. `test/agent/hosts/kernels.test.ts` holds that every way to learn does with these.
 */

import { _fusedMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul.js'
import { addConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add.js'
import { argMinConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ArgMin.js'
import { batchMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul.js'
import { castConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Cast.js'
import { clipByValueConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ClipByValue.js'
import { concatConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat.js'
import { expConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Exp.js'
import { fillConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Fill.js'
import { gatherV2Config } from '@tensorflow/tfjs-backend-wasm/dist/kernels/GatherV2.js'
import { greaterConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Greater.js'
import { greaterEqualConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/GreaterEqual.js'
import { identityConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity.js'
import { lessEqualConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/LessEqual.js'
import { logicalAndConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/LogicalAnd.js'
import { meanConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Mean.js'
import { minimumConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Minimum.js'
import { multiplyConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply.js'
import { negConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Neg.js'
import { notEqualConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/NotEqual.js'
import { oneHotConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/OneHot.js'
import { packConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Pack.js'
import { padV2Config } from '@tensorflow/tfjs-backend-wasm/dist/kernels/PadV2.js'
import { realDivConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv.js'
import { reshapeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape.js'
import { rsqrtConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Rsqrt.js'
import { selectConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Select.js'
import { sliceConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Slice.js'
import { softmaxConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Softmax.js'
import { splitVConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/SplitV.js'
import { sqrtConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt.js'
import { squareConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square.js'
import { squaredDifferenceConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/SquaredDifference.js'
import { subConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub.js'
import { sumConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum.js'
import { tanhConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tanh.js'
import { tileConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tile.js'
import { unpackConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Unpack.js'
import { zerosLikeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ZerosLike.js'

export const kernels = [
  _fusedMatMulConfig,
  addConfig,
  argMinConfig,
  batchMatMulConfig,
  castConfig,
  clipByValueConfig,
  concatConfig,
  expConfig,
  fillConfig,
  gatherV2Config,
  greaterConfig,
  greaterEqualConfig,
  identityConfig,
  lessEqualConfig,
  logicalAndConfig,
  meanConfig,
  minimumConfig,
  multiplyConfig,
  negConfig,
  notEqualConfig,
  oneHotConfig,
  packConfig,
  padV2Config,
  realDivConfig,
  reshapeConfig,
  rsqrtConfig,
  selectConfig,
  sliceConfig,
  softmaxConfig,
  splitVConfig,
  sqrtConfig,
  squareConfig,
  squaredDifferenceConfig,
  subConfig,
  sumConfig,
  tanhConfig,
  tileConfig,
  unpackConfig,
  zerosLikeConfig,
]
