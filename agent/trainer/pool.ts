import { UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'
import type { Store } from '#core/base/store'
import type { Reinforcement } from '../recipe/recipe.ts'
import type { Rival } from './jobs.ts'
import { poolAt, selfName } from './opponents.ts'

/**
 * The past selves of a stage as files of its run: `pool/<stage>/<update>-<hash>.safetensors`, so that one in another's
 * place is noticed.
 */
export class PoolFiles {
  readonly #store: Store
  readonly #stage: Reinforcement

  constructor(store: Store, stage: Reinforcement) {
    this.#store = store
    this.#stage = stage
  }

  /** Keeps a model as it was before an update of the stage. @throws StoreError */
  async write(update: number, bytes: Uint8Array): Promise<Rival> {
    const file = `${this.#folder}/${update}-${hashBytes(bytes)}.safetensors`
    await this.#store.write(file, bytes)
    return this.#rival(update, file, bytes)
  }

  /** Those that an update plays against. @throws UserError when one is gone or was exchanged; StoreError. */
  async at(update: number): Promise<Rival[]> {
    const names = await this.#store.list(this.#folder)
    const rivals: Rival[] = []
    for (const one of poolAt(this.#stage, update)) {
      const name = names.find((file) => updateOf(file) === one)
      const file = `${this.#folder}/${name}`
      const bytes = name === undefined ? null : await this.#store.read(file)
      if (!bytes)
        throw new UserError(`${this.#store.name}/${this.#folder}: the past self of update ${one} is gone`)
      if (!file.endsWith(`-${hashBytes(bytes)}.safetensors`))
        throw new UserError(`${this.#store.name}/${file} is damaged (its hash does not match)`)
      rivals.push(this.#rival(one, file, bytes))
    }
    return rivals
  }

  /** Removes those that nothing from `update` on plays against. @throws StoreError */
  async keep(update: number): Promise<void> {
    const kept = poolAt(this.#stage, update)
    for (const name of await this.#store.list(this.#folder)) {
      if (!kept.includes(updateOf(name))) await this.#store.remove(`${this.#folder}/${name}`)
    }
  }

  #rival(update: number, file: string, bytes: Uint8Array): Rival {
    return { name: selfName(update), bytes, what: `${this.#store.name}/${file}` }
  }

  get #folder(): string {
    return `pool/${this.#stage.name}`
  }
}

/** Of a file's name; NaN for one that is none of these. */
const updateOf = (name: string): number => (/^\d+-/.test(name) ? Number.parseInt(name, 10) : Number.NaN)
