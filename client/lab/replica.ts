import { answerHere } from '#agent/hosts/browser/worker'
import type { GameFile } from '#core/record/wire'
import { games, loadGames } from '../games.ts'
import { parts } from './parts.ts'

/** The first message brings the games that are not part of the page. */
const brought = new Promise<readonly GameFile[]>((resolve) => {
  addEventListener(
    'message',
    (event: MessageEvent<{ files: readonly GameFile[] }>) => {
      event.stopImmediatePropagation()
      resolve(event.data.files)
    },
    { once: true },
  )
})
answerHere(
  brought.then(async (files) => {
    await loadGames(files, self.location.href)
    return { ...parts, envs: games.envs }
  }),
)
