import { rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer } from 'node:net'
import type { Duplex, Readable, Writable } from 'node:stream'
import { WebSocketServer } from 'ws'
import { UserError } from '#core/base/errors'
import { refusal } from '../access.ts'
import { STATUS } from '../errors.ts'
import { type Address, listen, type Serving } from '../listen.ts'
import { Room } from './room.ts'
import { Talk, type TalkOptions } from './talk.ts'
import { Cutter, headOf, json, KIND, type Message, MOST, unframed } from './wire.ts'

/** Connections at once; each plays lanes of its own. */
const CONNECTIONS = 64
/** Messages of a client that may wait for their answers; it is not read from while there are more. */
const WAITING = 16
/** Milliseconds in which a client of a server of several opens lanes, so that who is silent takes nobody's place. */
const SILENT = 60_000
/** Bytes that every system takes for the path of a socket; Node cuts off what is longer. */
const PATH_BYTES = 103

/** What brings messages, and can be told to wait. */
interface Source {
  pause(): unknown
  resume(): unknown
}

/**
 * Answers messages in order, one at a time, and takes the next when the answer was passed on: who does not read is not
 * read from.
 */
function queue(
  talk: Talk,
  source: Source,
  send: (message: Message) => Promise<void>,
): (message: Message) => void {
  let last = Promise.resolve()
  let waiting = 0
  return (message) => {
    if (++waiting === WAITING) source.pause()
    last = last
      .then(async () => send(await talk.answer(message)))
      .catch(() => {})
      .then(() => {
        if (waiting-- === WAITING) source.resume()
      })
  }
}

/** Ends a connection that opened no lanes in time. */
function hurry(talk: Talk, end: () => void): NodeJS.Timeout {
  return setTimeout(() => {
    if (!talk.isOpen) end()
  }, SILENT).unref()
}

/** Talks over a pair of streams until the input ends. */
export async function talkOver(input: Readable, output: Writable, options: TalkOptions): Promise<void> {
  const talk = new Talk(options)
  const cutter = new Cutter()
  const send = (message: Message): Promise<void> =>
    new Promise((resolve, reject) => {
      output.cork()
      output.write(headOf(message))
      output.write(message.payload, (error) => (error ? reject(error) : resolve()))
      output.uncork()
    })
  const take = queue(talk, input, send)
  const timer = options.room && hurry(talk, () => input.destroy())
  output.on('error', () => input.destroy())
  try {
    await new Promise<void>((resolve) => {
      input.on('data', (chunk: Uint8Array) => {
        try {
          cutter.push(chunk, take)
        } catch (error) {
          const told = json(KIND.error, { code: 'BAD_REQUEST', message: (error as Error).message })
          input.pause()
          send(told).finally(() => input.destroy())
        }
      })
      input.on('error', () => resolve())
      input.on('close', () => resolve())
      input.on('end', () => resolve())
    })
  } finally {
    clearTimeout(timer)
    await talk.close()
    output.end()
  }
}

/**
 * Serves a socket of the file system.
 * @param single for one client at a time, whose lanes may play in place: as those of a program that started the server.
 * @throws UserError when there is none to be had.
 */
export async function serveSocket(path: string, options: TalkOptions, single = false): Promise<Serving> {
  const bytes = Buffer.byteLength(path)
  if (process.platform !== 'win32' && (bytes < 1 || bytes > PATH_BYTES))
    throw new UserError(`a socket's path has 1 to ${PATH_BYTES} bytes (got ${bytes})`)
  const open = new Set<Duplex>()
  const shared = single ? options : { ...options, room: new Room() }
  const server = createServer((socket) => {
    if (open.size >= (single ? 1 : CONNECTIONS)) return void socket.destroy()
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    void talkOver(socket, socket, shared)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UserError(`cannot listen on '${path}': ${error.message}`)))
    server.listen(path, resolve)
  })
  return {
    url: `unix:${path}`,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(path, { force: true })
    },
  }
}

/** Serves a WebSocket, one message each. @throws UserError when the port is taken. */
export async function serveWebSocket(address: Address, options: TalkOptions): Promise<Serving> {
  const http = createHttp((_, response) => void response.writeHead(426).end('this is a WebSocket\n'))
  const shared = { ...options, room: new Room() }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST, perMessageDeflate: false })
  http.on('upgrade', (request, socket: Duplex, head) => {
    const refused = refusal(request, address, [])
    if (refused)
      return void socket.end(`HTTP/1.1 ${STATUS[refused.code]} ${refused.code}\r\nConnection: close\r\n\r\n`)
    if (sockets.clients.size >= CONNECTIONS)
      return void socket.end('HTTP/1.1 503 BUSY\r\nConnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (connection) => {
      const talk = new Talk(shared)
      const timer = hurry(talk, () => connection.terminate())
      const send = ({ kind, payload }: Message): Promise<void> =>
        new Promise((resolve, reject) => {
          const bytes = new Uint8Array(4 + payload.length)
          new DataView(bytes.buffer).setUint32(0, kind, true)
          bytes.set(payload, 4)
          connection.send(bytes, (error) => (error ? reject(error) : resolve()))
        })
      const take = queue(talk, connection, send)
      connection.on('message', (data: Buffer) => {
        try {
          take(unframed(new Uint8Array(data)))
        } catch (error) {
          void send(json(KIND.error, { code: 'BAD_REQUEST', message: (error as Error).message }))
        }
      })
      connection.on('error', () => {}) // its close follows
      connection.on('close', () => {
        clearTimeout(timer)
        void talk.close()
      })
    })
  })
  const url = await listen(http, address, options.log)
  return {
    url: url.replace('http', 'ws'),
    async close() {
      for (const connection of sockets.clients) connection.terminate()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
}
