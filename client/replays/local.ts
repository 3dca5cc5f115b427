import type { RecordEvent } from '#core/record/record'
import type { EpisodeSummary, Facets } from '#core/record/wire'
import type { Film } from '../episode/film.ts'
import { LOCAL, localFilms } from '../episode/films.ts'
import type { EpisodePage } from '../net/api.ts'
import { totalReturn } from '../ui/returns.ts'

/** The file that a film of this page came from; its id is `local/<file>/<episode>`. */
function fileOf({ id }: Film): string {
  return id.slice(LOCAL.length, id.lastIndexOf('/'))
}

/** Files that were opened here, with how many episodes they hold. */
export function localFiles(): Map<string, number> {
  const files = new Map<string, number>()
  for (const film of localFilms())
    if (film.id.indexOf('/', LOCAL.length) > 0) files.set(fileOf(film), (files.get(fileOf(film)) ?? 0) + 1)
  return files
}

/** What the server would answer (core/wire.ts) if the episodes of `file` were all it had. */
export function localEpisodes(file: string, query: URLSearchParams): EpisodePage {
  const words = (query.get('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (episode: EpisodeSummary): boolean => {
    for (const name of ['env', 'stage', 'outcome', 'run'] as const)
      if (query.has(name) && episode[name] !== query.get(name)) return false
    if (query.has('agent') && !episode.agents.includes(query.get('agent') as string)) return false
    const text = [episode.id, episode.seed, episode.env, ...episode.agents, episode.preset, episode.stage]
    const all = [...text, episode.outcome].join(' ').toLowerCase()
    return words.every((word) => all.includes(word))
  }
  const found = summaries(file).filter(fits)
  const by = (key: (episode: EpisodeSummary) => number) => found.sort((a, b) => key(a) - key(b))
  const sort = query.get('sort')
  if (sort === 'return') by((episode) => -totalReturn(episode))
  else if (sort === 'lowest') by(totalReturn)
  else if (sort === 'steps') by(({ steps }) => -steps)
  else if (sort === 'shortest') by(({ steps }) => steps)
  else if (sort !== 'oldest') found.reverse()
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  return { total: found.length, episodes: found.slice(offset, offset + limit) }
}

/** Every value the list of a file can be filtered by. */
export function localFacets(file: string): Facets {
  const all = summaries(file)
  const each = (values: readonly (string | undefined)[]) => [
    ...new Set(values.filter((v) => v !== undefined)),
  ]
  return {
    runs: each(all.map(({ run }) => run || undefined)),
    envs: each(all.map(({ env }) => env)),
    agents: each(all.flatMap(({ agents }) => agents)),
    stages: each(all.map(({ stage }) => stage)),
    outcomes: each(all.map(({ outcome }) => outcome)),
  }
}

function summaries(file: string): EpisodeSummary[] {
  return localFilms()
    .filter((film) => fileOf(film) === file)
    .flatMap(({ id, events }) => summaryOf(id, events) ?? [])
}

function summaryOf(id: string, events: readonly RecordEvent[]): EpisodeSummary | null {
  const start = events.find((event) => event.type === 'start')
  if (!start) return null
  const steps = events.filter((event) => event.type === 'step')
  const end = events.find((event) => event.type === 'end')
  const sums = start.agents.map((_, seat) => steps.reduce((sum, step) => sum + (step.rewards[seat] ?? 0), 0))
  const { preset } = start.config
  return {
    id,
    run: start.run ?? '',
    stage: start.stage,
    update: start.update,
    env: start.env,
    version: start.version,
    preset: typeof preset === 'string' ? preset : undefined,
    seed: start.seed,
    agents: start.agents,
    modality: start.conversation.modality,
    turns: events.filter((event) => event.type === 'turn').length,
    steps: steps.length,
    return: end?.return ?? sums,
    score: end?.score,
    outcome: end?.outcome,
    success: end?.success,
    seats: end?.seats,
    live: false,
    seq: events.length,
  }
}
