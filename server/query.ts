import type { EpisodeQuery, EpisodeSummary, Facets } from '#core/record/wire'
import type { Found, Runs } from './runs.ts'
import type { Pause } from './slices.ts'

/** Episodes that are looked at without a pause. */
const FEW = 64

/** Episodes that fit the query, a page of them, and how many there are in all. */
export async function queryEpisodes(
  runs: Runs,
  query: EpisodeQuery,
  pause: Pause,
): Promise<{ total: number; episodes: EpisodeSummary[] }> {
  const words = (query.search ?? '').split(/\s+/).filter(Boolean)
  const patterns = words.map((word) => new RegExp(word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'), 'i'))
  const found: Found[] = []
  let seen = 0
  for (const hit of runs.episodes()) {
    if (seen++ % FEW === 0) await pause()
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
  const key = KEYS[query.sort]
  const sorted = key ? await sortedDown(found, key, pause) : found
  const page = sorted.slice(query.offset, query.offset + query.limit)
  return { total: found.length, episodes: page.map(({ folder, entry }) => folder.episode(entry)) }
}

/** Every value the lists can be filtered by, in order of appearance. */
export async function facets(runs: Runs, pause: Pause): Promise<Facets> {
  const envs = new Set<string>()
  const agents = new Set<string>()
  const stages = new Set<string>()
  const outcomes = new Set<string>()
  let seen = 0
  for (const { entry } of runs.episodes()) {
    if (seen++ % FEW === 0) await pause()
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

const KEYS: Readonly<Partial<Record<EpisodeQuery['sort'], (found: Found) => number>>> = {
  return: ({ entry }) => total(entry.summary),
  lowest: ({ entry }) => -total(entry.summary),
  steps: ({ entry }) => entry.summary.steps,
  shortest: ({ entry }) => -entry.summary.steps,
  surprise: ({ folder, entry }) => folder.figures(entry)?.surprise ?? NONE,
  valueError: ({ folder, entry }) => folder.figures(entry)?.valueError ?? NONE,
  advantage: ({ folder, entry }) => folder.figures(entry)?.advantage ?? NONE,
  disadvantage: ({ folder, entry }) => -(folder.figures(entry)?.advantage ?? -NONE),
}

/** Last of all. */
const NONE = Number.NEGATIVE_INFINITY

/** As many as are sorted without a pause. */
const RUN = 2_048

interface Keyed {
  readonly hit: Found
  readonly key: number
}

/** Largest first; equals keep their order: runs that are sorted at once, then merged in pairs. */
async function sortedDown(
  found: readonly Found[],
  key: (found: Found) => number,
  pause: Pause,
): Promise<Found[]> {
  const runs: Keyed[][] = []
  for (let from = 0; from < found.length; from += RUN) {
    const run = found.slice(from, from + RUN).map((hit) => ({ hit, key: key(hit) }))
    runs.push(run.sort((a, b) => b.key - a.key))
    await pause()
  }
  while (runs.length > 1) {
    for (const [i, run] of runs.splice(0).entries()) {
      if (i % 2 === 0) runs.push(run)
      else runs.push(await merged(runs.pop()!, run, pause))
    }
  }
  return (runs[0] ?? []).map(({ hit }) => hit)
}

async function merged(a: readonly Keyed[], b: readonly Keyed[], pause: Pause): Promise<Keyed[]> {
  const both: Keyed[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (both.length % RUN === 0) await pause()
    both.push(j >= b.length || (i < a.length && a[i].key >= b[j].key) ? a[i++] : b[j++])
  }
  return both
}

function total(summary: EpisodeSummary): number {
  let sum = 0
  for (const value of summary.return) sum += value
  return sum
}
