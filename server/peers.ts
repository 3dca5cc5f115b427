import { request as ask } from 'node:http'
import { WebSocket } from 'ws'
import type { WireError } from '#core/record/wire'
import { WireFailure } from './errors.ts'
import type { Played } from './host.ts'
import type { Share } from './share.ts'

/** The other processes that serve at the same port; each also listens to the others on this machine alone. */
export interface Peers extends Share {
  /** What they know each other by. */
  readonly secret: string
  /** Where each listens to the others. */
  port(index: number): number | undefined
}

/** What a process that listens to its peers asks of them: the secret, whatever address they come from. */
export const accessOfPeers = ({ secret }: Peers) => ({ host: 'peer', port: 0, token: secret })

const headersOf = ({ secret }: Peers) => ({ Authorization: `Bearer ${secret}` })

/**
 * Asks another process over HTTP.
 * @throws WireFailure as it answers, or INTERNAL while it is not there.
 */
export function askPeer(peers: Peers, index: number, path: string, body?: unknown): Promise<Played> {
  const port = peers.port(index)
  if (port === undefined) return Promise.reject(gone())
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = ask(
      {
        host: '127.0.0.1',
        port,
        path,
        method: text === undefined ? 'GET' : 'POST',
        headers: headersOf(peers),
      },
      (answer) => {
        let json = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          json += part
        })
        answer.on('end', () => {
          if (answer.statusCode === 200) return resolve({ json, done: false })
          const { code, message } = (JSON.parse(json) as { error: WireError }).error
          reject(new WireFailure(code, message))
        })
        answer.on('error', () => reject(gone()))
      },
    )
    sent.on('error', () => reject(gone()))
    sent.end(text)
  })
}

const gone = () =>
  new WireFailure('INTERNAL', 'the process that played this episode is gone: reset to play another')

/** A connection to another process, which plays what a client of ours asks. */
export class Relay {
  readonly index: number
  private readonly socket: WebSocket
  private readonly open: Promise<void>
  private answered: ((text: string | null) => void) | null = null

  constructor(peers: Peers, index: number) {
    this.index = index
    this.socket = new WebSocket(`ws://127.0.0.1:${peers.port(index) ?? 0}/ws`, { headers: headersOf(peers) })
    this.open = new Promise((resolve) => {
      this.socket.once('open', resolve)
      this.socket.once('error', () => resolve())
    })
    this.socket.on('error', () => {}) // its close follows
    this.socket.on('message', (bytes) => this.settle(String(bytes)))
    this.socket.on('close', () => this.settle(null))
  }

  /** What it answers; null when it is gone. */
  async say(text: string): Promise<string | null> {
    await this.open
    if (this.socket.readyState !== WebSocket.OPEN) return null
    return new Promise((resolve) => {
      this.answered = resolve
      this.socket.send(text)
    })
  }

  /** @param over the episode is left; else it waits there for its client. */
  leave(over: boolean): void {
    if (over && this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type: 'close' }))
      this.socket.close()
    } else this.socket.terminate()
  }

  private settle(text: string | null): void {
    const { answered } = this
    this.answered = null
    answered?.(text)
  }
}
