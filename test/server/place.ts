import { rmSync } from 'node:fs'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import type { Answer, ClientMessage, Results } from '#core/record/wire'
import { type ServeOptions, type Serving, serve } from '#server/server'
import { runsFolder } from './writer.ts'

/** A server over a fresh folder, and what a test needs to talk to it. */
export class Place {
  readonly runs: string
  readonly serving: Serving
  readonly lines: string[]
  private readonly sockets: Socket[] = []

  private constructor(runs: string, serving: Serving, lines: string[]) {
    this.runs = runs
    this.serving = serving
    this.lines = lines
  }

  static async open(options: Partial<ServeOptions> = {}, runs = runsFolder()): Promise<Place> {
    const lines: string[] = []
    const serving = await serve({ port: 0, runs, log: (line) => lines.push(line), ...options })
    return new Place(runs, serving, lines)
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.disconnect()
    await this.serving.close()
    rmSync(this.runs, { recursive: true })
  }

  async get(path: string): Promise<{ status: number; body: unknown; headers: Headers }> {
    const response = await fetch(this.serving.url + path)
    const text = await response.text()
    const json = response.headers.get('content-type') === 'application/json'
    return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers }
  }

  /** A connected socket. */
  async socket(extraHeaders: Record<string, string> = {}): Promise<Socket> {
    const socket = io(this.serving.url, {
      parser,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders,
    })
    this.sockets.push(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    return socket
  }
}

/** Sends a message and waits for its answer. */
export function ask<N extends ClientMessage>(
  socket: Socket,
  name: N,
  value?: object,
): Promise<Answer<Results[N]>> {
  return socket.timeout(120_000).emitWithAck(name, value)
}

/** The result of a message that must succeed. */
export async function result<N extends ClientMessage>(
  socket: Socket,
  name: N,
  value?: object,
): Promise<Results[N]> {
  const answer = await ask(socket, name, value)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.result
}

/** Waits until `ask` gives something truthy; the machine may be busy. */
export async function until<T>(ask: () => T | Promise<T>, ms = 120_000): Promise<NonNullable<T>> {
  for (const limit = Date.now() + ms; ; ) {
    const value = await ask()
    if (value) return value as NonNullable<T>
    if (Date.now() > limit) throw new Error(`still waiting after ${ms} ms: ${ask}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
