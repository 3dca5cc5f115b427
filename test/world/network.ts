import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Wires } from '../../client/net/link.ts'
import type { Dice } from './dice.ts'
import type { Process, Scheduler } from './scheduler.ts'
import { ClientSocket, type ServerSockets } from './sockets.ts'

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
