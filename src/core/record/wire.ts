import { z } from 'zod'
import { RecordEvent } from './record.ts'
import { MetricsRow, RunInfo } from './run.ts'

/** Everything that can go wrong on the wire. Closed: a client may switch over it. */
export const WIRE_ERRORS = [
  /** The message does not match its schema. */
  'INVALID_MESSAGE',
  /** No such run or episode. */
  'NOT_FOUND',
  /** The server was started read-only, the token is wrong, or the server is not known by that name. */
  'FORBIDDEN',
  /** This server asks for its token with every request. */
  'UNAUTHORIZED',
  /** Another has what is asked for, or several could be meant. */
  'CONFLICT',
  /** Too much waits to be done: ask again a little later. */
  'BUSY',
  /** Too many messages, rooms or bytes from this socket. */
  'RATE_LIMITED',
  /** The message or its answer would be too large. */
  'TOO_LARGE',
  /** The server failed; its log says why. */
  'INTERNAL',
] as const
export type WireErrorCode = (typeof WIRE_ERRORS)[number]

export const WireError = z.object({ code: z.enum(WIRE_ERRORS), message: z.string() })
export type WireError = z.infer<typeof WireError>

/** Every acknowledged message is answered with its result or a typed error. */
export type Answer<T> = { ok: true; result: T } | { ok: false; error: WireError }

/** A run with what its folder shows beyond run.json. */
export const RunSummary = RunInfo.extend({
  /** Name of the run's folder; unique, also where two run.json claim one id. */
  id: z.string(),
  /** Its folder is being written. */
  live: z.boolean(),
  episodes: z.int(),
  /** Rows of metrics.jsonl so far. */
  rows: z.int(),
})
export type RunSummary = z.infer<typeof RunSummary>

/** One line about an episode, for walls and lists. */
export const EpisodeSummary = z.object({
  /** `<run>/<episode as recorded>`: unique on this server. Messages name episodes by it; encode it in addresses. */
  id: z.string(),
  run: z.string(),
  stage: z.string().optional(),
  update: z.int().optional(),
  env: z.string(),
  /** Environment version it was recorded with; another version than the server's can be listed but not simulated. */
  version: z.int(),
  preset: z.string().optional(),
  seed: z.string(),
  agents: z.array(z.string()),
  modality: z.string(),
  turns: z.int(),
  /** Turns whose answer could not be read. */
  malformed: z.int().optional(),
  steps: z.int(),
  return: z.array(z.number()),
  score: z.array(z.number().nullable()).optional(),
  /** Of a training's episode: how training saw it (credit.ts), means over the seats that learnt. */
  surprise: z.number().optional(),
  valueError: z.number().optional(),
  advantage: z.number().optional(),
  /** Absent while it is live. */
  outcome: z.string().optional(),
  success: z.boolean().optional(),
  /** What the outcome was worth to each seat, where the game tells them apart; `success` is seat 0's then. */
  seats: z.array(z.number()).optional(),
  live: z.boolean(),
  /** Milliseconds since 1970 when it was last written; unknown of what was never in a file. */
  touched: z.number().optional(),
  /** Events so far; also the sequence number of the next one. */
  seq: z.int(),
})
export type EpisodeSummary = z.infer<typeof EpisodeSummary>

const id = z.string().min(1).max(200)

/**
 * Messages from a viewer; the key is the socket.io event name. All are acknowledged with an `Answer`.
 * The transport is WebSocket only (`transports: ['websocket']`), the parser is socket.io-msgpack-parser.
 */
export const ClientMessages = {
  /** Joins the room of an episode; answered with its events from `after` on, or from 0 on if they are of another take. */
  watch: z.strictObject({
    episode: id,
    after: z.int().min(0).default(0),
    take: z.string().max(200).optional(),
  }),
  unwatch: z.strictObject({ episode: id }),
  /** Joins the wall: live summaries, volatile. */
  wall: z.strictObject({}),
  unwall: z.strictObject({}),
  /** Joins the room of a run; answered with its metrics from row `after` on. */
  run: z.strictObject({ run: id, after: z.int().min(0).default(0) }),
  unrun: z.strictObject({ run: id }),
} as const
export type ClientMessage = keyof typeof ClientMessages

/** Messages from the server. */
export const ServerMessages = {
  /**
   * Events of a watched episode, the first of them number `seq`. Never dropped. Another `take` is the episode played
   * anew (by a resumed learner): what came of one before is void.
   */
  events: z.object({ episode: z.string(), take: z.string(), seq: z.int(), events: z.array(RecordEvent) }),
  /** The socket fell behind: fetch from `seq` on over HTTP, then watch again. */
  behind: z.object({ episode: z.string(), seq: z.int() }),
  /** Live and recently finished episodes. Volatile. */
  wall: z.object({ episodes: z.array(EpisodeSummary) }),
  /** Rows of a watched run, the first of them number `row`. Volatile: a gap is refetched. */
  metrics: z.object({ run: z.string(), row: z.int(), rows: z.array(MetricsRow) }),
  /** A run began, changed or ended; sent to everyone. */
  run: RunSummary,
} as const

/** Results of acknowledged messages. */
export interface Results {
  /** `events` are numbers `seq - events.length` to `seq - 1`; the next `events` message begins with `seq`. */
  watch: { take: string; seq: number; events: RecordEvent[]; live: boolean; summary: EpisodeSummary }
  unwatch: null
  wall: { episodes: EpisodeSummary[] }
  unwall: null
  run: { info: RunSummary } & MetricsPage
  unrun: null
}

/** Rows `row` to `row + rows.length - 1` of `total`; at most 5,000 at once. */
export interface MetricsPage {
  row: number
  rows: MetricsRow[]
  total: number
}

/** A module of games that do not come with Kickpush, for pages. */
export interface GameFile {
  readonly ids: readonly string[]
  /** Address of an ES module that exports them; its name holds its hash. */
  readonly url: string
  /** Its package; empty where it is in none. */
  readonly package: string
  readonly version: string
}

/** An agent that the server lets sit in a game played by hand: a small model. */
export interface LearnedAgent {
  /** `mini:<shipped model or run>`. */
  readonly name: string
  /** Environments it was trained on. */
  readonly envs: readonly string[]
}

/** A decision of a learned agent that is asked for, with the whole game so far. */
export const AskedMove = z.strictObject({
  agent: z.string().min(1).max(200),
  env: z.string().min(1).max(200),
  config: z.record(z.string(), z.unknown()),
  seed: z.string().max(200),
  seat: z.int().min(0),
  /** Actions of every step, `steps[t][seat]`. */
  steps: z.array(z.array(z.int().min(-1)).max(64)).max(10_000),
  /** When the seat was asked before, and what it played then. */
  turns: z
    .array(z.strictObject({ t: z.int().min(0), actions: z.array(z.int().min(0)).max(200) }))
    .max(10_000),
})
export type AskedMove = z.infer<typeof AskedMove>

/** The answer to an `AskedMove`: a decision as policies make it. */
export interface Move {
  readonly valid: boolean
  readonly actions: readonly number[]
  readonly reason?: string
  readonly text?: string
  readonly thought?: string
  readonly value?: number
  readonly probabilities?: readonly Readonly<Record<string, number>>[]
}

/** What the lists can be filtered by: every value that occurs. */
export interface Facets {
  runs: string[]
  envs: string[]
  agents: string[]
  stages: string[]
  outcomes: string[]
}

/**
 * HTTP, all JSON unless said:
 *   GET /api/health                        {"status":"healthy", kickpush, control: whether a token may write}
 *   GET /api/runs                          RunSummary[], newest first
 *   GET /api/runs/:run/metrics?after=      MetricsPage
 *   GET /api/runs/:run/checkpoints         what each says of itself, by its update: hashes of its files and of the rows before it
 *   GET /api/runs/:run/report              report.md (text); the pictures it names are at report/<name>.png or .svg
 *   GET /api/runs/:run/model               its newest model that was saved (safetensors)
 *   GET /api/episodes?<EpisodeQuery>       {total, episodes: EpisodeSummary[]}
 *   GET /api/facets                        Facets
 *   GET /api/games                         GameFile[]
 *   GET /api/episodes/:id?after=&take=     {take, seq, events, live, summary}, as `watch` answers
 *   GET /api/episodes/:id/record           the record (JSONL), as a download
 *   GET /api/episodes/:id/credit           CreditLine[]: what training used of it; empty where none did
 *   POST /api/records                      with `Authorization: Bearer <token>`: a record (JSONL) to keep; {id}
 * Errors are {error: WireError} with a fitting status. Pages come with a content security policy without eval.
 */
export const EpisodeQuery = z.strictObject({
  run: id.optional(),
  env: id.optional(),
  agent: id.optional(),
  stage: id.optional(),
  outcome: id.optional(),
  seed: id.optional(),
  update: z.coerce.number().int().min(0).optional(),
  /** Words that must all occur in id, seed, agents, preset, stage or outcome. */
  search: z.string().max(200).optional(),
  success: z.enum(['true', 'false']).optional(),
  live: z.enum(['true', 'false']).optional(),
  /**
   * `return` and `steps` with the largest first, `lowest` and `shortest` with the smallest. The other four, largest first, are
   * of episodes that a training learnt from; those it did not come last.
   */
  sort: z
    .enum([
      'newest',
      'oldest',
      'return',
      'lowest',
      'steps',
      'shortest',
      'surprise',
      'valueError',
      'advantage',
      'disadvantage',
    ])
    .default('newest'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type EpisodeQuery = z.infer<typeof EpisodeQuery>
