import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import type { RecordEvent } from '#core/record'
import type { MetricsRow } from '#core/run'
import type { Answer, ClientMessage, EpisodeSummary, MetricsPage, Results, RunSummary } from '#core/wire'
import { Cell } from '../ui/cell.ts'
import * as api from './api.ts'

export type LinkStatus = 'connecting' | 'connected' | 'disconnected'

/** What a watcher of an episode gets: events in order, none missing, none twice. */
export interface EpisodeWatcher {
  /** What came so far is void: the episode begins again (a resumed learner plays it anew). */
  restart(): void
  events(events: readonly RecordEvent[], live: boolean): void
  failed(message: string): void
}

/** What a watcher of a run gets: rows in order, and the run's description when it changes. */
export interface RunWatcher {
  rows(rows: readonly MetricsRow[]): void
  info(info: RunSummary): void
}

/** One watched thing; `next` is the number of the event or row it waits for. */
interface Watched<W> {
  readonly watcher: W
  next: number
  joining: boolean
  /** A gap showed while an answer was under way: ask again after it. */
  again: boolean
}

/** State of the one connection to the server. */
export const status = new Cell<LinkStatus>('connecting')

/** The run that began, changed or ended last. */
export const runChanged = new Cell<RunSummary | null>(null)

const episodes = new Map<string, Watched<EpisodeWatcher>>()
const runs = new Map<string, Watched<RunWatcher>>()
const walls = new Set<(episodes: readonly EpisodeSummary[]) => void>()
let socket: Socket | null = null

/** Opens the connection, which stays open while the page does, and resumes everything watched after a break. */
export function connect(): void {
  const path = new URL('socket.io', document.baseURI).pathname
  socket = io({
    path,
    parser,
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    // Who gives up on a busy machine has to begin anew.
    timeout: 60_000,
  })
  socket.on('connect', () => {
    status.value = 'connected'
    for (const id of episodes.keys()) void joinEpisode(id)
    for (const id of runs.keys()) void joinRun(id)
    if (walls.size > 0) void joinWall()
  })
  const lost = () => {
    status.value = 'disconnected'
  }
  socket.on('disconnect', lost)
  socket.on('connect_error', lost)
  socket.on('events', (message: { episode: string; seq: number; events: RecordEvent[] }) =>
    takeEvents(message.episode, message.seq, message.events, true),
  )
  socket.on('behind', (message: { episode: string }) => void fetchEpisode(message.episode))
  socket.on('wall', (message: { episodes: EpisodeSummary[] }) => tellWalls(message.episodes))
  socket.on('metrics', (message: { run: string } & Pick<MetricsPage, 'row' | 'rows'>) =>
    takeRows(message.run, message.row, message.rows),
  )
  socket.on('run', (info: RunSummary) => {
    runs.get(info.id)?.watcher.info(info)
    runChanged.value = info
  })
}

/** Watches an episode from its first event on, one watcher per episode; the result stops it. */
export function watchEpisode(id: string, watcher: EpisodeWatcher): () => void {
  const watched = { watcher, next: 0, joining: false, again: false }
  episodes.set(id, watched)
  void joinEpisode(id)
  return () => {
    if (episodes.get(id) !== watched) return
    episodes.delete(id)
    void ask('unwatch', { episode: id })
  }
}

/** Watches the wall: live and lately finished episodes, again and again; the result stops it. */
export function watchWall(tell: (episodes: readonly EpisodeSummary[]) => void): () => void {
  walls.add(tell)
  void joinWall()
  return () => {
    walls.delete(tell)
    if (walls.size === 0) void ask('unwall', {})
  }
}

/** Watches a run's metrics from the first row on, one watcher per run; the result stops it. */
export function watchRun(id: string, watcher: RunWatcher): () => void {
  const watched = { watcher, next: 0, joining: false, again: false }
  runs.set(id, watched)
  void joinRun(id)
  return () => {
    if (runs.get(id) !== watched) return
    runs.delete(id)
    void ask('unrun', { run: id })
  }
}

/** How long (ms) to wait before asking again what was not answered. */
const AGAIN = 1000

/** Null when there is no connection (the next one asks again) or when it is to be asked again after a while. */
async function ask<M extends ClientMessage>(
  message: M,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer<Results[M]> | null> {
  if (!socket?.connected) return null
  try {
    const answer = (await socket.timeout(10_000).emitWithAck(message, body)) as Answer<Results[M]>
    return answer.ok || answer.error.code !== 'RATE_LIMITED' ? answer : null
  } catch {
    return null
  }
}

/** Joins again after a while, unless a new connection does that anyway. */
function later(join: () => Promise<void>): void {
  const asked = socket?.id
  setTimeout(() => {
    if (asked !== undefined && socket?.id === asked) void join()
  }, AGAIN)
}

async function joinWall(): Promise<void> {
  const answer = await ask('wall', {})
  if (answer?.ok) tellWalls(answer.result.episodes)
  else if (!answer && walls.size > 0) later(joinWall)
}

function tellWalls(list: readonly EpisodeSummary[]): void {
  for (const tell of walls) tell(list)
}

async function joinEpisode(id: string): Promise<void> {
  const watched = begin(episodes, id)
  if (!watched) return
  const answer = await ask('watch', { episode: id, after: watched.next })
  const again = finish(watched)
  if (episodes.get(id) !== watched) return
  if (!answer) return later(() => joinEpisode(id))
  if (answer.ok) takeAnswer(id, answer.result)
  else if (answer.error.code === 'TOO_LARGE') await fetchEpisode(id)
  else watched.watcher.failed(answer.error.message)
  if (again) await joinEpisode(id)
}

/** Fetches over HTTP what is too much for the socket, then joins the room for the rest. */
async function fetchEpisode(id: string): Promise<void> {
  const watched = begin(episodes, id)
  if (!watched) return
  try {
    const page = await api.episode(id, watched.next)
    finish(watched)
    takeAnswer(id, page)
    if (page.live) await joinEpisode(id)
  } catch (error) {
    finish(watched)
    watched.watcher.failed((error as Error).message)
  }
}

function takeAnswer(id: string, { seq, events, live }: Results['watch']): void {
  const watched = episodes.get(id)
  if (watched && seq < watched.next) {
    watched.next = 0
    watched.watcher.restart()
    void joinEpisode(id)
  } else takeEvents(id, seq - events.length, events, live)
}

function takeEvents(id: string, seq: number, events: readonly RecordEvent[], live: boolean): void {
  const watched = episodes.get(id)
  if (!watched) return
  if (seq > watched.next) {
    void joinEpisode(id)
    return
  }
  if (seq === 0 && watched.next > 0 && events.length > 0) {
    watched.next = 0
    watched.watcher.restart()
  }
  const news = events.slice(watched.next - seq)
  watched.next += news.length
  watched.watcher.events(news, live && news.at(-1)?.type !== 'end')
}

async function joinRun(id: string): Promise<void> {
  const watched = begin(runs, id)
  if (!watched) return
  const answer = await ask('run', { run: id, after: watched.next })
  const again = finish(watched)
  if (runs.get(id) !== watched) return
  if (!answer) return later(() => joinRun(id))
  if (!answer.ok) return
  watched.watcher.info(answer.result.info)
  takeRows(id, answer.result.row, answer.result.rows)
  const page = answer.result.rows.length
  if (again || (page > 0 && watched.next < answer.result.total)) await joinRun(id)
}

function takeRows(id: string, row: number, rows: readonly MetricsRow[]): void {
  const watched = runs.get(id)
  if (!watched) return
  if (row > watched.next) {
    void joinRun(id)
    return
  }
  const news = rows.slice(watched.next - row)
  watched.next += news.length
  if (news.length > 0) watched.watcher.rows(news)
}

function begin<W>(all: ReadonlyMap<string, Watched<W>>, id: string): Watched<W> | null {
  const watched = all.get(id)
  if (!watched) return null
  if (watched.joining) {
    watched.again = true
    return null
  }
  watched.joining = true
  return watched
}

function finish<W>(watched: Watched<W>): boolean {
  const again = watched.again
  watched.joining = false
  watched.again = false
  return again
}
