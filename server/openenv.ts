import path from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import type { Env } from '#core/env/env'
import type { Conversation } from '#core/play/policy'
import { FileStore } from '#stores/files'
import { makeFolder } from '#stores/folder'
import type { ThreadEntry } from '#threads/thread'
import { checkAccess, refusal } from './access.ts'
import { STATUS, WireFailure } from './errors.ts'
import type { StateData } from './exchange.ts'
import type { Played } from './host.ts'
import { House, type HouseOptions, type Player } from './house.ts'
import { writeRunInfo } from './info.ts'
import { type JsonRoute, jsonServer, Raw, readJson } from './json.ts'
import { type Address, listen, type Serving } from './listen.ts'
import { metadataOf, openApi, SCHEMAS } from './openapi.ts'
import { Pool } from './pool.ts'
import { resetReader } from './reset.ts'
import { mcpRoute } from './tools.ts'

export interface EnvServerOptions extends Address, HouseOptions {
  /** What is played, for those who ask what this is. */
  readonly env: Env
  readonly conversation: Conversation
  /** Module of the threads that play it: it calls `hostSessions`. */
  readonly work: ThreadEntry
  /** How many threads. */
  readonly threads: number
  /** What is played, before a reset adds to it. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Seconds in which a connection must show that it is alive, 0 for never; 120 unless given. */
  readonly heartbeat?: number
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

/** Error codes of OpenEnv's WebSocket protocol that this server uses. */
type Code =
  | 'INVALID_JSON'
  | 'UNKNOWN_TYPE'
  | 'VALIDATION_ERROR'
  | 'EXECUTION_ERROR'
  | 'CAPACITY_REACHED'
  | 'SESSION_ERROR'

/** Bytes of a message or body: a response with room to spare. */
const MESSAGE_BYTES = 1 << 19
/** Messages of a connection that may wait for their answers. */
const UNANSWERED = 16
/** Jobs that wait for threads, per environment that may be open. */
const QUEUE = 4
/** Seconds in which a connection must show that it is alive: a model may think long and hold its program up. */
export const HEARTBEAT = 120

const NO_SUCH_SOCKET = new WireFailure('NOT_FOUND', 'there is /ws')

const StepRequest = z.looseObject({
  action: z.record(z.string(), z.unknown()),
  episode_id: z.string().nullish().describe('the episode of a reset; needed when several are open'),
  request_id: z.string().max(255).nullish().describe('comes back in the observation'),
})

/**
 * An environment server as OpenEnv's clients expect (huggingface/OpenEnv): stateful sessions over WebSocket /ws, one
 * environment per connection, and /reset, /step, /state, /metadata, /schema, /health over HTTP. There, OpenEnv makes
 * a new environment for every request; here an episode goes on under its `episode_id`.
 * @throws UserError when the port is taken or the config cannot be played.
 */
export async function serveEnv(options: EnvServerOptions): Promise<Serving> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  checkAccess(options)
  const { sessions, threads, record } = options
  const pool = new Pool(options.work, { threads, perClient: sessions, most: QUEUE * sessions }, log)
  const house = new House(pool, options, resetReader(options.env, options.config ?? {}))
  const mcp = mcpRoute(options.env, house, MESSAGE_BYTES, log)
  const server = jsonServer(httpRoutes(options, house), options, MESSAGE_BYTES, log, { '/mcp': mcp })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES, perMessageDeflate: false })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const refused = request.url?.split('?')[0] === '/ws' ? refusal(request, options, []) : NO_SUCH_SOCKET
    if (refused)
      return void socket.end(`HTTP/1.1 ${STATUS[refused.code]} ${refused.code}\r\nConnection: close\r\n\r\n`)
    const client = request.socket.remoteAddress ?? ''
    sockets.handleUpgrade(request, socket, head, (connection) =>
      converse(connection, client, house, options, log),
    )
  })
  try {
    await house.tryOut() // what cannot be played is said now, not to a client
    if (record) {
      await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'running')
      makeFolder(path.join(record, 'episodes'))
    }
    const url = await listen(server, options, log)
    return {
      url,
      async close() {
        for (const connection of sockets.clients) connection.terminate()
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        await closed
        await pool.close()
        if (record) await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'done')
      },
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}

function httpRoutes({ env, conversation }: EnvServerOptions, house: House): Record<string, JsonRoute> {
  const described = openApi(env)
  return {
    'GET /health': () => ({ status: 'healthy' }),
    'GET /metadata': () => metadataOf(env, conversation),
    'GET /schema': () => SCHEMAS,
    'GET /openapi.json': () => described,
    'POST /reset': async ({ body, client }) => raw(await house.resetOverHttp(client, readJson(body))),
    'POST /step': async ({ body }) => {
      const { action, episode_id, request_id } = parse(StepRequest, readJson(body), 'request')
      return raw(await house.step(house.overHttp(episode_id), action, request_id ?? undefined))
    },
    'GET /state': async ({ query }) => raw(await house.state(house.overHttp(query.get('episode_id')))),
  }
}

const raw = ({ json }: Played): Raw => new Raw(json)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One connection, one environment; its messages are answered in order. */
function converse(
  connection: WebSocket,
  client: string,
  house: House,
  { sessions: most, heartbeat: seconds = HEARTBEAT }: EnvServerOptions,
  log: (line: string) => void,
): void {
  const send = (type: string, json: string) => {
    if (connection.readyState === WebSocket.OPEN) connection.send(`{"type":"${type}","data":${json}}`)
  }
  const fail = (code: Code, message: string) => send('error', JSON.stringify({ message, code }))
  if (house.connected >= most) {
    fail('CAPACITY_REACHED', `this server plays ${most} environments at once`)
    connection.close(1013)
    return
  }
  house.connected++
  const player: Player = { client }
  let alive = true
  let ended = false
  const heartbeat =
    seconds > 0 &&
    setInterval(() => {
      if (!alive) return connection.terminate()
      alive = false
      connection.ping()
    }, seconds * 1000)
  connection.on('pong', () => {
    alive = true
  })
  connection.on('error', () => {}) // its close follows
  connection.on('close', () => {
    if (heartbeat) clearInterval(heartbeat)
    house.connected--
    answered.then(() => (ended ? house.leave(player) : house.breakOff(player)))
  })
  const answer = async (bytes: Buffer): Promise<void> => {
    if (connection.readyState !== WebSocket.OPEN) return
    const message = messageIn(String(bytes))
    if (!message) return fail('INVALID_JSON', 'a message is {"type", "data"} in JSON')
    const { type, data } = message
    try {
      if (type === 'reset') send('observation', (await house.reset(player, data)).json)
      else if (type === 'step') send('observation', (await house.step(player, data)).json)
      else if (type === 'state') send('state', player.place ? (await house.state(player)).json : NO_STATE)
      else if (type === 'close') {
        ended = true
        connection.close(1000)
      } else
        fail(
          'UNKNOWN_TYPE',
          `no message ${JSON.stringify(type.slice(0, 50))}; there is reset, step, state, close`,
        )
    } catch (error) {
      if (error instanceof WireFailure && error.code === 'BUSY')
        return fail('CAPACITY_REACHED', error.message)
      if (error instanceof WireFailure && error.code === 'CONFLICT')
        return fail('SESSION_ERROR', error.message)
      if (error instanceof UserError) return fail('VALIDATION_ERROR', error.message)
      log(`env-server: ${error instanceof Error ? error.stack : String(error)}`)
      fail('EXECUTION_ERROR', error instanceof Error ? error.message : 'the environment failed')
    }
  }
  let answered = Promise.resolve()
  let waiting = 0
  connection.on('message', (bytes: Buffer) => {
    alive = true
    if (waiting >= UNANSWERED) return fail('CAPACITY_REACHED', `${waiting} messages wait for their answers`)
    waiting++
    answered = answered.then(() => answer(bytes)).finally(() => waiting--)
  })
}

const NO_STATE = JSON.stringify({ episode_id: null, step_count: 0 } satisfies StateData)

function messageIn(text: string): { type: string; data: unknown } | null {
  const { type, data } = Object(parseJson(text)) as Record<string, unknown>
  const object = data === undefined || data === null || (typeof data === 'object' && !Array.isArray(data))
  return typeof type === 'string' && object ? { type, data: data ?? {} } : null
}
