import { appendFileSync } from 'node:fs'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { parse } from '#core/config'
import { UserError } from '#core/errors'
import { writeLine } from '#core/jsonl'
import type { RecordEvent } from '#core/record'
import { knownHost, knownOrigin } from './access.ts'
import { writeRunInfo } from './info.ts'
import { type JsonRoute, jsonServer } from './json.ts'
import { type Address, listen, type Serving } from './listen.ts'
import { ActionData, type Game, Observation, ResetData, Session, StateData, type Step } from './session.ts'

export interface EnvServerOptions extends Address {
  readonly game: Omit<Game, 'onEvent'>
  /** Episodes without a seed get `<seed>/<how many were begun before>`. */
  readonly seed: string
  /** Most environments at once. */
  readonly sessions: number
  /** A run folder for the record of every episode, so that they can be watched. */
  readonly record?: string
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

/** Error codes of OpenEnv's WebSocket protocol that this server uses. */
type Code = 'INVALID_JSON' | 'UNKNOWN_TYPE' | 'VALIDATION_ERROR' | 'EXECUTION_ERROR' | 'CAPACITY_REACHED'

const MESSAGE_BYTES = 1 << 20
const EPISODES_PER_SEGMENT = 100
/** How often (ms) a connection must show that it is alive. */
const HEARTBEAT = 30_000

const Message = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()).nullish() })
const StepRequest = z.looseObject({
  action: z.record(z.string(), z.unknown()),
  episode_id: z.string().nullish().describe('the episode of a reset; the last one unless given'),
})

/**
 * An environment server as OpenEnv's clients expect (huggingface/OpenEnv): stateful sessions over WebSocket /ws, one
 * environment per connection, and /reset, /step, /state, /metadata, /schema, /health over HTTP. There, OpenEnv makes
 * a new environment for every request; here an episode goes on under its `episode_id`.
 * @throws UserError when the port is taken or the config cannot be played.
 */
export async function serveEnv(options: EnvServerOptions): Promise<Serving> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  new Session(options.game).reset({}, '', options.seed) // what cannot be played is said now, not to a client
  if (options.record) await writeRunInfo(options.record, path.basename(options.record), 'running')
  const desk = new Desk(options)
  const server = jsonServer(httpRoutes(desk), options, log)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES, perMessageDeflate: false })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const known = knownHost(request, options.host ?? '127.0.0.1') && knownOrigin(request, [])
    if (!known || request.url?.split('?')[0] !== '/ws') return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, (connection) => converse(connection, desk, log))
  })
  const url = await listen(server, options)
  return {
    url,
    async close() {
      for (const connection of sockets.clients) connection.terminate()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      if (options.record) await writeRunInfo(options.record, path.basename(options.record), 'done')
    },
  }
}

/** Hands out sessions and the names of their episodes. */
class Desk {
  readonly options: EnvServerOptions
  /** Connections that have an environment. */
  connected = 0
  /** Episodes played over HTTP, the one used last at the end. */
  readonly byHttp = new Map<string, Session>()
  private begun = 0
  private readonly segments = new Map<string, number>()

  constructor(options: EnvServerOptions) {
    this.options = options
  }

  open(): Session {
    return new Session({ ...this.options.game, onEvent: (event) => this.write(event) })
  }

  reset(session: Session, data: unknown): Step {
    const given = parse(ResetData, data, 'reset')
    const number = this.begun++
    return session.reset(
      given,
      given.episode_id ?? `${number}`,
      `${given.seed ?? `${this.options.seed}/${number}`}`,
    )
  }

  /** A session over HTTP; the one that was left longest makes room. */
  keep(episode: string, session: Session): void {
    this.byHttp.delete(episode)
    this.byHttp.set(episode, session)
    for (const oldest of this.byHttp.keys()) {
      if (this.byHttp.size <= this.options.sessions) break
      this.byHttp.delete(oldest)
    }
  }

  /** Keeps an episode's lines together in the segment it began in. */
  private write(event: RecordEvent): void {
    const { record } = this.options
    if (record === undefined) return
    if (event.type === 'start') {
      this.segments.set(event.episode, Math.floor((this.begun - 1) / EPISODES_PER_SEGMENT))
    }
    const segment = this.segments.get(event.episode) ?? 0
    if (event.type === 'end') this.segments.delete(event.episode)
    appendFileSync(path.join(record, 'episodes', `${segment}.jsonl`), writeLine(event))
  }
}

function httpRoutes(desk: Desk): Record<string, JsonRoute> {
  const { env, conversation } = desk.options.game
  const find = (episode: string | null | undefined): [string, Session] => {
    const name = episode ?? [...desk.byHttp.keys()].at(-1)
    const session = name === undefined ? undefined : desk.byHttp.get(name)
    if (name === undefined) throw new UserError('no episode: POST /reset first')
    if (!session)
      throw new UserError(
        `no episode ${JSON.stringify(name.slice(0, 100))}: it was never begun, or made room`,
      )
    return [name, session]
  }
  return {
    'GET /health': () => ({ status: 'healthy' }),
    'GET /metadata': () => ({
      name: env.id,
      description: env.title,
      version: `${env.version}.${env.look}`,
      conversation,
    }),
    'GET /schema': () => ({
      action: z.toJSONSchema(ActionData),
      observation: z.toJSONSchema(Observation),
      state: z.toJSONSchema(StateData),
    }),
    'POST /reset': (body) => {
      const session = desk.open()
      const step = desk.reset(session, body)
      desk.keep(String(step.observation.episode_id), session)
      return step
    },
    'POST /step': (body) => {
      const { action, episode_id } = parse(StepRequest, body, 'request')
      const [name, session] = find(episode_id)
      desk.keep(name, session)
      return session.step(action)
    },
    'GET /state': (_, query) => find(query.get('episode_id'))[1].state(),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One connection, one environment. */
function converse(connection: WebSocket, desk: Desk, log: (line: string) => void): void {
  const say = (type: string, data: object) => connection.send(JSON.stringify({ type, data }))
  const fail = (code: Code, message: string) => say('error', { message, code })
  if (desk.connected >= desk.options.sessions) {
    fail('CAPACITY_REACHED', `this server plays ${desk.options.sessions} environments at once`)
    connection.close(1013)
    return
  }
  desk.connected++
  const session = desk.open()
  let alive = true
  const heartbeat = setInterval(() => {
    if (!alive) return connection.terminate()
    alive = false
    connection.ping()
  }, HEARTBEAT)
  connection.on('pong', () => {
    alive = true
  })
  connection.on('error', () => {}) // its close follows
  connection.on('close', () => {
    clearInterval(heartbeat)
    desk.connected--
  })
  connection.on('message', (bytes) => {
    alive = true
    const message = Message.safeParse(parseJson(String(bytes)))
    if (!message.success) return fail('INVALID_JSON', 'a message is {"type", "data"} in JSON')
    const { type, data } = message.data
    try {
      if (type === 'reset') say('observation', desk.reset(session, data ?? {}))
      else if (type === 'step') say('observation', session.step(data ?? {}))
      else if (type === 'state') say('state', session.state())
      else if (type === 'close') connection.close(1000)
      else
        fail(
          'UNKNOWN_TYPE',
          `no message ${JSON.stringify(type.slice(0, 50))}; there is reset, step, state, close`,
        )
    } catch (error) {
      if (error instanceof UserError) return fail('VALIDATION_ERROR', error.message)
      log(`env-server: ${error instanceof Error ? error.stack : String(error)}`)
      fail('EXECUTION_ERROR', error instanceof Error ? error.message : 'the environment failed')
    }
  })
}
