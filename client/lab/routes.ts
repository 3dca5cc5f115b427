import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import { EpisodeQuery, type GameFile } from '#core/record/wire'
import { WireFailure } from '#server/errors'
import { facets, queryEpisodes } from '#server/query'
import type { Runs } from '#server/runs'
import { unhurried } from '#server/slices'

/** An answer as HTTP would give it. */
export interface Answered {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array
}

/** Answers what pages fetch below `api/`, as the server does. @param games those that the page was not built with. */
export async function answer(
  runs: Runs,
  address: string,
  games: readonly GameFile[] = [],
): Promise<Answered> {
  const [path, search = ''] = address.replace(/^api\//, '').split('?', 2)
  try {
    if (path === 'games') return { status: 200, type: 'application/json', body: JSON.stringify(games) }
    const found = await route(runs, path.split('/').map(decodeURIComponent), new URLSearchParams(search))
    if ('type' in found) return { status: 200, ...found }
    return { status: 200, type: 'application/json', body: JSON.stringify(found.json) }
  } catch (error) {
    const status = error instanceof WireFailure ? 404 : error instanceof UserError ? 400 : 500
    const body = JSON.stringify({ error: { message: (error as Error).message } })
    return { status, type: 'application/json', body }
  }
}

async function route(
  runs: Runs,
  parts: readonly string[],
  query: URLSearchParams,
): Promise<{ json: unknown } | Omit<Answered, 'status'>> {
  const [what, id = '', part, name] = parts
  if (what === 'runs' && parts.length === 1) return { json: runs.list() }
  if (what === 'agents') return { json: [] }
  if (what === 'facets') return { json: await facets(runs, unhurried) }
  if (what === 'episodes' && parts.length === 1) {
    const wanted = parse(EpisodeQuery, Object.fromEntries(query), 'query')
    return { json: await queryEpisodes(runs, wanted, unhurried) }
  }
  if (what === 'episodes' && (parts.length === 2 || part === 'credit')) {
    const found = await runs.find(id)
    if (!found) throw new WireFailure('NOT_FOUND', `no episode ${JSON.stringify(id.slice(0, 200))}`)
    const { folder, entry } = found
    if (part === 'credit') return { json: await folder.credit(entry) }
    const after = Number(query.get('after') ?? 0)
    return { json: folder.answer(entry, await folder.events(entry), after, query.get('take') ?? undefined) }
  }
  if (what === 'runs' && part === 'report') {
    const file = name ?? 'report.md'
    const body = await (await runs.get(id))?.file(file)
    if (!body) throw new WireFailure('NOT_FOUND', `run ${id} has no ${file}`)
    return { type: name === undefined ? 'text/markdown' : 'image/svg+xml', body }
  }
  if (what === 'runs' && part === 'model') {
    const body = await (await runs.get(id))?.model()
    if (!body) throw new WireFailure('NOT_FOUND', `run ${id} has saved no model`)
    return { type: 'application/octet-stream', body }
  }
  throw new WireFailure('NOT_FOUND', `nothing at ${parts.join('/')}`)
}
