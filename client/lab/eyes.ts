/** A worker: looks through the eyes of agents. What is of models is loaded when one is first asked for. */
import { seeded } from '#core/base/random'
import type { State } from '#core/env/env'
import { observe } from '#core/env/observe'
import { findEnv } from '#core/env/registry'
import type { Arrow, LookAnswer, LookAsk, PlayedSoFar } from '../episode/looking.ts'
import { games, loadGames } from '../games.ts'
import { shippedModels } from './parts.ts'
import { arrowOf, type Standing } from './standing.ts'

let last: Promise<void> = Promise.resolve()
addEventListener('message', ({ data }: MessageEvent<LookAsk>) => {
  last = last.then(async () => {
    let answer: LookAnswer
    try {
      answer = { id: data.id, ...(await look(data)) }
    } catch (error) {
      answer = { id: data.id, error: (error as Error).message }
    }
    postMessage(answer)
  })
})

async function look({ whose, played, what, response, index = 0, files }: LookAsk) {
  if (what === 'models') return { models: shippedModels }
  const known = new Set(games.files.map(({ url }) => url))
  await loadGames(
    files.filter(({ url }) => !known.has(url)),
    location.href,
  )
  const standing = replayed(played)
  if ('script' in whose) return { field: scripted(standing, whose.script) }
  const { eyesOf } = await import('./eyesight.ts')
  const eyes = await eyesOf(whose, standing.env)
  const { conversation } = played
  return what === 'sight'
    ? { sight: await eyes.sight(standing, conversation, response, index) }
    : { field: await eyes.field(standing, conversation) }
}

/** Plays a game again, keeping the states in which the seat was asked. */
function replayed({ env: name, config: given, seed, seat, steps, turns }: PlayedSoFar): Standing {
  const env = findEnv(games.envs, name)
  const state = env.reset(env.config.parse(given), seed)
  const asked: { state: State; actions: readonly string[] }[] = []
  let next = 0
  for (let t = 0; ; t++) {
    while (next < turns.length && turns[next].t <= t)
      asked.push({ state: env.clone(state), actions: turns[next++].actions })
    if (t >= steps.length) break
    env.step(state, steps[t])
  }
  return {
    env,
    state,
    seat,
    history: (modality) =>
      asked.map(({ state, actions }) => ({
        observation: observe(env, state, seat, modality),
        response: '',
        actions,
        feedback: '',
      })),
  }
}

function scripted({ env, state, seat }: Standing, name: string): Arrow[] {
  const script = env.policies?.[name]?.(state.config)
  if (!script || !env.whereabouts) return []
  return (env.elsewhere?.(state, seat) ?? []).map((there) => {
    const [action] = script.act(there, seat, seeded('elsewhere'))
    const left = env.stepsToGo?.(there) ?? null
    return { ...arrowOf(env, there, seat, action), value: left === null ? null : -left }
  })
}
