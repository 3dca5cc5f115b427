import { UserError } from '#core/base/errors'
import { readText, type Store } from '#core/base/store'
import type { GameFile } from '#core/record/wire'
import { dropGame, games, loadGames } from '../games.ts'
import { addressOf } from './source.ts'

/** Games that were brought to this browser: a file for each module, named by its games. */
export class Brought {
  readonly #store: Store
  files: readonly GameFile[] = []

  constructor(store: Store) {
    this.#store = store
  }

  /** Loads those that are kept. */
  async open(): Promise<void> {
    for (const name of await this.#store.list('')) {
      const text = await readText(this.#store, name)
      if (text !== null) await this.#load(name.replace(/\.js$/, '').split('+'), text)
    }
  }

  /** Keeps a module that was checked, in the place of what brought games of the same ids. */
  async add(text: string, ids: readonly string[]): Promise<GameFile> {
    for (const id of ids) await this.remove(id)
    await this.#store.write(nameOf(ids), text)
    return this.#load(ids, text)
  }

  async remove(id: string): Promise<void> {
    const file = this.files.find(({ ids }) => ids.includes(id))
    if (!file) return
    await this.#store.remove(nameOf(file.ids))
    this.files = this.files.filter((one) => one !== file)
    dropGame(id)
  }

  async #load(ids: readonly string[], text: string): Promise<GameFile> {
    const file = { ids, url: addressOf(text), package: '', version: '' }
    await loadGames([file], file.url)
    if (!games.files.some(({ url }) => url === file.url)) {
      throw new UserError(`the game ${ids.join(', ')} cannot be loaded any more: bring it again`)
    }
    this.files = [...this.files, file]
    return file
  }
}

const nameOf = (ids: readonly string[]): string => `${ids.join('+')}.js`
