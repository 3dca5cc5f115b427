import type { Namespace, Server, Socket } from 'socket.io'
import { COMMENTARY, Listen, type Remark } from '#core/record/commentary'
import type { RecordEvent } from '#core/record/record'
import type { ThreadEntry } from '#threads/thread'
import { type Clock, systemClock } from './clock.ts'
import type { Entry } from './episodes.ts'
import { toWireError, WireFailure } from './errors.ts'
import { Bucket, PACE } from './limits.ts'
import { Pool } from './pool.ts'
import type { Runs } from './runs.ts'

/** The thread that comments: its jobs are `Heard`, answered with what is said, null, or `again`. */
export interface CommentatorEntry extends ThreadEntry {
  /** The model, as everybody may see it. */
  readonly by: string
}

/** What a commentator is told of an episode: the events that it does not know yet, the first of them number `seq`. */
export interface Heard {
  readonly episode: string
  readonly take: string
  readonly seq: number
  readonly events: readonly RecordEvent[]
  /** What happened before this event is past, and not spoken of. */
  readonly from: number
}

/** Something said; null where nothing happened; `again` by one that has forgotten what came before `seq`. */
export type Said = Pick<Remark, 't' | 'text'> | null | 'again'

/** How often (ms) it is looked for something to speak of; how long it is quiet after a remark, and after a failure. */
const TICK = 500
const QUIET = 8_000
const BROKEN = 60_000
/** Episodes that are spoken of at once, and events of one: a longer one is spoken of no more. */
const EPISODES = 8
const LONGEST = 20_000

/** How much of an episode its commentator knows. */
interface Known {
  readonly take: string
  readonly from: number
  sent: number
}

/**
 * Lets a thread speak of the episodes that somebody listens to while they are played: one question at a time, and none
 * soon after another. Nothing else waits for it, whatever becomes of it.
 */
export class Commentary {
  private readonly space: Namespace
  private readonly runs: Runs
  private readonly by: string
  private readonly pool: Pool
  private readonly log: (line: string) => void
  private readonly clock: Clock
  private readonly stop = new AbortController()
  private known = new Map<string, Known>()
  private broken = false

  constructor(
    io: Server,
    runs: Runs,
    commentator: CommentatorEntry,
    log: (line: string) => void,
    clock = systemClock,
  ) {
    this.space = io.of(COMMENTARY)
    this.runs = runs
    this.by = commentator.by
    this.pool = new Pool(commentator, { threads: 1, perClient: 1, most: 1 }, log)
    this.log = log
    this.clock = clock
    this.space.on('connection', (socket) => this.welcome(socket))
    void this.keepSpeaking()
  }

  async close(): Promise<void> {
    this.stop.abort()
    await this.pool.close()
  }

  private welcome(socket: Socket): void {
    const bucket = new Bucket(PACE.rate, PACE.burst, this.clock.elapsed())
    socket.onAny((name: unknown, value: unknown, reply: unknown) => {
      if (!bucket.take(this.clock.elapsed())) return void socket.disconnect(true)
      if (typeof reply !== 'function') return
      this.listen(socket, name, value).then(
        (result) => reply({ ok: true, result }),
        (error) => reply({ ok: false, error: toWireError(error, this.log) }),
      )
    })
  }

  private async listen(socket: Socket, name: unknown, value: unknown): Promise<{ by: string }> {
    const { success, data } = Listen.safeParse(value)
    if (name !== 'listen' || !success) {
      throw new WireFailure('INVALID_MESSAGE', 'commentary takes: listen {"episode": "<run>/<episode>"}')
    }
    for (const room of socket.rooms) if (room !== socket.id) socket.leave(room)
    if (socket.connected) socket.join(roomOf(data.episode))
    // What happens from now on is spoken of.
    const found = await this.runs.find(data.episode)
    if (found) this.follow(data.episode, found.entry)
    return { by: this.by }
  }

  private async keepSpeaking(): Promise<void> {
    const { signal } = this.stop
    while (await this.clock.sleep(TICK, signal)) {
      const wanted = [...this.space.adapter.rooms.keys()].filter((room) => room.startsWith(roomOf('')))
      const episodes = wanted.slice(0, EPISODES).map((room) => room.slice(roomOf('').length))
      this.known = new Map([...this.known].filter(([id]) => episodes.includes(id)))
      for (const id of episodes) await this.clock.sleep(await this.speakOf(id), signal)
    }
  }

  /** Says what there is to say of an episode. @returns milliseconds to be quiet now. */
  private async speakOf(id: string): Promise<number> {
    try {
      const heard = await this.news(id)
      if (!heard) return 0
      const said = (await this.pool.ask('', heard)) as Said
      this.broken = false
      if (said === 'again') this.known.get(id)!.sent = 0
      if (said === null || said === 'again') return 0
      const remark: Remark = { episode: id, take: heard.take, by: this.by, ...said }
      this.space.local.to(roomOf(id)).emit('remark', remark)
      return QUIET
    } catch (error) {
      if (this.stop.signal.aborted) return 0
      if (!this.broken) this.log(`commentary: ${(error as Error).message}`)
      this.broken = true
      return BROKEN
    }
  }

  /** What the commentator does not know yet of an episode that is being played, or that it has followed to its end. */
  private async news(id: string): Promise<Heard | null> {
    const found = await this.runs.find(id)
    if (!found) return null
    const { folder, entry } = found
    const known = this.follow(id, entry)
    if (!known || known.sent >= entry.summary.seq || entry.summary.seq > LONGEST) return null
    const events = await folder.events(entry)
    const seq = known.sent
    known.sent = events.length
    return { episode: id, take: known.take, seq, events: events.slice(seq), from: known.from }
  }

  /** How much of an episode is known; null of one that was over before anybody listened. */
  private follow(id: string, { take, summary }: Entry): Known | null {
    const before = this.known.get(id)
    if (before?.take === take) return before
    if (summary.outcome !== undefined) return null
    const known = { take, from: summary.seq, sent: 0 }
    this.known.set(id, known)
    return known
  }
}

const roomOf = (episode: string): string => `episode ${episode}`
