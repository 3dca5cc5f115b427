import type { Server, Socket } from 'socket.io'

type Listener = (name: string, body: unknown, reply: (answer: unknown) => void) => void

/** What the page and the house say to each other in the place of socket.io. */
export interface Packet {
  readonly name?: string
  readonly body: unknown
  /** Asks for an answer, or is one. */
  readonly ack?: number
}

/** The server's end of socket.io with one page, as far as the hub uses it. */
export class OnePage {
  readonly #say: (packet: Packet) => void
  readonly #rooms = new Map<string, Set<string>>()
  readonly #mine = new Set<string>(['page'])
  #listener: Listener = () => {}
  #welcome: (socket: Socket) => void = () => {}

  constructor(say: (packet: Packet) => void) {
    this.#say = say
  }

  /** As the hub takes it. */
  get io(): Server {
    const socket = this.#socket()
    const namespace = { adapter: { rooms: this.#rooms }, sockets: new Map([['page', socket]]) }
    const emit = (room: string) => (name: string, body: unknown) => {
      if (this.#rooms.has(room)) this.#say({ name, body })
    }
    const server = {
      on: (_: 'connection', welcome: (socket: Socket) => void) => {
        this.#welcome = welcome
      },
      of: () => namespace,
      emit: (name: string, body: unknown) => this.#say({ name, body }),
      to: (room: string) => ({ emit: emit(room), volatile: { emit: emit(room) } }),
    }
    this.open = () => this.#welcome(socket as unknown as Socket)
    return server as unknown as Server
  }

  /** The page is there. */
  open = (): void => {}

  receive({ name = '', body, ack }: Packet): void {
    this.#listener(name, body, (answer) => this.#say({ body: answer, ack }))
  }

  #socket() {
    return {
      id: 'page',
      connected: true,
      rooms: this.#mine,
      conn: {},
      onAny: (listener: Listener) => {
        this.#listener = listener
      },
      join: (room: string) => {
        this.#mine.add(room)
        this.#rooms.set(room, new Set(['page']))
      },
      leave: (room: string) => {
        this.#mine.delete(room)
        this.#rooms.delete(room)
      },
      emit: (name: string, body: unknown) => this.#say({ name, body }),
      disconnect: () => {},
    }
  }
}
