import type { CreditLine } from '#core/record/credit'
import type {
  AskedMove,
  EpisodeSummary,
  Facets,
  GameFile,
  LearnedAgent,
  Move,
  Results,
  RunSummary,
} from '#core/record/wire'
import { fetchFromHouse, inTab } from './tab.ts'

/** An answer that is not what was asked for, in words for people. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A page of the list of episodes. */
export interface EpisodePage {
  readonly total: number
  readonly episodes: EpisodeSummary[]
}

/** @param given sent as JSON. @throws ApiError when the server cannot be reached or answers with an error. */
async function get(path: string, signal?: AbortSignal, given?: object): Promise<Response> {
  let response: Response
  try {
    if (inTab) {
      const answer = await fetchFromHouse(path)
      // Who has left asks for nothing any more, and a worker answers all the same.
      signal?.throwIfAborted()
      return await whole(answer)
    }
    const sent = given && { method: 'POST', body: JSON.stringify(given) }
    response = await fetch(new URL(path, document.baseURI), { signal, ...sent })
  } catch (error) {
    if (signal?.aborted || error instanceof ApiError) throw error
    throw new ApiError(0, 'The server cannot be reached.')
  }
  return whole(response)
}

/** @throws ApiError when it is an error. */
async function whole(response: Response): Promise<Response> {
  if (response.ok) return response
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null
  throw new ApiError(response.status, body?.error?.message ?? `The server answered ${response.status}.`)
}

async function json<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await get(path, signal)).json()) as T
}

/** Episodes that match `query`, an EpisodeQuery as strings. */
export function episodes(query: URLSearchParams, signal?: AbortSignal): Promise<EpisodePage> {
  return json(`api/episodes?${query}`, signal)
}

/** The events of an episode from number `after` of a take on. */
export function episode(id: string, after: number, take: string): Promise<Results['watch']> {
  return json(`api/episodes/${encodeURIComponent(id)}?${new URLSearchParams({ after: String(after), take })}`)
}

/** What training used of an episode; nothing where none did. */
export function credit(id: string, signal?: AbortSignal): Promise<CreditLine[]> {
  return json(`api/episodes/${encodeURIComponent(id)}/credit`, signal)
}

/** Every run, newest first. */
export function runs(signal?: AbortSignal): Promise<RunSummary[]> {
  return json('api/runs', signal)
}

/** Every value the lists can be filtered by. */
export function facets(signal?: AbortSignal): Promise<Facets> {
  return json('api/facets', signal)
}

/** Games that the server has beside those that come with Kickpush. */
export function games(): Promise<GameFile[]> {
  return json('api/games')
}

/** Small models of the server that play against people. */
export function agents(): Promise<LearnedAgent[]> {
  return json('api/agents')
}

/** What a small model of the server plays next. */
export async function move(asked: AskedMove, signal: AbortSignal): Promise<Move> {
  return (await (await get('api/agents', signal, asked)).json()) as Move
}

/** The newest model that a run has saved. */
export async function model(run: string): Promise<ArrayBuffer> {
  return (await get(`api/runs/${encodeURIComponent(run)}/model`)).arrayBuffer()
}

/** The run's report as Markdown. */
export async function report(run: string): Promise<string> {
  return (await get(`api/runs/${encodeURIComponent(run)}/report`)).text()
}

/** A picture of a run's report, as an address that an image can have. */
export async function picture(path: string): Promise<string> {
  return inTab ? URL.createObjectURL(await (await get(path)).blob()) : path
}
