import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { modelsAt } from '#agent/hosts/browser/models'
import type { Parts } from '#agent/hosts/browser/workplace'
import { envs } from '#envs'
import base from '../../../models/lmm-r1-base.safetensors?url'

export const parts: Parts = { envs, wasm, model: modelsAt({ 'lmm-r1-base': base }) }
