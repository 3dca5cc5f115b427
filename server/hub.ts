import type { Server, Socket } from 'socket.io'
import { didYouMean } from '#core/base/errors'
import type { RecordEvent } from '#core/record/record'
import {
  type Answer,
  type ClientMessage,
  ClientMessages,
  type EpisodeSummary,
  type Results,
} from '#core/record/wire'
import { Afar } from './afar.ts'
import { type Clock, systemClock } from './clock.ts'
import { bytesOf, type Entry } from './episodes.ts'
import { toWireError, WireFailure } from './errors.ts'
import type { FollowedRun, RunListener } from './folder.ts'
import { ANSWER_BYTES, ANSWER_EVENTS, BACKLOG_LIMIT, Bucket, backlog, PACE, ROOM_LIMIT } from './limits.ts'
import type { Others, Question, Replies } from './others.ts'
import type { Runs } from './runs.ts'

/** Summaries of one wall message, and how often (ms) one is sent. */
const WALL_EPISODES = 64
const WALL_TICK = 1_000
/** Of these, after how many it is looked whether anybody elsewhere still watches. */
const SWEEP_TICKS = 30
/** How long (ms) what was looked up for the wall serves others who ask. */
const WALL_MOMENT = 100

const roomOf = { episode: (id: string) => `episode ${id}`, run: (id: string) => `run ${id}`, wall: 'wall' }

/** Carries what happens in the runs to whoever watches, and answers their messages. */
export class Hub implements RunListener {
  private readonly io: Server
  private readonly log: (line: string) => void
  private readonly runs: Runs
  private readonly clock: Clock
  private readonly stop = new AbortController()
  private readonly others: Others | undefined
  private readonly afar: Afar
  private wallChanged = false
  private wallAfar: readonly EpisodeSummary[] = []
  private lastWall: { at: number; episodes: EpisodeSummary[] } = {
    at: Number.NEGATIVE_INFINITY,
    episodes: [],
  }

  /** @param others servers that watch what is here, and have what is not. */
  constructor(
    io: Server,
    runs: Runs,
    log: (line: string) => void,
    { clock = systemClock, others }: { clock?: Clock; others?: Others } = {},
  ) {
    this.io = io
    this.others = others
    this.afar = new Afar(io)
    this.runs = runs
    this.log = log
    this.clock = clock
    void this.keepSendingWall()
    io.on('connection', (socket) => this.welcome(socket))
  }

  close(): void {
    this.stop.abort()
  }

  run(folder: FollowedRun): void {
    this.wallChanged = true
    this.io.emit('run', folder.summary())
  }

  events(entry: Entry, seq: number, events: RecordEvent[]): void {
    this.wallChanged = true
    const episode = entry.summary.id
    const room = roomOf.episode(episode)
    const watchers = this.io.of('/').adapter.rooms.get(room)
    if (!watchers && !this.afar.has(room)) return
    for (const id of watchers ? [...watchers] : []) {
      const socket = this.io.of('/').sockets.get(id)
      if (!socket || backlog(socket) <= BACKLOG_LIMIT) continue
      socket.leave(room)
      socket.emit('behind', { episode, seq })
    }
    this.to(room).emit('events', { episode, take: entry.take, seq, events })
    if (entry.summary.outcome !== undefined) this.afar.over(room)
  }

  /** Who is in a room, here or everywhere. */
  private to(room: string) {
    return !this.others || this.afar.has(room) ? this.io.to(room) : this.io.local.to(room)
  }

  /**
   * What another server asks for one of its sockets, which is let into the room first: it may get events before the
   * answer, but never misses one.
   */
  async answerOther(question: Question): Promise<Replies[Question['kind']] | null> {
    if (question.kind === 'wall') return [...this.wall()]
    if (question.kind === 'run') {
      const folder = await this.runs.get(question.run)
      if (!folder) return null
      this.afar.letIn(question.socket, roomOf.run(question.run))
      return { info: folder.summary(), ...(await folder.metrics(question.after)) }
    }
    if (question.kind !== 'watch') return null
    const { episode, after, take, socket } = question
    const found = await this.runs.find(episode)
    if (!found) return null
    if (found.entry.summary.outcome === undefined) this.afar.letIn(socket, roomOf.episode(episode))
    return this.past(episode, after, take, () => {})
  }

  /** Sockets of ours that are behind with what other servers send. */
  private holdBack(): void {
    for (const socket of this.io.of('/').sockets.values()) {
      if (backlog(socket) <= BACKLOG_LIMIT) continue
      for (const room of [...socket.rooms]) {
        if (!room.startsWith(roomOf.episode(''))) continue
        socket.leave(room)
        socket.emit('behind', { episode: room.slice(roomOf.episode('').length), seq: 0 })
      }
    }
  }

  metrics(folder: FollowedRun, row: number, rows: object[]): void {
    this.to(roomOf.run(folder.id)).volatile.emit('metrics', { run: folder.id, row, rows })
  }

  private async keepSendingWall(): Promise<void> {
    for (let tick = 1; await this.clock.sleep(WALL_TICK, this.stop.signal); tick++) {
      if (this.others) {
        if (tick % SWEEP_TICKS === 0) void this.afar.letGo()
        this.holdBack()
        if (this.io.of('/').adapter.rooms.has(roomOf.wall)) {
          this.wallAfar = (await this.others.ask({ kind: 'wall' })).flat()
          this.wallChanged ||= this.wallAfar.length > 0
        }
      }
      this.sendWall()
    }
  }

  private sendWall(): void {
    if (!this.wallChanged || !this.io.of('/').adapter.rooms.has(roomOf.wall)) return
    this.wallChanged = false
    const here = this.others ? this.io.local : this.io
    here.to(roomOf.wall).volatile.emit('wall', { episodes: this.wholeWall() })
  }

  /** What is on this wall and on those of other servers. */
  private wholeWall(): EpisodeSummary[] {
    const own = this.wall()
    const known = new Set(own.map(({ id }) => id))
    return [...own, ...this.wallAfar.filter(({ id }) => !known.has(id))].slice(0, WALL_EPISODES)
  }

  /** What is on the wall here, looked up once for all who ask within a moment. */
  private wall(): EpisodeSummary[] {
    const now = this.clock.elapsed()
    if (now - this.lastWall.at >= WALL_MOMENT) {
      this.lastWall = { at: now, episodes: this.runs.wall(WALL_EPISODES) }
    }
    return this.lastWall.episodes
  }

  private welcome(socket: Socket): void {
    const bucket = new Bucket(PACE.rate, PACE.burst, this.clock.elapsed())
    const patience = new Bucket(PACE.rate, PACE.patience, this.clock.elapsed())
    socket.onAny((name: unknown, ...values: unknown[]) => {
      const reply = values.pop()
      if (!bucket.take(this.clock.elapsed())) {
        // A flood is answered for a while, so that an honest but hasty client learns what is wrong.
        if (!patience.take(this.clock.elapsed())) socket.disconnect(true)
        else if (typeof reply === 'function') reply(refusal)
        return
      }
      if (typeof reply !== 'function') return
      this.receive(socket, name, values, (result) => reply({ ok: true, result })).catch((error) => {
        reply({ ok: false, error: toWireError(error, this.log) })
      })
    })
  }

  private async receive(socket: Socket, name: unknown, values: unknown[], reply: Reply): Promise<void> {
    if (typeof name !== 'string' || !Object.hasOwn(ClientMessages, name)) {
      const given = String(name).slice(0, 50)
      const known = didYouMean(given, Object.keys(ClientMessages))
      throw new WireFailure('INVALID_MESSAGE', `no message ${JSON.stringify(given)}${known}`)
    }
    if (values.length > 1) throw new WireFailure('INVALID_MESSAGE', `${name} takes one value`)
    const message = values[0] ?? {}
    switch (name as ClientMessage) {
      case 'watch':
        return this.watch(socket, read('watch', message), reply)
      case 'run':
        return this.watchRun(socket, read('run', message), reply)
      case 'wall':
        read('wall', message)
        admit(socket, roomOf.wall)
        if (this.others) this.wallAfar = (await this.others.ask({ kind: 'wall' })).flat()
        reply({ episodes: this.wholeWall() })
        join(socket, roomOf.wall)
        return
      case 'unwatch':
        socket.leave(roomOf.episode(read('unwatch', message).episode))
        return reply(null)
      case 'unrun':
        socket.leave(roomOf.run(read('unrun', message).run))
        return reply(null)
      case 'unwall':
        read('unwall', message)
        socket.leave(roomOf.wall)
        return reply(null)
    }
  }

  private async watch(
    socket: Socket,
    { episode, after, take }: Message<'watch'>,
    reply: Reply,
  ): Promise<void> {
    const room = roomOf.episode(episode)
    if (this.others && !(await this.runs.find(episode))) {
      admit(socket, room)
      const [answer] = await this.others.ask({ kind: 'watch', episode, after, take, socket: socket.id })
      if (answer && 'tooLarge' in answer) throw tooLarge(answer.tooLarge)
      if (answer) return reply(answer)
    }
    const answer = await this.past(episode, after, take, (result, over) => {
      admit(socket, room)
      reply(result)
      if (!over) join(socket, room)
    })
    if ('tooLarge' in answer) throw tooLarge(answer.tooLarge)
  }

  /**
   * What an answer holds of an episode's past.
   * @param known called with it before anything more can happen: who joins there misses nothing.
   * @throws WireFailure when there is no such episode.
   */
  private async past(
    episode: string,
    after: number,
    take: string | undefined,
    known: (result: Results['watch'], over: boolean) => void,
  ): Promise<Results['watch'] | { tooLarge: number }> {
    for (;;) {
      const found = await this.runs.find(episode)
      if (!found) throw new WireFailure('NOT_FOUND', `no episode ${JSON.stringify(episode)}`)
      const { folder, entry } = found
      const events = await folder.events(entry)
      // More was written while these were read, or the episode began again: read on, so that nothing lies
      // between the answer and the first message of the room.
      const { seq } = entry.summary
      if (events.length < seq || folder.index.entries.get(entry.episode) !== entry) continue
      const result = folder.answer(entry, events, after, take)
      const { length } = result.events
      const bytes = length > 1 ? (bytesOf(entry) * length) / seq : 0
      if (length > ANSWER_EVENTS || bytes > ANSWER_BYTES) return { tooLarge: length }
      known(result, entry.summary.outcome !== undefined)
      return result
    }
  }

  private async watchRun(socket: Socket, { run, after }: Message<'run'>, reply: Reply): Promise<void> {
    const folder = await this.runs.get(run)
    if (!folder && this.others) {
      admit(socket, roomOf.run(run))
      const [answer] = await this.others.ask({ kind: 'run', run, after, socket: socket.id })
      if (answer) return reply(answer)
    }
    if (!folder) throw new WireFailure('NOT_FOUND', `no run ${JSON.stringify(run)}`)
    const page = await folder.metrics(after)
    admit(socket, roomOf.run(run))
    reply({ info: folder.summary(), ...page })
    join(socket, roomOf.run(run))
  }
}

/** @throws WireFailure when the socket has enough to do already. */
function admit(socket: Socket, room: string): void {
  if (backlog(socket) > BACKLOG_LIMIT) {
    throw new WireFailure('RATE_LIMITED', 'this socket is behind: read what was sent before asking for more')
  }
  if (!socket.rooms.has(room) && socket.rooms.size > ROOM_LIMIT) {
    throw new WireFailure('RATE_LIMITED', `a socket can watch ${ROOM_LIMIT} things at once`)
  }
}

function tooLarge(events: number): WireFailure {
  return new WireFailure('TOO_LARGE', `${events} events: fetch them over HTTP, then watch`)
}

/** A socket that closed meanwhile would stay in the room for ever. */
function join(socket: Socket, room: string): void {
  if (socket.connected) socket.join(room)
}

const refusal: Answer<never> = {
  ok: false,
  error: { code: 'RATE_LIMITED', message: `more than ${PACE.rate} messages a second` },
}

type Reply = (result: Results[ClientMessage]) => void
type Message<N extends ClientMessage> = ReturnType<(typeof ClientMessages)[N]['parse']>

function read<N extends ClientMessage>(name: N, value: unknown): Message<N> {
  const result = ClientMessages[name].safeParse(value)
  if (result.success) return result.data as Message<N>
  const [issue] = result.error.issues
  throw new WireFailure(
    'INVALID_MESSAGE',
    `${name}: ${issue.path.map(String).join('.')} ${issue.message}`.slice(0, 300),
  )
}
