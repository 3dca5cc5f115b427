/** The wasm backend of tfjs without kernels: backend.ts adds those that are needed. */
export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/base.js'
