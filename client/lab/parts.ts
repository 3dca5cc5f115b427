import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { z } from 'zod'
import { modelsAt } from '#agent/hosts/browser/models'
import type { Parts } from '#agent/hosts/browser/workplace'
import { envs } from '#envs'
import { WEBGPU } from './webgpu.ts'

// A content security policy may forbid eval, and zod would try it.
z.config({ jitless: true })

const files = import.meta.glob<string>('../../models/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
})
/** Addresses of the models that come with Kickpush, by name; each is fetched when it is needed. */
const models = Object.fromEntries(
  Object.entries(files).map(([file, url]) => [file.replace(/^.*\/|\.safetensors$/g, ''), url]),
)

export const shippedModels: readonly string[] = Object.keys(models)

/** What a learner in this page has. */
export const parts: Parts = {
  envs,
  wasm: new URL(wasm, self.location.href).href,
  webgpu: WEBGPU,
  model: modelsAt(models),
}
