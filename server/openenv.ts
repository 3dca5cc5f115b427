import path from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Env } from '#core/env/env'
import type { Conversation } from '#core/play/policy'
import { FileStore } from '#stores/files'
import { makeFolder } from '#stores/folder'
import type { ThreadEntry } from '#threads/thread'
import { checkAccess, refusal } from './access.ts'
import { converse, type Talk } from './converse.ts'
import { STATUS, WireFailure } from './errors.ts'
import { Front } from './front.ts'
import type { Played } from './host.ts'
import { House, type HouseOptions } from './house.ts'
import { writeRunInfo } from './info.ts'
import { type JsonRoute, jsonServer, Raw, readJson } from './json.ts'
import { type Address, listen, listenAlone, type Serving } from './listen.ts'
import { metadataOf, openApi, SCHEMAS } from './openapi.ts'
import { accessOfPeers, type Peers } from './peers.ts'
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
  /** The other processes that serve with it; `sessions` is what this one plays at once. */
  readonly peers?: Peers
  /** What is played, before a reset adds to it. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Seconds in which a connection must show that it is alive, 0 for never; 120 unless given. */
  readonly heartbeat?: number
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

export interface EnvServing extends Serving {
  /** Where it listens to its peers. */
  readonly inner?: number
}

/** Bytes of a message or body: a response with room to spare. */
const MESSAGE_BYTES = 1 << 19
/** Jobs that wait for threads, per environment that may be open. */
const QUEUE = 4
const NO_SUCH_SOCKET = new WireFailure('NOT_FOUND', 'there is /ws')

/**
 * An environment server as OpenEnv's clients expect (huggingface/OpenEnv): stateful sessions over WebSocket /ws, one
 * environment per connection, and /reset, /step, /state, /metadata, /schema, /health over HTTP. There, OpenEnv makes
 * a new environment for every request; here an episode goes on under its `episode_id`.
 * @throws UserError when the port is taken or the config cannot be played.
 */
export async function serveEnv(options: EnvServerOptions): Promise<EnvServing> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  checkAccess(options)
  const { sessions, threads, record, peers, heartbeat, env } = options
  const pool = new Pool(options.work, { threads, perClient: sessions, most: QUEUE * sessions }, log)
  const read = resetReader(env, options.config ?? {})
  const house = new House(pool, { ...options, share: peers }, read)
  /** A server of everything, to whom `access` lets in; with peers what they play is asked of them. */
  const speaking = (access: Address, most?: number, peers?: Peers) => {
    const front = new Front(house, read, peers)
    const mcp = mcpRoute(env, front, MESSAGE_BYTES, log)
    const server = jsonServer(httpRoutes(options, front), access, MESSAGE_BYTES, log, { '/mcp': mcp })
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES,
      perMessageDeflate: false,
    })
    const talk: Talk = { house, front, peers, most, heartbeat, log }
    server.on('upgrade', (request, socket: Duplex, head) => {
      const refused = request.url?.split('?')[0] === '/ws' ? refusal(request, access, []) : NO_SUCH_SOCKET
      if (refused)
        return void socket.end(
          `HTTP/1.1 ${STATUS[refused.code]} ${refused.code}\r\nConnection: close\r\n\r\n`,
        )
      const client = request.socket.remoteAddress ?? ''
      sockets.handleUpgrade(request, socket, head, (connection) => converse(connection, client, talk))
    })
    return { server, sockets }
  }
  const servers = [speaking(options, sessions, peers)]
  try {
    await house.tryOut() // what cannot be played is said now, not to a client
    if (record) {
      await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'running')
      makeFolder(path.join(record, 'episodes'))
    }
    let inner: number | undefined
    if (peers) {
      const own = speaking(accessOfPeers(peers))
      servers.push(own)
      inner = await listenAlone(own.server)
    }
    const url = await listen(servers[0].server, options, log)
    return {
      url,
      inner,
      async close() {
        for (const { server, sockets } of servers) {
          for (const connection of sockets.clients) connection.terminate()
          const closed = new Promise((resolve) => server.close(resolve))
          server.closeAllConnections()
          await closed
        }
        await pool.close()
        if (record) await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'done')
      },
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}

function httpRoutes({ env, conversation }: EnvServerOptions, front: Front): Record<string, JsonRoute> {
  const described = openApi(env)
  return {
    'GET /health': () => ({ status: 'healthy' }),
    'GET /metadata': () => metadataOf(env, conversation),
    'GET /schema': () => SCHEMAS,
    'GET /openapi.json': () => described,
    'POST /reset': async ({ body, client }) => raw(await front.reset(client, readJson(body))),
    'POST /step': async ({ body }) => raw(await front.step(readJson(body))),
    'GET /state': async ({ query }) => raw(await front.state(query.get('episode_id'))),
  }
}

const raw = ({ json }: Played): Raw => new Raw(json)
