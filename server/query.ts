import type { EpisodeQuery, EpisodeSummary, Facets } from '#core/wire'
import type { Found, Runs } from './runs.ts'

/** Episodes that fit the query, a page of them, and how many there are in all. */
export function queryEpisodes(
  runs: Runs,
  query: EpisodeQuery,
): { total: number; episodes: EpisodeSummary[] } {
  const words = (query.search ?? '').split(/\s+/).filter(Boolean)
  const patterns = words.map((word) => new RegExp(word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'), 'i'))
  const found: Found[] = []
  for (const hit of runs.episodes()) {
    const { summary } = hit.entry
    if (query.run !== undefined && summary.run !== query.run) continue
    if (query.env !== undefined && summary.env !== query.env) continue
    if (query.stage !== undefined && summary.stage !== query.stage) continue
    if (query.outcome !== undefined && summary.outcome !== query.outcome) continue
    if (query.update !== undefined && summary.update !== query.update) continue
    if (query.seed !== undefined && summary.seed !== query.seed) continue
    if (query.agent !== undefined && !summary.agents.includes(query.agent)) continue
    if (query.success !== undefined && summary.success !== (query.success === 'true')) continue
    if (query.live !== undefined && hit.folder.isLive(hit.entry) !== (query.live === 'true')) continue
    if (patterns.length > 0 && !mentions(summary, patterns)) continue
    found.push(hit)
  }
  if (query.sort === 'newest') found.reverse()
  else if (query.sort === 'return') sortBy(found, -1, total)
  else if (query.sort === 'lowest') sortBy(found, 1, total)
  else if (query.sort === 'steps') sortBy(found, -1, ({ steps }) => steps)
  else if (query.sort === 'shortest') sortBy(found, 1, ({ steps }) => steps)
  const page = found.slice(query.offset, query.offset + query.limit)
  return { total: found.length, episodes: page.map(({ folder, entry }) => folder.episode(entry)) }
}

/** Every value the lists can be filtered by, in order of appearance. */
export function facets(runs: Runs): Facets {
  const envs = new Set<string>()
  const agents = new Set<string>()
  const stages = new Set<string>()
  const outcomes = new Set<string>()
  for (const { entry } of runs.episodes()) {
    const { summary } = entry
    envs.add(summary.env)
    for (const agent of summary.agents) agents.add(agent)
    if (summary.stage !== undefined) stages.add(summary.stage)
    if (summary.outcome !== undefined) outcomes.add(summary.outcome)
  }
  return {
    runs: runs.list().map(({ id }) => id),
    envs: [...envs],
    agents: [...agents],
    stages: [...stages],
    outcomes: [...outcomes],
  }
}

function mentions(summary: EpisodeSummary, patterns: readonly RegExp[]): boolean {
  const { id, seed, agents, preset = '', stage = '', outcome = '', env } = summary
  return patterns.every((pattern) => {
    if (pattern.test(id) || pattern.test(seed) || pattern.test(env)) return true
    return (
      agents.some((agent) => pattern.test(agent)) || [preset, stage, outcome].some((x) => pattern.test(x))
    )
  })
}

/** Smallest first (1) or largest first (-1); equals keep their order. The keys are worked out once. */
function sortBy(found: Found[], direction: 1 | -1, key: (summary: EpisodeSummary) => number): void {
  const keyed = found.map((hit) => ({ hit, key: key(hit.entry.summary) }))
  keyed.sort((a, b) => direction * (a.key - b.key))
  for (let i = 0; i < found.length; i++) found[i] = keyed[i].hit
}

function total(summary: EpisodeSummary): number {
  let sum = 0
  for (const value of summary.return) sum += value
  return sum
}
