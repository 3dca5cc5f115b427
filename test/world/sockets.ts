import type { Server, Socket } from 'socket.io'
import type { Network } from './network.ts'
import type { Process } from './scheduler.ts'

type Listener = (...values: unknown[]) => void
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

export class ServerSocket {
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
export class ClientSocket {
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
