import type { Socket } from 'socket.io-client'
import type { RecordEvent } from '#core/record/record'
import type { MetricsRow } from '#core/record/run'
import type {
  Answer,
  ClientMessage,
  EpisodeSummary,
  MetricsPage,
  Results,
  RunSummary,
} from '#core/record/wire'
import { Signal } from '../ui/signal.ts'

export type LinkStatus = 'connecting' | 'connected' | 'disconnected'

/** What a watcher of an episode gets: events in order, none missing, none twice. */
export interface EpisodeWatcher {
  /** What came so far is void: the episode begins again (a resumed learner plays it anew). */
  restart(): void
  events(events: readonly RecordEvent[], live: boolean): void
  /** It cannot be had now, and why; it is asked for again and goes on when it can. */
  failed(message: string): void
}

/** What a watcher of a run gets: rows in order, and the run's description when it changes. */
export interface RunWatcher {
  rows(rows: readonly MetricsRow[]): void
  info(info: RunSummary): void
}

/** One watched thing; `next` is the number of the event (of that take) or row it waits for. */
interface Watched<W> {
  readonly watcher: W
  take: string
  next: number
  joining: boolean
  /** A gap showed while an answer was under way: ask again after it. */
  again: boolean
}

/** Events of an episode, the first of them number `seq` of the take. */
type Batch = Pick<Results['watch'], 'take' | 'seq' | 'events'>

/** What a link is made of: a connection, a way around it, and time. */
export interface Wires {
  /** Opens the connection, which comes back by itself whenever it breaks. */
  open(): Pick<Socket, 'connected' | 'id' | 'on' | 'timeout'>
  /** The events of an episode from number `after` of a take on, over HTTP. @throws Error when they cannot be had. */
  episode(id: string, after: number, take: string): Promise<Results['watch']>
  /** Does something after some milliseconds. */
  later(ms: number, what: () => void): void
}

/** How long (ms) to wait before asking again what was not answered, and what was refused. */
const AGAIN = 1_000
const REFUSED_AGAIN = 5_000

/** The page's end of its one connection to the server: whatever is watched goes on after a break. */
export class Link {
  readonly status = new Signal<LinkStatus>('connecting')
  /** The run that began, changed or ended last. */
  readonly runChanged = new Signal<RunSummary | null>(null)
  readonly #wires: Wires
  readonly #episodes = new Map<string, Watched<EpisodeWatcher>>()
  readonly #runs = new Map<string, Watched<RunWatcher>>()
  readonly #walls = new Set<(episodes: readonly EpisodeSummary[]) => void>()
  #socket: ReturnType<Wires['open']> | null = null

  constructor(wires: Wires) {
    this.#wires = wires
  }

  /** Opens the connection, which stays open while the page does, and resumes everything watched after a break. */
  connect(): void {
    const socket = this.#wires.open()
    this.#socket = socket
    socket.on('connect', () => {
      this.status.value = 'connected'
      for (const id of this.#episodes.keys()) void this.#joinEpisode(id)
      for (const id of this.#runs.keys()) void this.#joinRun(id)
      void this.#joinWall()
    })
    const lost = () => {
      this.status.value = 'disconnected'
    }
    socket.on('disconnect', lost)
    socket.on('connect_error', lost)
    socket.on('events', (message: Batch & { episode: string }) =>
      this.#takeEvents(message.episode, { ...message, live: true }),
    )
    socket.on('behind', (message: { episode: string }) => void this.#fetchEpisode(message.episode))
    socket.on('wall', (message: { episodes: EpisodeSummary[] }) => this.#tellWalls(message.episodes))
    socket.on('metrics', (message: { run: string } & Pick<MetricsPage, 'row' | 'rows'>) =>
      this.#takeRows(message.run, message.row, message.rows),
    )
    socket.on('run', (info: RunSummary) => {
      const watched = this.#runs.get(info.id)
      watched?.watcher.info(info)
      // Rows are volatile: of the last ones no later row shows that they are missing.
      if (watched && info.rows > watched.next) void this.#joinRun(info.id)
      this.runChanged.value = info
    })
  }

  /** Watches an episode from its first event on, one watcher per episode; the result stops it. */
  watchEpisode(id: string, watcher: EpisodeWatcher): () => void {
    const watched = { watcher, take: '', next: 0, joining: false, again: false }
    this.#episodes.set(id, watched)
    void this.#joinEpisode(id)
    return () => {
      if (this.#episodes.get(id) !== watched) return
      this.#episodes.delete(id)
      void this.#ask('unwatch', { episode: id })
    }
  }

  /** Watches the wall: live and lately finished episodes, again and again; the result stops it. */
  watchWall(tell: (episodes: readonly EpisodeSummary[]) => void): () => void {
    this.#walls.add(tell)
    void this.#joinWall()
    return () => {
      this.#walls.delete(tell)
      if (this.#walls.size === 0) void this.#ask('unwall', {})
    }
  }

  /** Watches a run's metrics from the first row on, one watcher per run; the result stops it. */
  watchRun(id: string, watcher: RunWatcher): () => void {
    const watched = { watcher, take: '', next: 0, joining: false, again: false }
    this.#runs.set(id, watched)
    void this.#joinRun(id)
    return () => {
      if (this.#runs.get(id) !== watched) return
      this.#runs.delete(id)
      void this.#ask('unrun', { run: id })
    }
  }

  /** Null when there is no connection (the next one asks again) or when it is to be asked again after a while. */
  async #ask<M extends ClientMessage>(
    message: M,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Answer<Results[M]> | null> {
    if (!this.#socket?.connected) return null
    try {
      const answer = (await this.#socket.timeout(10_000).emitWithAck(message, body)) as Answer<Results[M]>
      const wait = !answer.ok && (answer.error.code === 'RATE_LIMITED' || answer.error.code === 'BUSY')
      return wait ? null : answer
    } catch {
      return null
    }
  }

  /** Joins again after a while, unless a new connection does that anyway. */
  #later(ms: number, join: () => Promise<void>): void {
    const asked = this.#socket?.id
    this.#wires.later(ms, () => {
      if (asked !== undefined && this.#socket?.id === asked) void join()
    })
  }

  async #joinWall(): Promise<void> {
    if (this.#walls.size === 0) return
    const answer = await this.#ask('wall', {})
    if (answer?.ok) this.#tellWalls(answer.result.episodes)
    else if (!answer) this.#later(AGAIN, () => this.#joinWall())
  }

  #tellWalls(list: readonly EpisodeSummary[]): void {
    for (const tell of this.#walls) tell(list)
  }

  async #joinEpisode(id: string): Promise<void> {
    const watched = begin(this.#episodes, id)
    if (!watched) return
    const answer = await this.#ask('watch', { episode: id, after: watched.next, take: watched.take })
    const again = finish(watched)
    if (this.#episodes.get(id) !== watched) return
    if (!answer) return this.#later(AGAIN, () => this.#joinEpisode(id))
    if (answer.ok) this.#takeAnswer(id, answer.result)
    else if (answer.error.code === 'TOO_LARGE') await this.#fetchEpisode(id)
    else return this.#refused(id, watched, answer.error.message)
    if (again) await this.#joinEpisode(id)
  }

  /** Fetches over HTTP what is too much for the socket, then joins the room for the rest. */
  async #fetchEpisode(id: string): Promise<void> {
    const watched = begin(this.#episodes, id)
    if (!watched) return
    try {
      const page = await this.#wires.episode(id, watched.next, watched.take)
      finish(watched)
      this.#takeAnswer(id, page)
      // One that stopped without its end may go on: its run may be resumed.
      if (page.live || page.events.at(-1)?.type !== 'end') await this.#joinEpisode(id)
    } catch (error) {
      finish(watched)
      if (this.#episodes.get(id) === watched) this.#refused(id, watched, (error as Error).message)
    }
  }

  /** What cannot be had now may be there later: a disk answers again, a learner plays the episode anew. */
  #refused(id: string, { watcher }: Watched<EpisodeWatcher>, why: string): void {
    watcher.failed(why)
    this.#later(REFUSED_AGAIN, () => this.#joinEpisode(id))
  }

  #takeAnswer(id: string, { seq, ...answer }: Results['watch']): void {
    this.#takeEvents(id, { ...answer, seq: seq - answer.events.length })
  }

  #takeEvents(id: string, { take, seq, events, live }: Batch & { live: boolean }): void {
    const watched = this.#episodes.get(id)
    if (!watched) return
    const anew = take !== watched.take
    if (seq > (anew ? 0 : watched.next)) {
      void this.#joinEpisode(id)
      return
    }
    if (anew) {
      if (watched.next > 0) watched.watcher.restart()
      watched.take = take
      watched.next = 0
    }
    const news = events.slice(watched.next - seq)
    watched.next += news.length
    watched.watcher.events(news, live && news.at(-1)?.type !== 'end')
  }

  async #joinRun(id: string): Promise<void> {
    const watched = begin(this.#runs, id)
    if (!watched) return
    const answer = await this.#ask('run', { run: id, after: watched.next })
    const again = finish(watched)
    if (this.#runs.get(id) !== watched) return
    if (!answer) return this.#later(AGAIN, () => this.#joinRun(id))
    if (!answer.ok) return this.#later(REFUSED_AGAIN, () => this.#joinRun(id))
    watched.watcher.info(answer.result.info)
    this.#takeRows(id, answer.result.row, answer.result.rows)
    const page = answer.result.rows.length
    if (again || (page > 0 && watched.next < answer.result.total)) await this.#joinRun(id)
  }

  #takeRows(id: string, row: number, rows: readonly MetricsRow[]): void {
    const watched = this.#runs.get(id)
    if (!watched) return
    if (row > watched.next) {
      void this.#joinRun(id)
      return
    }
    const news = rows.slice(watched.next - row)
    watched.next += news.length
    if (news.length > 0) watched.watcher.rows(news)
  }
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
