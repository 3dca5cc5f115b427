// SIMD kernels that work on the heap of tfjs's own WebAssembly backend. All matrices are float32, in row order.
export { adamw, sumOfSquares } from './adamw'
export { attend, attendGrad, attentionScratch, weightsSize } from './attention'
export { attendCached, copyBlocks, fillCache } from './cache'
export { gelu, geluGrad } from './gelu'
export { matmul, matmulScratch } from './matmul'
export { layerNorm, layerNormGrad } from './norm'
export { clear, gatherRows, scatterRows, sumRows } from './rows'
export { scores, scoresGrad, softmax } from './softmax'
