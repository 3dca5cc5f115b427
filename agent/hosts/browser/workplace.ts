import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import { policiesOf } from '../../policies/create.ts'
import type { OpenPack } from '../../trainer/levels.ts'
import type { FindModel, Workplace } from '../../workplace.ts'
import { backendsAt } from './backend.ts'

/** What a page hands in: its games, and where the rest is. */
export interface Parts {
  readonly envs: readonly Env[]
  /** Address of tfjs's WebAssembly with SIMD. */
  readonly wasm: string
  readonly model: FindModel
}

/** A worker of a page. */
export function workplaceOf({ envs, wasm, model }: Parts): Workplace {
  const chooseBackend = backendsAt(wasm)
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

export const openPack: OpenPack = (_, files) => {
  throw new UserError(`'${files[0]}' cannot be read: a page has no files of levels`)
}
