import { games } from '../games.ts'
import type { Film } from './film.ts'
import { type Judgement, judge, type Verdict } from './mistakes.ts'

/**
 * Judges an episode that is over, in a worker; `tell` hears each time more is known. Nothing happens where the game
 * cannot tell how far success is, or that it is out of reach. The result stops it.
 */
export function judgeFilm(film: Film, tell: (judgement: Judgement) => void): () => void {
  let worker: Worker | null = null
  let telling = 0
  const end = () => {
    worker?.terminate()
    worker = null
    cancelAnimationFrame(telling)
    telling = 0
  }
  const stop = film.changes.watch(() => {
    const { start, env } = film
    // It begins again: what was found out is void.
    if (worker && film.length === 0) {
      end()
      tell(judge([]))
    }
    if (worker || !start || !film.caughtUp || film.live || film.length === 0) return
    if (!env?.stepsToGo && !env?.stuck) return
    worker = new Worker(new URL('./judge.ts', import.meta.url), { type: 'module' })
    const left: (Verdict['left'] | undefined)[] = []
    worker.onmessage = ({ data }: MessageEvent<Verdict>) => {
      left[data.t] = data.left
      telling ||= requestAnimationFrame(() => {
        telling = 0
        tell(judge(left))
      })
    }
    worker.postMessage({
      env: start.env,
      config: start.config,
      seed: start.seed,
      steps: film.steps.map(({ actions }) => actions),
      files: games.files,
    })
  })
  return () => {
    stop()
    end()
  }
}
