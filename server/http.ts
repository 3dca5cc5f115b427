import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { StoreError } from '#core/base/store'
import { KICKPUSH } from '#core/base/version'
import { parse, parseJson } from '#core/env/config'
import { AskedMove, EpisodeQuery } from '#core/record/wire'
import { type Access, admit, authorized, CHALLENGE, knownOrigin, secure } from './access.ts'
import { STATUS, toWireError, WireFailure } from './errors.ts'
import type { FollowedRun } from './folder.ts'
import type { GameFiles } from './games.ts'
import { type Buckets, MOVE_LIMIT, REQUESTS, UPLOAD_LIMIT } from './limits.ts'
import { readBytes } from './listen.ts'
import type { Pages } from './pages.ts'
import { facets, queryEpisodes } from './query.ts'
import type { Found, Runs } from './runs.ts'
import type { Pause, Slices } from './slices.ts'

/** What the HTTP side serves and whom it lets in. */
export interface Site {
  readonly runs: Runs
  readonly pages: Pages
  readonly games: GameFiles
  readonly access: Access
  readonly origins: readonly string[]
  /** Keeps a record that `client` uploads; returns the wire id of its episode. */
  readonly keep?: (client: string, record: Uint8Array<ArrayBuffer>) => Promise<string>
  /** Learned agents who play against people: `undefined` asks who there is, an `AskedMove` for a decision. */
  readonly learned?: (client: string, asked?: AskedMove) => Promise<unknown>
  /** What another server answers to a path of its runs and episodes, in base64. */
  elsewhere?: (path: string) => Promise<{ readonly type: string; readonly body: string } | undefined>
  readonly log: (line: string) => void
  readonly requests: Buckets
  readonly slices: Slices
}

/** What a route answers: JSON, or a body with its type. */
type Reply = { json: unknown } | { type: string; body: string | Buffer; headers?: Record<string, string> }
/** @param client who asks, by address. */
type Route = (
  site: Site,
  parts: string[],
  query: URLSearchParams,
  client: string,
  request: IncomingMessage,
) => Promise<Reply>

const After = z.strictObject({ after: z.coerce.number().int().min(0).default(0) })
const Part = After.extend({ take: z.string().max(200).optional() })
const Nothing = z.strictObject({})
const PICTURE = /^[\w-][\w.-]*\.(png|svg)$/

/** Answers one HTTP request; never throws. */
export async function handle(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  secure(response)
  try {
    admit(request, site.access)
    if (!site.requests.take(request.socket.remoteAddress ?? '', performance.now())) {
      throw new WireFailure('RATE_LIMITED', `more than ${REQUESTS.rate} requests a second`)
    }
    const url = request.url ?? '/'
    const end = url.indexOf('?')
    const pathname = end === -1 ? url : url.slice(0, end)
    if (pathname !== '/api' && !pathname.startsWith('/api/'))
      return await page(site, request, response, pathname)
    const query = new URLSearchParams(end === -1 ? '' : url.slice(end))
    const parts = pathname.split('/').slice(2).map(decode)
    const reply = await route(site, request, parts, query).catch(async (error) => {
      const answer = await elsewhere(site, request, error)
      if (!answer) throw error
      return answer
    })
    send(request, response, reply)
  } catch (error) {
    const wire = toWireError(
      // A disk that refuses is no mistake of who asks.
      error instanceof UserError && !(error instanceof StoreError)
        ? new WireFailure('INVALID_MESSAGE', error.message)
        : error,
      site.log,
    )
    if (response.headersSent) return void response.destroy()
    response.writeHead(STATUS[wire.code], {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      ...(wire.code === 'UNAUTHORIZED' ? CHALLENGE : {}),
      ...(wire.code === 'BUSY' ? { 'Retry-After': '1' } : {}),
    })
    response.end(JSON.stringify({ error: wire }))
  }
}

/** Header of a request that another server passes on. */
export const RELAYED = 'x-kickpush-relayed'
/** Paths of single runs and episodes. */
const OF_ONE = /^\/api\/(?:runs|episodes)\/[^/?]/

/** What another server answers to who asked here for a run or episode that is not here. */
async function elsewhere(site: Site, request: IncomingMessage, error: unknown): Promise<Reply | undefined> {
  const { method, url = '', headers } = request
  const missing = error instanceof WireFailure && error.code === 'NOT_FOUND'
  if (!missing || !site.elsewhere || method !== 'GET' || headers[RELAYED] || !OF_ONE.test(url))
    return undefined
  const found = await site.elsewhere(url)
  return found && { type: found.type, body: Buffer.from(found.body, 'base64') }
}

async function page(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new WireFailure('INVALID_MESSAGE', `pages can only be read, not ${request.method}`)
  }
  const game = site.games.find(pathname)
  if (game !== undefined) {
    const headers = { 'Cache-Control': 'public, max-age=31536000, immutable' }
    return send(request, response, { type: 'text/javascript; charset=utf-8', body: game, headers })
  }
  if (!(await site.pages.send(request, response, pathname)))
    throw new WireFailure('NOT_FOUND', 'no such page')
}

/** Routes by method, name and number of parts. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET health 1': async ({ access }) => ({
    json: { status: 'healthy', kickpush: KICKPUSH, control: access.token !== undefined },
  }),
  'GET runs 1': async ({ runs }) => ({ json: runs.list() }),
  'GET runs 3': async (site, [, run, what], query, client) => {
    const folder = await findRun(site.runs, run)
    if (what === 'metrics') {
      const { after } = read(After, query)
      return { json: await site.slices.do(client, (pause) => folder.metrics(after, pause)) }
    }
    if (what === 'report') {
      const body = await file(folder, 'report.md')
      return { type: 'text/markdown; charset=utf-8', body }
    }
    if (what === 'checkpoints') return { json: await folder.checkpoints() }
    if (what === 'model') {
      const body = await folder.model()
      if (!body) throw new WireFailure('NOT_FOUND', `run ${folder.id} has saved no model`)
      return { type: 'application/octet-stream', body }
    }
    throw new WireFailure('NOT_FOUND', 'a run has "metrics", "checkpoints", "report" and "model"')
  },
  'GET runs 4': async (site, [, run, what, name]) => {
    const folder = await findRun(site.runs, run)
    if (what !== 'report' || !PICTURE.test(name)) throw new WireFailure('NOT_FOUND', 'no such picture')
    const type = name.endsWith('.png') ? 'image/png' : 'image/svg+xml'
    // A drawing must not become a page of this site that runs scripts.
    const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" }
    return { type, body: await file(folder, name), headers }
  },
  'GET agents 1': async ({ learned }, _, query, client) => {
    read(Nothing, query)
    return { json: (await learned?.(client)) ?? [] }
  },
  'POST agents 1': async (site, _, query, client, request) => {
    read(Nothing, query)
    if (!knownOrigin(request, site.origins))
      throw new WireFailure('FORBIDDEN', 'not from a page of this server')
    if (!site.learned) throw new WireFailure('NOT_FOUND', 'this server has no learned agents')
    const body = Buffer.from(await readBytes(request, MOVE_LIMIT)).toString('utf8')
    return { json: await site.learned(client, parseJson(AskedMove, body, 'the game so far')) }
  },
  'GET games 1': async ({ games }) => ({ json: games.list }),
  'GET facets 1': async ({ runs, slices }, _, query, client) => {
    read(Nothing, query)
    return { json: await slices.do(client, (pause) => facets(runs, pause)) }
  },
  'GET episodes 1': async ({ runs, slices }, _, query, client) => {
    const wanted = read(EpisodeQuery, query)
    const body = await slices.do(client, async (pause) => {
      const { total, episodes } = await queryEpisodes(runs, wanted, pause)
      return writeList({ total }, 'episodes', episodes, pause)
    })
    return { type: 'application/json', body }
  },
  'GET episodes 2': async ({ runs, slices }, [, id], query, client) => {
    const { folder, entry } = await findEpisode(runs, id)
    const { after, take } = read(Part, query)
    const body = await slices.do(client, async (pause) => {
      const { events, ...told } = folder.answer(entry, await folder.events(entry), after, take)
      return writeList(told, 'events', events, pause)
    })
    return { type: 'application/json', body }
  },
  'GET episodes 3': async ({ runs, slices }, [, id, what], _, client) => {
    const { folder, entry } = await findEpisode(runs, id)
    if (what === 'credit') return { json: await slices.do(client, () => folder.credit(entry)) }
    if (what !== 'record') throw new WireFailure('NOT_FOUND', 'an episode has "record" and "credit"')
    const name = `${id.replaceAll(/[^\w.-]+/g, '-').slice(-100)}.jsonl`
    const headers = { 'Content-Disposition': `attachment; filename="${name}"` }
    return { type: 'application/jsonl', body: await slices.do(client, () => folder.record(entry)), headers }
  },
  'POST records 1': async (site, _, query, client, request) => {
    read(Nothing, query)
    if (!knownOrigin(request, site.origins))
      throw new WireFailure('FORBIDDEN', 'not from a page of this server')
    if (!site.keep) throw new WireFailure('FORBIDDEN', 'this server was started read-only')
    if (!authorized(request, site.access.token))
      throw new WireFailure('FORBIDDEN', 'the token is missing or wrong')
    return { json: { id: await site.keep(client, await readBytes(request, UPLOAD_LIMIT)) } }
  },
}

async function route(
  site: Site,
  request: IncomingMessage,
  parts: string[],
  query: URLSearchParams,
): Promise<Reply> {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = ROUTES[`${method} ${parts[0]} ${parts.length}`]
  if (!found) throw new WireFailure('NOT_FOUND', `no ${method} /api/${parts.join('/')}`.slice(0, 200))
  return await found(site, parts, query, request.socket.remoteAddress ?? '', request)
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const body = 'json' in reply ? JSON.stringify(reply.json) : reply.body
  response.writeHead(200, {
    'Content-Type': 'json' in reply ? 'application/json' : reply.type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...('json' in reply ? {} : reply.headers),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** An answer as JSON with a long list under `key`, written a slice at a time. */
async function writeList(told: object, key: string, list: readonly object[], pause: Pause): Promise<Buffer> {
  const parts = [Buffer.from(`${JSON.stringify(told).slice(0, -1)},"${key}":[`)]
  for (let from = 0; from < list.length; from += TOGETHER) {
    await pause()
    const items = list.slice(from, from + TOGETHER).map((item) => JSON.stringify(item))
    parts.push(Buffer.from((from === 0 ? '' : ',') + items.join(',')))
  }
  parts.push(Buffer.from(']}'))
  return Buffer.concat(parts)
}

/** Items of a list that are written without a pause. */
const TOGETHER = 16

async function findRun(runs: Runs, run: string): Promise<FollowedRun> {
  const folder = await runs.get(run)
  if (!folder) throw new WireFailure('NOT_FOUND', `no run ${JSON.stringify(run.slice(0, 200))}`)
  return folder
}

async function findEpisode(runs: Runs, id: string): Promise<Found> {
  const found = await runs.find(id)
  if (!found) throw new WireFailure('NOT_FOUND', `no episode ${JSON.stringify(id.slice(0, 200))}`)
  return found
}

/** A file directly in a run's folder, by a name that holds no path. */
async function file(folder: FollowedRun, name: string): Promise<Buffer> {
  const found = await folder.file(name)
  if (!found) throw new WireFailure('NOT_FOUND', `run ${folder.id} has no ${name}`)
  return found
}

function read<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  return parse(schema, Object.fromEntries(query), 'query')
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new WireFailure('INVALID_MESSAGE', 'the address is not percent-encoded UTF-8')
  }
}
