/**
 * The operations a decoder transformer is made of, differentiable and alike on every backend: on wasm each is a
 * SIMD kernel of ours, elsewhere a composition of tfjs operations whose gradients exist on cpu, webgpu and tfjs-node.
 * A batch is ragged: the tokens of all sequences lie end to end in one [tokens, width] matrix, without padding.
 */
export { AdamW, type AdamWOptions, globalNorm } from './adamw.ts'
export { attention, type Segments } from './attention.ts'
export { createCache, type KeyValueCache } from './cache.ts'
export { embed } from './embed.ts'
export { gelu } from './gelu.ts'
export { linear } from './linear.ts'
export { near } from './near.ts'
export { layerNorm } from './norm.ts'
export { sample } from './sample.ts'
export { tokenScores } from './scores.ts'
