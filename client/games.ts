import type { Env } from '#core/env/env'
import { addGames } from '#core/env/registry'
import type { GameFile } from '#core/record/wire'
import { envs } from '#envs'

/** The games that this page can play again: those it was built with, and those that were added: by its server, or by hand. */
export const games: {
  envs: readonly Env[]
  /** Where the others came from, their addresses absolute: a worker loads them again. */
  files: readonly GameFile[]
} = { envs, files: [] }

/** Loads what there is beside what the page has; a game that cannot be loaded leaves what there is. */
export async function loadGames(files: readonly GameFile[], base: string): Promise<void> {
  for (const file of files) {
    const url = new URL(file.url, base).href
    try {
      const module = await import(/* @vite-ignore */ url)
      for (const id of file.ids) dropGame(id)
      games.envs = addGames(games.envs, module, file)
      games.files = [...games.files, { ...file, url }]
    } catch (error) {
      console.warn(`The game of ${file.package || url} cannot be loaded:`, (error as Error).message)
    }
  }
}

/** Forgets the file that brought a game, and all its games; those that the page was built with stay. */
export function dropGame(id: string): void {
  const gone = games.files.find(({ ids }) => ids.includes(id))
  if (!gone) return
  games.files = games.files.filter((file) => file !== gone)
  games.envs = games.envs.filter((env) => !gone.ids.includes(env.id))
}
