import { UserError } from '#core/base/errors'
import type { Store } from '#core/base/store'
import type { Reinforcement } from '../recipe/recipe.ts'
import type { Rival } from './jobs.ts'
import { poolAt, selfName } from './opponents.ts'

/** The past selves of a stage as files of its run: `pool/<stage>/<update>.safetensors`. */
export class PoolFiles {
  readonly #store: Store
  readonly #stage: Reinforcement

  constructor(store: Store, stage: Reinforcement) {
    this.#store = store
    this.#stage = stage
  }

  /** Keeps a model as it was before an update of the stage. @throws StoreError */
  async write(update: number, bytes: Uint8Array): Promise<Rival> {
    await this.#store.write(this.#file(update), bytes)
    return this.#rival(update, bytes)
  }

  /** Those that an update plays against. @throws UserError when one is gone; StoreError. */
  async at(update: number): Promise<Rival[]> {
    const rivals: Rival[] = []
    for (const one of poolAt(this.#stage, update)) {
      const bytes = await this.#store.read(this.#file(one))
      if (!bytes) throw new UserError(`${this.#store.name}: ${this.#file(one)} is gone`)
      rivals.push(this.#rival(one, bytes))
    }
    return rivals
  }

  /** Removes those that nothing from `update` on plays against. @throws StoreError */
  async keep(update: number): Promise<void> {
    const kept = poolAt(this.#stage, update).map((one) => this.#file(one))
    for (const name of await this.#store.list(this.#folder)) {
      const file = `${this.#folder}/${name}`
      if (!kept.includes(file)) await this.#store.remove(file)
    }
  }

  #rival(update: number, bytes: Uint8Array): Rival {
    return { name: selfName(update), bytes, what: `${this.#store.name}/${this.#file(update)}` }
  }

  get #folder(): string {
    return `pool/${this.#stage.name}`
  }

  #file(update: number): string {
    return `${this.#folder}/${update}.safetensors`
  }
}
