import type { Env } from '#core/env/env'
import { addGames } from '#core/env/registry'
import type { GameFile } from '#core/record/wire'
import { envs } from '#envs'

/** The games that this page can play again: those it was built with, and those that its server has beside them. */
export const games: {
  envs: readonly Env[]
  /** Where the others came from, their addresses absolute: a worker loads them again. */
  files: readonly GameFile[]
} = { envs, files: [] }

/** Loads what a server has beside what the page has; a game that cannot be loaded leaves what there is. */
export async function loadGames(files: readonly GameFile[], base: string): Promise<void> {
  for (const file of files) {
    const url = new URL(file.url, base).href
    try {
      const module = await import(/* @vite-ignore */ url)
      games.envs = addGames(games.envs, module, file)
      games.files = [...games.files, { ...file, url }]
    } catch (error) {
      console.warn(`The game of ${file.package || url} cannot be loaded:`, (error as Error).message)
    }
  }
}
