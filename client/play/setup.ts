import { z } from 'zod'
import { parseJson, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import type { StartEvent } from '#core/record/record'
import { agentsOf } from '../episode/agents.ts'
import type { Film } from '../episode/film.ts'
import { acquireFilm } from '../episode/films.ts'
import { games } from '../games.ts'
import { BY_HAND, type Setup } from './game.ts'
import { learnedAgents } from './learned.ts'

/**
 * The game that an address asks for: `from` and `step` fork a replay, else `env`, `preset` and `seed` begin one.
 * @throws UserError or Error with a line for people when there is no such game.
 */
export async function setupOf(query: URLSearchParams): Promise<Setup> {
  const from = query.get('from')
  if (from) return fork(from, Math.max(0, Number(query.get('step')) || 0), query)
  const env = findEnv(games.envs, query.get('env') ?? games.envs[0].id)
  const config = configOf(env, query)
  return {
    env,
    config,
    seed: query.get('seed') || '1',
    seat: seatOf(env, config, query.get('seat')),
    ...(await sitters(env, config, query.get('with'))),
    opening: [],
  }
}

/** The config that an address names: `config` as JSON, else its preset, else the first there is. @throws UserError */
export function configOf(env: Env, query: URLSearchParams): object {
  const own = query.get('config')
  if (own !== null) return resolveConfig(env, parseJson(z.record(z.string(), z.unknown()), own, 'config'))
  const preset = query.get('preset') ?? Object.keys(env.presets)[0]
  return resolveConfig(env, preset ? { preset } : {})
}

function seatOf(env: Env, config: object, text: string | null): number {
  return Math.max(0, Math.min(env.seats(config) - 1, Number(text) || 0))
}

/** Who can sit in the seats that the person has not, and who does. */
async function sitters(
  env: Env,
  config: object,
  text: string | null,
): Promise<Pick<Setup, 'candidates' | 'agents'>> {
  const seats = env.seats(config)
  const learned = seats > 1 ? await learnedAgents(env) : []
  const idle = env.idle ? ['idle'] : []
  const candidates = [...agentsOf(env), ...idle, ...learned, ...(env.toAct ? [BY_HAND] : [])]
  return { candidates, agents: sittersOf(env, seats, candidates, text) }
}

/** Who sits in each seat: the names of `with`, the last of them for all that follow; the best there is unless given. */
function sittersOf(env: Env, seats: number, candidates: readonly string[], text: string | null): string[] {
  const named = text?.split(',').filter((name) => candidates.includes(name)) ?? []
  const best = env.policies?.expert ? 'expert' : 'random'
  return Array.from({ length: seats }, (_, seat) => named[seat] ?? named.at(-1) ?? best)
}

async function fork(id: string, step: number, query: URLSearchParams): Promise<Setup> {
  const { film, release } = acquireFilm(id)
  try {
    const start = await readyAt(film, step)
    if (!film.env || film.sight) throw new Error(film.problem ?? 'This episode cannot be played on.')
    const opening = film.steps.slice(0, step).map(({ actions }) => actions)
    return {
      env: film.env,
      config: start.config,
      seed: start.seed,
      seat: seatOf(film.env, start.config, query.get('seat')),
      ...(await sitters(film.env, start.config, query.get('with'))),
      opening,
    }
  } finally {
    release()
  }
}

/** Waits until `step` steps of the film were played again, or all it has. */
function readyAt(film: Film, step: number): Promise<StartEvent> {
  return new Promise((resolve, reject) => {
    const stop: { run?: () => void } = {}
    stop.run = film.changes.watch(() => {
      const { start } = film
      if (film.problem) reject(new Error(film.problem))
      else if (start && (film.length >= step || (film.caughtUp && film.events.length > 0))) resolve(start)
      else return
      queueMicrotask(() => stop.run?.())
    })
  })
}
