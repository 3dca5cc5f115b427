import { didYouMean, UserError } from '#core/base/errors'
import { own } from '#core/base/own'
import type { FindModel } from '../../workplace.ts'

/** Finds models by name at some addresses. @throws UserError when there is none, or it cannot be fetched. */
export function modelsAt(addresses: Readonly<Record<string, string>>): FindModel {
  return async (name) => {
    const address = own(addresses, name)
    if (address === undefined) {
      throw new UserError(`no shipped model '${name}'${didYouMean(name, Object.keys(addresses))}`)
    }
    const response = await fetch(address).catch(() => null)
    if (!response?.ok) {
      const why = response ? `the server answered ${response.status}` : 'the server cannot be reached'
      throw new UserError(`cannot fetch the model '${name}': ${why}`)
    }
    return { bytes: new Uint8Array(await response.arrayBuffer()), what: name }
  }
}
