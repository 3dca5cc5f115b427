import { UserError } from '#core/base/errors'
import * as tf from '#tf'
import { wasm } from './module.ts'

/** TypeScript declares it with the browser's library only. */
declare const WebAssembly: {
  readonly Memory: new (limits: object) => object
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Functions of the folder assembly/, described there. Addresses and strides are bytes. */
interface Exports {
  tableSize(): number
  prepare(at: number): void
  matmulScratch(): number
  matmul(...values: number[]): void
  softmax(x: number, y: number, rows: number, width: number): void
  layerNorm(x: number, gain: number, bias: number, y: number, rows: number, width: number): void
  layerNormGrad(...values: number[]): void
  near(...values: number[]): void
  nearGrad(...values: number[]): void
  gelu(x: number, y: number, size: number): void
  geluGrad(x: number, dy: number, dx: number, size: number): void
  weightsSize(prefix: number, length: number): number
  attentionScratch(prefix: number, length: number, width: number): number
  clear(x: number, size: number): void
  attend(...values: number[]): void
  attendGrad(...values: number[]): void
  fillCache(...values: number[]): void
  cacheScratch(shared: number, own: number): number
  attendCached(...values: number[]): void
  copyBlocks(from: number, indices: number, to: number, rows: number, bytes: number): void
  sample(...values: number[]): void
  scores(...values: number[]): void
  scoresGrad(...values: number[]): void
  gatherRows(table: number, rows: number, indices: number, out: number, count: number, width: number): void
  scatterRows(values: number, indices: number, out: number, rows: number, count: number, width: number): void
  sumRows(x: number, out: number, rows: number, width: number): void
  sumOfSquares(x: number, size: number): number
  adamw(...values: number[]): void
}

/** What we use of tfjs's wasm backend, none of which is public: 4.22.0 has it. */
interface Backend extends tf.KernelBackend {
  readonly wasm: {
    readonly asm: { readonly memory: object }
    readonly HEAP32: Int32Array
    _malloc(bytes: number): number
    _free(address: number): void
  }
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo
}

/** Our kernels on the heap of a started wasm backend. */
export interface Heap {
  readonly run: Exports
  /** Where a tensor's numbers begin. */
  address(tensor: tf.TensorInfo): number
  /** A new tensor's memory, not set to anything. */
  output(...shape: number[]): tf.TensorInfo
  /** The same for integers. */
  integers(...shape: number[]): tf.TensorInfo
  /** Memory that holds until the next call of `scratch`: one address per size in bytes. */
  scratch(...sizes: number[]): number[]
  /** Copies integers to an address. */
  put(values: Int32Array, address: number): number
}

let heap: Heap | undefined
let open = false

/** The heap while tfjs runs on wasm with our kernels, else undefined. */
export function onHeap(): Heap | undefined {
  return open && tf.getBackend() === 'wasm' ? heap : undefined
}

/** From here on `onHeap` gives none, until the heap is opened again. */
export function closeHeap(): void {
  open = false
}

/** Opens the heap of the running wasm backend to our kernels. */
export function openHeap(): Heap {
  heap ??= heapOf(tf.backend())
  open = true
  return heap
}

/**
 * The heap of a backend, with our kernels on it.
 * @throws UserError where the backend is not laid out as in the version we know.
 */
export function heapOf(backend: tf.KernelBackend): Heap {
  const { wasm: host, dataIdMap, makeOutput } = backend as Backend
  if (!(host?.asm?.memory instanceof WebAssembly.Memory) || !host._malloc || !dataIdMap || !makeOutput) {
    throw new UserError(
      `the wasm kernels know tfjs 4.22.0, not ${tf.version.tfjs}: its heap is elsewhere; use --backend cpu`,
    )
  }
  const module = new WebAssembly.Module(Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)))
  const instance = new WebAssembly.Instance(module, { env: { memory: host.asm.memory } })
  const run = instance.exports as Exports
  run.prepare(host._malloc(run.tableSize()))
  let start = 0
  let capacity = 0
  return {
    run,
    address: (tensor) => dataIdMap.get(tensor.dataId).memoryOffset,
    output: (...shape) => makeOutput.call(backend, shape, 'float32'),
    integers: (...shape) => makeOutput.call(backend, shape, 'int32'),
    scratch: (...sizes) => {
      const total = sizes.reduce((sum, bytes) => sum + aligned(bytes), 0)
      if (total > capacity) {
        if (start) host._free(start)
        capacity = total
        start = host._malloc(capacity + 16)
      }
      let next = aligned(start)
      return sizes.map((bytes) => {
        const address = next
        next += aligned(bytes)
        return address
      })
    },
    put: (values, address) => {
      host.HEAP32.set(values, address >>> 2)
      return address
    },
  }
}

const aligned = (bytes: number): number => ((bytes + 15) >>> 4) * 16
