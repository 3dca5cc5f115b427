const found = import.meta.glob('../../node_modules/@tensorflow/tfjs-backend-webgpu/dist/index.js')

/** Loads tfjs's backend for WebGPU; undefined where it was not installed when the page was built. */
export const WEBGPU: (() => Promise<unknown>) | undefined = Object.values(found)[0]
