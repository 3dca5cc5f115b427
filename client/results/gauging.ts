import type { EpisodeSummary } from '#core/record/wire'
import { games } from '../games.ts'
import * as api from '../net/api.ts'
import type { Gauged } from './gauge.ts'
import { type Gauge, gaugeOf, keepGauge } from './known.ts'

/** Records fetched ahead of the worker. */
const AHEAD = 4

/** Whether there is something to find out about an episode: its game, in its version, can tell. */
export function tells({ env: name, version }: EpisodeSummary): boolean {
  const env = games.envs.find(({ id }) => id === name)
  return env?.version === version && (env.stuck !== undefined || env.stepsToGo !== undefined)
}

/**
 * Gauges episodes that are not known yet, in a worker; `tell` hears after each how many of `all` are done. The result
 * stops it.
 */
export function gaugeAll(
  episodes: readonly EpisodeSummary[],
  tell: (done: number, all: number) => void,
): () => void {
  const left = episodes.filter(
    (episode) => episode.outcome !== undefined && tells(episode) && !gaugeOf(episode),
  )
  const all = left.length
  if (all === 0) return () => {}
  const worker = new Worker(new URL('./gauge.ts', import.meta.url), { type: 'module' })
  const abort = new AbortController()
  let done = 0
  const end = () => {
    if (abort.signal.aborted) return
    if (++done === all) worker.terminate()
    tell(done, all)
  }
  const next = async (): Promise<void> => {
    const episode = left.shift()
    if (!episode || abort.signal.aborted) return
    try {
      worker.postMessage(await recordOf(episode.id))
    } catch {
      // One that cannot be had stays unknown.
      end()
      void next()
    }
  }
  worker.onmessage = ({ data }: MessageEvent<Gauge>) => {
    keepGauge(data)
    end()
    void next()
  }
  worker.onerror = (event) => {
    event.preventDefault()
    end()
    void next()
  }
  for (let i = 0; i < AHEAD; i++) void next()
  return () => {
    abort.abort()
    worker.terminate()
  }
}

async function recordOf(id: string): Promise<Gauged> {
  const { events } = await api.episode(id, 0, '')
  const start = events.find((event) => event.type === 'start')
  if (!start) throw new Error('a record without its start')
  return {
    id,
    env: start.env,
    config: start.config,
    seed: start.seed,
    steps: events.flatMap((event) => (event.type === 'step' ? [event.actions] : [])),
    turns: events.flatMap((event) => (event.type === 'turn' ? [event.t] : [])),
    files: games.files,
  }
}
