import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Server } from 'socket.io'
import { BUILT_IN, type Games } from '#registry/games'
import { FileStore } from '#stores/files'
import { beside, type ThreadEntry } from '#threads/thread'
import { refusal } from './access.ts'
import { Commentary, type CommentatorEntry } from './commentary.ts'
import { Exhibition, type ExhibitionEntry } from './exhibition.ts'
import { gameFiles } from './games.ts'
import { handle, RELAYED, type Site } from './http.ts'
import { Hub } from './hub.ts'
import { Buckets, MESSAGE_LIMIT, MOVES, RECORDS, REQUESTS } from './limits.ts'
import { type Address, listen, type Serving } from './listen.ts'
import { Others, type Replies } from './others.ts'
import { Pages } from './pages.ts'
import { parser } from './parser.ts'
import { Pool } from './pool.ts'
import { HAND } from './records.ts'
import type { Handed, RecordsWork } from './records-thread.ts'
import { connectRedis } from './redis.ts'
import { Runs } from './runs.ts'
import { Slices } from './slices.ts'

export type { Serving } from './listen.ts'

export interface ServeOptions extends Address {
  /** Folders whose subfolders are runs; records handed in are kept in the first. */
  readonly runs: string | readonly string[]
  /** Pages of other origins that may connect ("http://localhost:5173"). */
  readonly origins?: readonly string[]
  /** Which games there are; those that come with Kickpush unless given. */
  readonly games?: Games
  /** Matches on the wall from the first second, played in a thread of their own. */
  readonly exhibition?: ExhibitionEntry
  /** Module of a thread with learned agents who play against people; jobs are those of `learned` (http.ts). */
  readonly learned?: ThreadEntry
  /** Who speaks of the episodes that are watched while they are played; nobody unless given. */
  readonly commentator?: CommentatorEntry
  /** The built viewer, where it is not beside this package's JavaScript. */
  readonly clientFolder?: string
  /** Redis, through which servers carry each other's events and answer for each other (`redis://host:6379`). */
  readonly redis?: string
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

const MOST_CONNECTIONS = 10_000

/**
 * Serves the viewer, the HTTP API and the live stream (core/wire.ts) of the runs in some folders.
 * @throws UserError when the port is taken or the address cannot be listened on.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { origins = [], token, games = BUILT_IN } = options
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const redis = options.redis === undefined ? undefined : await connectRedis(options.redis, log)
  const exhibition = options.exhibition && (await Exhibition.prepare())
  const runs = new Runs([options.runs, exhibition?.runs ?? []].flat().map((folder) => new FileStore(folder)))
  const pages = new Pages(options.clientFolder ?? builtClient())
  const [kept] = [options.runs].flat()
  const work: RecordsWork = { games: games.added }
  const files = await gameFiles(games, log)
  const pool = new Pool({ entry: beside(import.meta.url, 'records-thread'), data: work }, RECORDS, log)
  const keep = async (client: string, record: Uint8Array<ArrayBuffer>) => {
    const handed: Handed = { runs: kept, record }
    const name = await pool.ask(client, handed, { transfer: [record.buffer] })
    await runs.refresh(HAND)
    return `${HAND}/${name}`
  }
  const players = options.learned && new Pool(options.learned, MOVES, log)
  const requests = new Buckets(REQUESTS.rate, REQUESTS.burst, REQUESTS.addresses)
  const slices = new Slices()
  const site: Site = {
    runs,
    pages,
    games: files,
    requests,
    slices,
    access: options,
    origins,
    keep: token ? keep : undefined,
    learned: players && ((client: string, asked?: unknown) => players.ask(client, asked)),
    log,
  }
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    handle(site, request, response)
  })
  http.maxConnections = MOST_CONNECTIONS
  const url = await listen(http, options, log).catch(async (error) => {
    await exhibition?.close()
    await redis?.close()
    throw error
  })
  const io = new Server(http, {
    parser,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MESSAGE_LIMIT,
    connectTimeout: 10_000,
    perMessageDeflate: false,
    allowRequest: (request, allow) => allow(null, refusal(request, options, origins) === null),
  })
  if (redis) io.adapter(redis.adapter)
  const others = redis && new Others(io)
  const hub = new Hub(io, runs, log, { others })
  if (others) {
    others.answer(async (question) =>
      question.kind === 'get' ? fetched(url, question.path, token) : hub.answerOther(question),
    )
    site.elsewhere = async (path) => (await others.ask({ kind: 'get', path }))[0]
  }
  await runs.open(hub)
  const commentary = options.commentator && new Commentary(io, runs, options.commentator, log)
  if (options.exhibition) exhibition?.open(options.exhibition, log)
  return {
    url,
    async close() {
      await exhibition?.close()
      hub.close()
      await commentary?.close()
      await runs.close()
      await pool.close()
      await players?.close()
      redis?.giveUp()
      const closed = io.close()
      http.closeAllConnections()
      await closed
      await redis?.close()
    },
  }
}

/** What this server answers to a path, for another server; null where it has nothing. */
async function fetched(url: string, path: string, token: string | undefined): Promise<Replies['get'] | null> {
  if (!path.startsWith('/api/')) return null
  const headers = { [RELAYED]: '1', ...(token !== undefined && { Authorization: `Bearer ${token}` }) }
  const answer = await fetch(new URL(path, url), { headers })
  if (answer.status !== 200) return null
  const type = answer.headers.get('content-type') ?? 'application/octet-stream'
  return { status: 200, type, body: Buffer.from(await answer.arrayBuffer()).toString('base64') }
}

/** dist/client, seen from the source and from the built JavaScript. */
function builtClient(): string {
  const here = fileURLToPath(new URL('../client/', import.meta.url))
  const fromSource = fileURLToPath(new URL('../dist/client/', import.meta.url))
  return import.meta.url.endsWith('.ts') || !existsSync(here) ? fromSource : here
}
