import type { Env } from '#core/env/env'
import { policiesOf } from '../../policies/create.ts'
import type { FindModel, Workplace } from '../../workplace.ts'
import { backendsAt } from './backend.ts'
import { openPack } from './packs.ts'

/** What a page hands in: its games, and where the rest is. */
export interface Parts {
  readonly envs: readonly Env[]
  /** Address of tfjs's WebAssembly with SIMD. */
  readonly wasm: string
  /** Loads tfjs's backend for WebGPU, where the page has one. */
  readonly webgpu?: () => Promise<unknown>
  readonly model: FindModel
}

/** A worker of a page. */
export function workplaceOf({ envs, wasm, webgpu, model }: Parts): Workplace {
  const chooseBackend = backendsAt(wasm, webgpu)
  const createPolicy = policiesOf({
    mini: {
      rest: '<name>',
      create: async (name, context) => {
        const { loadMini } = await import('../../policies/mini.ts')
        return loadMini(name, context, { model, chooseBackend })
      },
    },
  })
  return { envs, chooseBackend, createPolicy, openPack }
}
