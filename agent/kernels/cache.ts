import { HeapCache } from './heap-cache.ts'
import type { CacheShape, KeyValueCache } from './key-values.ts'
import { PortableCache } from './portable-cache.ts'
import { onHeap } from './wasm.ts'

export type { CacheShape, KeyValueCache } from './key-values.ts'

/** An empty cache, to be filled by `prefill` on every layer. It lives until `dispose`, in and out of tf.tidy. */
export function createCache(shape: CacheShape): KeyValueCache {
  const heap = onHeap()
  return heap && (shape.width / shape.heads) % 8 === 0 ? new HeapCache(heap, shape) : new PortableCache(shape)
}
