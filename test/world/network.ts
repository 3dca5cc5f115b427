import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'socket.io'
import type { Wires } from '../../client/net/link.ts'
import type { Dice } from './dice.ts'
import type { Process, Scheduler } from './scheduler.ts'

/** How a network misbehaves. All off: messages take a millisecond and arrive. */
export interface NetworkFaults {
  /** Most milliseconds a message takes; connections do not keep each other's order. */
  latency: number
  /** Probability that a message finds its connection broken, that a request is lost, that one is volatile too much. */
  loss: number
  /** Probability that the other end learns of a break late. */
  halfOpen: number
  /** Bytes that each byte counts for where a socket is judged to be behind. */
  weight: number
  /** Nobody reaches anybody. */
  down: boolean
}
export const QUIET: Readonly<NetworkFaults> = { latency: 1, loss: 0, halfOpen: 0, weight: 1, down: false }

/** Whoever has it may write. */
export const TOKEN = 'token'

type Listener = (...values: unknown[]) => void
type Answers = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Connections between pages and the server of the moment, as socket.io and HTTP have them. */
export class Network {
  faults: NetworkFaults = { ...QUIET }
  readonly scheduler: Scheduler
  readonly dice: Dice
  site: { readonly process: Process; readonly sockets: ServerSockets; readonly answers: Answers } | null =
    null
  #named = 0

  constructor(scheduler: Scheduler, dice: Dice) {
    this.scheduler = scheduler
    this.dice = dice
  }

  /** Opens the server's side for a process: what `Hub` knows as socket.io's server. */
  listen(process: Process, sockets: ServerSockets, answers: Answers): void {
    this.site = { process, sockets, answers }
    process.atEnd(() => {
      this.site = null
      sockets.cutAll()
    })
  }

  /** What a page's link is made of. */
  wires(page: Process): Wires {
    return {
      open: () => {
        const socket = new ClientSocket(this, page)
        return socket as unknown as ReturnType<Wires['open']>
      },
      episode: async (id, after, take) => {
        const { status, body } = await this.ask(
          page,
          `/api/episodes/${encodeURIComponent(id)}?after=${after}&take=${take}`,
        )
        const found = JSON.parse(body)
        if (status !== 200) throw Object.assign(new Error(found.error.message), { status })
        return found
      },
      later: (ms, what) => page.after(ms, what),
    }
  }

  /** A request over HTTP: a GET, or a POST of a text. @throws Error when the server cannot be reached. */
  async ask(page: Process, url: string, text?: string): Promise<{ status: number; body: string }> {
    await page.sleep(this.delay())
    const { site } = this
    const lost = this.dice.chance(this.faults.loss)
    if (!site || this.faults.down || lost) {
      await page.sleep(this.delay())
      throw Object.assign(new Error('The server cannot be reached.'), { status: 0 })
    }
    return new Promise((resolve, reject) => {
      const answer = { status: 0, body: '' }
      const response = {
        headersSent: false,
        setHeader: () => response,
        writeHead: (status: number) => {
          answer.status = status
          response.headersSent = true
        },
        end: (body: unknown) => {
          answer.body = String(body)
          page.after(this.delay(), () => resolve(answer))
        },
        destroy: () => page.after(this.delay(), () => reject(new Error('cut off'))),
      }
      site.process.atEnd(() => page.after(this.delay(), () => reject(new Error('cut off'))))
      const request = {
        method: text === undefined ? 'GET' : 'POST',
        url,
        headers: { host: 'localhost', authorization: `Bearer ${TOKEN}` },
        socket: { remoteAddress: page.name },
        async *[Symbol.asyncIterator]() {
          yield Buffer.from(text ?? '')
        },
      }
      void site.answers(request as unknown as IncomingMessage, response as unknown as ServerResponse)
    })
  }

  delay(): number {
    return this.dice.between(0.5, 0.5 + this.faults.latency)
  }

  name(): string {
    return `socket-${++this.#named}`
  }
}

type Ends<T> = Record<'page' | 'server', T>

/** A connection: messages arrive in order until it breaks, and those under way then are lost. */
class Connection {
  /** Which ends know that it is open. */
  readonly open = { page: true, server: true }
  /** Bytes on their way to the page. */
  bytes = 0
  broken = false
  readonly #network: Network
  readonly #last = { page: 0, server: 0 }
  readonly #tell: Ends<(message: string) => void>
  readonly #lost: Ends<() => void>

  constructor(network: Network, tell: Ends<(message: string) => void>, lost: Ends<() => void>) {
    this.#network = network
    this.#tell = tell
    this.#lost = lost
  }

  send(to: keyof Ends<unknown>, message: string): void {
    const { scheduler, dice, faults } = this.#network
    if (to === 'page') this.bytes += message.length
    if (this.broken) return
    if (faults.down || dice.chance(faults.loss)) {
      this.cut()
      return
    }
    this.#last[to] = Math.max(this.#last[to], scheduler.now + this.#network.delay())
    scheduler.after(this.#last[to] - scheduler.now, () => {
      if (to === 'page') this.bytes -= message.length
      if (!this.broken && this.open[to]) this.#tell[to](message)
    })
  }

  /** Breaks it; each end learns of it now or after a while. */
  cut(): void {
    if (this.broken) return
    this.broken = true
    const { scheduler, dice, faults } = this.#network
    for (const end of ['page', 'server'] as const) {
      scheduler.after(dice.chance(faults.halfOpen) ? dice.between(10, 45_000) : 0, () => {
        if (!this.open[end]) return
        this.open[end] = false
        this.#lost[end]()
      })
    }
  }
}

interface Packet {
  readonly name?: string
  readonly body?: unknown
  /** Asks for an answer, or is one. */
  readonly ack?: number
}

/** The server's end of socket.io, as far as the hub uses it. */
export class ServerSockets {
  readonly rooms = new Map<string, Set<string>>()
  readonly sockets = new Map<string, ServerSocket>()
  readonly network: Network
  #welcome: (socket: Socket) => void = () => {}

  constructor(network: Network) {
    this.network = network
  }

  /** As the hub takes it. */
  get io(): Server {
    const namespace = { adapter: { rooms: this.rooms }, sockets: this.sockets }
    const server = {
      on: (_: 'connection', welcome: (socket: Socket) => void) => {
        this.#welcome = welcome
      },
      of: () => namespace,
      emit: (name: string, body: unknown) => this.#send([...this.sockets.keys()], name, body, false),
      to: (room: string) => {
        const emit = (volatile: boolean) => (name: string, body: unknown) =>
          this.#send([...(this.rooms.get(room) ?? [])], name, body, volatile)
        return { emit: emit(false), volatile: { emit: emit(true) } }
      },
    }
    return server as unknown as Server
  }

  welcome(socket: ServerSocket): void {
    this.sockets.set(socket.id, socket)
    this.#welcome(socket as unknown as Socket)
  }

  cutAll(): void {
    for (const { connection } of this.sockets.values()) connection.cut()
  }

  #send(ids: readonly string[], name: string, body: unknown, volatile: boolean): void {
    if (ids.length === 0) return
    const message = JSON.stringify({ name, body } satisfies Packet)
    for (const id of ids) {
      const socket = this.sockets.get(id)
      if (!socket) continue
      if (volatile && this.network.dice.chance(this.network.faults.loss * 5)) continue
      socket.connection.send('page', message)
    }
  }
}

class ServerSocket {
  readonly id: string
  readonly rooms: Set<string>
  readonly connection: Connection
  readonly #server: ServerSockets
  #any: Listener[] = []

  constructor(server: ServerSockets, id: string, connection: Connection) {
    this.#server = server
    this.id = id
    this.connection = connection
    this.rooms = new Set([id])
  }

  get connected(): boolean {
    return this.connection.open.server
  }

  get conn(): unknown {
    const { bytes } = this.connection
    const bufferedAmount = bytes * this.#server.network.faults.weight
    return { writeBuffer: [], transport: { socket: { bufferedAmount } } }
  }

  onAny(listener: Listener): void {
    this.#any.push(listener)
  }

  join(room: string): void {
    this.rooms.add(room)
    const ids = this.#server.rooms.get(room)
    if (ids) ids.add(this.id)
    else this.#server.rooms.set(room, new Set([this.id]))
  }

  leave(room: string): void {
    this.rooms.delete(room)
    const ids = this.#server.rooms.get(room)
    ids?.delete(this.id)
    if (ids?.size === 0) this.#server.rooms.delete(room)
  }

  emit(name: string, body: unknown): void {
    this.connection.send('page', JSON.stringify({ name, body } satisfies Packet))
  }

  disconnect(): void {
    this.connection.cut()
  }

  receive(message: string): void {
    const { name, body, ack } = JSON.parse(message) as Packet
    const reply = (answer: unknown) =>
      this.connection.send('page', JSON.stringify({ body: answer, ack } satisfies Packet))
    for (const listener of this.#any) listener(name, body, reply)
  }

  gone(): void {
    for (const room of [...this.rooms]) this.leave(room)
    this.#server.sockets.delete(this.id)
  }
}

/** The page's end of socket.io, as far as the link uses it; it connects again by itself. */
class ClientSocket {
  id: string | undefined
  connected = false
  readonly #network: Network
  readonly #page: Process
  readonly #listeners = new Map<string, Listener>()
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  #connection: Connection | null = null
  #asked = 0

  constructor(network: Network, page: Process) {
    this.#network = network
    this.#page = page
    page.atEnd(() => this.#connection?.cut())
    void this.#connect(0)
  }

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, listener)
    return this
  }

  timeout(ms: number): { emitWithAck(name: string, body: unknown): Promise<unknown> } {
    return {
      emitWithAck: (name, body) =>
        new Promise((resolve, reject) => {
          const ack = ++this.#asked
          this.#waiting.set(ack, { resolve, reject })
          this.#connection?.send('server', JSON.stringify({ name, body, ack } satisfies Packet))
          this.#page.after(ms, () => this.#fail(ack, 'no answer in time'))
        }),
    }
  }

  async #connect(wait: number): Promise<void> {
    await this.#page.sleep(wait + this.#network.delay())
    const { site, faults, dice } = this.#network
    if (!site || faults.down || dice.chance(faults.loss)) {
      this.#listeners.get('connect_error')?.()
      return this.#connect(dice.between(500, 5_000))
    }
    const connection: Connection = new Connection(
      this.#network,
      { page: (message) => this.#receive(message), server: (message) => socket.receive(message) },
      { page: () => this.#lost(), server: () => socket.gone() },
    )
    const socket = new ServerSocket(site.sockets, this.#network.name(), connection)
    site.sockets.welcome(socket)
    await this.#page.sleep(this.#network.delay())
    if (connection.broken) return this.#connect(dice.between(500, 5_000))
    this.#connection = connection
    this.connected = true
    this.id = socket.id
    this.#listeners.get('connect')?.()
  }

  #receive(message: string): void {
    if (!this.#page.alive) return
    const { name, body, ack } = JSON.parse(message) as Packet
    if (name !== undefined) this.#listeners.get(name)?.(body)
    else this.#waiting.get(ack ?? 0)?.resolve(body)
    this.#waiting.delete(ack ?? 0)
  }

  #lost(): void {
    this.connected = false
    this.id = undefined
    this.#connection = null
    for (const ack of [...this.#waiting.keys()]) this.#fail(ack, 'disconnected')
    if (!this.#page.alive) return
    this.#listeners.get('disconnect')?.()
    void this.#connect(this.#network.dice.between(500, 5_000))
  }

  #fail(ack: number, why: string): void {
    this.#waiting.get(ack)?.reject(new Error(why))
    this.#waiting.delete(ack)
  }
}
