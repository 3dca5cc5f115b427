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
import { type Clock, systemClock } from './clock.ts'
import { bytesOf, type Entry } from './episodes.ts'
import { toWireError, WireFailure } from './errors.ts'
import type { FollowedRun, RunListener } from './folder.ts'
import { ANSWER_BYTES, ANSWER_EVENTS, BACKLOG_LIMIT, Bucket, backlog, ROOM_LIMIT } from './limits.ts'
import type { Runs } from './runs.ts'

/** Summaries of one wall message, and how often (ms) one is sent. */
const WALL_EPISODES = 64
const WALL_TICK = 1_000
/** How long (ms) what was looked up for the wall serves others who ask. */
const WALL_MOMENT = 100
/** Messages a second, at once, and refused before the socket is closed. */
const RATE = 50
const BURST = 200
const PATIENCE = 1_000

const roomOf = { episode: (id: string) => `episode ${id}`, run: (id: string) => `run ${id}`, wall: 'wall' }

/** Carries what happens in the runs to whoever watches, and answers their messages. */
export class Hub implements RunListener {
  private readonly io: Server
  private readonly log: (line: string) => void
  private readonly runs: Runs
  private readonly clock: Clock
  private readonly stop = new AbortController()
  private wallChanged = false
  private lastWall: { at: number; episodes: EpisodeSummary[] } = {
    at: Number.NEGATIVE_INFINITY,
    episodes: [],
  }

  constructor(io: Server, runs: Runs, log: (line: string) => void, clock: Clock = systemClock) {
    this.io = io
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
    if (!watchers) return
    for (const id of [...watchers]) {
      const socket = this.io.of('/').sockets.get(id)
      if (!socket || backlog(socket) <= BACKLOG_LIMIT) continue
      socket.leave(room)
      socket.emit('behind', { episode, seq })
    }
    this.io.to(room).emit('events', { episode, take: entry.take, seq, events })
  }

  metrics(folder: FollowedRun, row: number, rows: object[]): void {
    this.io.to(roomOf.run(folder.id)).volatile.emit('metrics', { run: folder.id, row, rows })
  }

  private async keepSendingWall(): Promise<void> {
    while (await this.clock.sleep(WALL_TICK, this.stop.signal)) this.sendWall()
  }

  private sendWall(): void {
    if (!this.wallChanged || !this.io.of('/').adapter.rooms.has(roomOf.wall)) return
    this.wallChanged = false
    this.io.to(roomOf.wall).volatile.emit('wall', { episodes: this.wall() })
  }

  /** What is on the wall, looked up once for all who ask within a moment. */
  private wall(): EpisodeSummary[] {
    const now = this.clock.elapsed()
    if (now - this.lastWall.at >= WALL_MOMENT) {
      this.lastWall = { at: now, episodes: this.runs.wall(WALL_EPISODES) }
    }
    return this.lastWall.episodes
  }

  private welcome(socket: Socket): void {
    const bucket = new Bucket(RATE, BURST, this.clock.elapsed())
    const patience = new Bucket(RATE, PATIENCE, this.clock.elapsed())
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
        reply({ episodes: this.wall() })
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
    for (;;) {
      const found = await this.runs.find(episode)
      if (!found) throw new WireFailure('NOT_FOUND', `no episode ${JSON.stringify(episode)}`)
      const { folder, entry } = found
      const events = await folder.events(entry)
      // More was written while these were read, or the episode began again: read on, so that nothing lies
      // between the answer and the first message of the room.
      const { seq } = entry.summary
      if (events.length < seq || folder.index.entries.get(entry.episode) !== entry) continue
      const answer = folder.answer(entry, events, after, take)
      const { length } = answer.events
      const bytes = length > 1 ? (bytesOf(entry) * length) / seq : 0
      if (length > ANSWER_EVENTS || bytes > ANSWER_BYTES) {
        throw new WireFailure('TOO_LARGE', `${length} events: fetch them over HTTP, then watch`)
      }
      admit(socket, room)
      reply(answer)
      if (entry.summary.outcome === undefined) join(socket, room)
      return
    }
  }

  private async watchRun(socket: Socket, { run, after }: Message<'run'>, reply: Reply): Promise<void> {
    const folder = await this.runs.get(run)
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

/** A socket that closed meanwhile would stay in the room for ever. */
function join(socket: Socket, room: string): void {
  if (socket.connected) socket.join(room)
}

const refusal: Answer<never> = {
  ok: false,
  error: { code: 'RATE_LIMITED', message: `more than ${RATE} messages a second` },
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
