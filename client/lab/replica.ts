import { answerHere } from '#agent/hosts/browser/worker'
import type { GameFile } from '#core/record/wire'
import * as tf from '#tf'
import { games, loadGames } from '../games.ts'
import { parts } from './parts.ts'

/** Milliseconds between two words about memory. */
const TELL = 2000

/** The first message brings the games that are not part of the page, and who is told how much memory tensors have. */
const brought = new Promise<readonly GameFile[]>((resolve) => {
  addEventListener(
    'message',
    (event: MessageEvent<{ files: readonly GameFile[]; memory: MessagePort }>) => {
      const { data } = event
      event.stopImmediatePropagation()
      setInterval(() => data.memory.postMessage(tensorBytes()), TELL)
      resolve(data.files)
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

/** Bytes that the backend has for tensors: all of its heap on wasm. */
function tensorBytes(): number {
  if (!tf.getBackend()) return 0
  const { wasm } = tf.backend() as { wasm?: { readonly HEAP8: Int8Array } }
  return wasm?.HEAP8.length ?? tf.memory().numBytes
}
