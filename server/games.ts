import { createHash } from 'node:crypto'
import type { GameFile } from '#core/record/wire'
import { browserText } from '#registry/browser'
import type { Games } from '#registry/games'

/** Modules of games that do not come with Kickpush, for pages: each under a name that holds its hash. */
export interface GameFiles {
  readonly list: readonly GameFile[]
  /** The module at an address ("/games/<hash>.js"). */
  find(pathname: string): string | undefined
}

/** Reads or makes the browser modules of the games that were added; `log` is told of one that pages cannot have. */
export async function gameFiles({ added }: Games, log: (line: string) => void): Promise<GameFiles> {
  const list: GameFile[] = []
  const texts = new Map<string, string>()
  for (const module of added) {
    const found = await browserText(module)
    if ('missing' in found) {
      log(`the viewer cannot draw ${module.ids.join(', ')}: ${found.missing}`)
      continue
    }
    const hash = createHash('sha256').update(found.text).digest('hex').slice(0, 32)
    texts.set(`/games/${hash}.js`, found.text)
    list.push({ ids: module.ids, url: `games/${hash}.js`, package: module.package, version: module.version })
  }
  return { list, find: (pathname) => texts.get(pathname) }
}
