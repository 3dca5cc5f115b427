import { appendFileSync } from 'node:fs'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { parse } from '#core/config'
import { UserError } from '#core/errors'
import { writeLine } from '#core/jsonl'
import type { RecordEvent } from '#core/record'
import { refusal } from './access.ts'
import { Desk, type Owner } from './desk.ts'
import { STATUS, WireFailure } from './errors.ts'
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
type Code =
  | 'INVALID_JSON'
  | 'UNKNOWN_TYPE'
  | 'VALIDATION_ERROR'
  | 'EXECUTION_ERROR'
  | 'CAPACITY_REACHED'
  | 'SESSION_ERROR'

const MESSAGE_BYTES = 1 << 20
const EPISODES_PER_SEGMENT = 100
/** How often (ms) a connection must show that it is alive. */
const HEARTBEAT = 30_000

const NO_SUCH_SOCKET = new WireFailure('NOT_FOUND', 'there is /ws')

const Message = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()).nullish() })
const StepRequest = z.looseObject({
  action: z.record(z.string(), z.unknown()),
  episode_id: z.string().nullish().describe('the episode of a reset; needed when several are open'),
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
  const house = new House(options)
  const server = jsonServer(httpRoutes(house), options, log)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES, perMessageDeflate: false })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const refused = request.url?.split('?')[0] === '/ws' ? refusal(request, options, []) : NO_SUCH_SOCKET
    if (refused)
      return void socket.end(`HTTP/1.1 ${STATUS[refused.code]} ${refused.code}\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (connection) => converse(connection, house, log))
  })
  const url = await listen(server, options, log)
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

/** One environment and the episode it plays. */
interface Player extends Owner {
  readonly session: Session
}

/** Hands out environments, the names of their episodes, and where those are recorded. */
class House {
  readonly options: EnvServerOptions
  /** Connections that have an environment. */
  connected = 0
  private readonly desk = new Desk<Player>()
  /** Who began over HTTP, by episode, the one used last at the end; an episode that is over can still be looked at. */
  private readonly byHttp = new Map<string, Player>()
  private begun = 0
  private readonly segments = new Map<string, number>()

  constructor(options: EnvServerOptions) {
    this.options = options
  }

  open(): Player {
    return { session: new Session({ ...this.options.game, onEvent: (event) => this.write(event) }) }
  }

  /** @throws UserError, WireFailure CONFLICT; the player then still plays what it played. */
  reset(player: Player, data: unknown): Step {
    const given = parse(ResetData, data, 'reset')
    const before = player.episode
    const episode = this.desk.begin(player, given.episode_id)
    const number = this.begun++
    try {
      const step = player.session.reset(given, episode, `${given.seed ?? `${this.options.seed}/${number}`}`)
      if (step.done) this.desk.end(player)
      return step
    } catch (error) {
      if (before === undefined) this.desk.end(player)
      else this.desk.begin(player, before)
      throw error
    }
  }

  step(player: Player, action: unknown): Step {
    const step = player.session.step(action)
    if (step.done) this.desk.end(player)
    return step
  }

  leave(player: Player): void {
    this.desk.end(player)
  }

  /** Begins an episode over HTTP; one that is over makes room, else the one that was left longest. */
  resetOverHttp(data: unknown): Step {
    const player = this.open()
    const step = this.reset(player, data)
    this.touch(step.observation.episode_id, player)
    if (this.byHttp.size > this.options.sessions) {
      const [oldest] = this.byHttp
      const [episode, left] = [...this.byHttp].find(([, { episode }]) => episode === undefined) ?? oldest
      this.desk.end(left)
      this.byHttp.delete(episode)
    }
    return step
  }

  /**
   * Who plays the episode of that name, or without one the only episode that is open.
   * @throws UserError when there is none, WireFailure CONFLICT when several are open.
   */
  overHttp(episode: string | null | undefined): Player {
    const open = [...this.byHttp].filter(([, player]) => player.episode !== undefined)
    if (episode == null && open.length > 1) {
      throw new WireFailure('CONFLICT', `${open.length} episodes are open: say which by its episode_id`)
    }
    const name = episode ?? open[0]?.[0] ?? [...this.byHttp.keys()].at(-1)
    if (name === undefined) throw new UserError('no episode: POST /reset first')
    const player = this.byHttp.get(name)
    if (!player) {
      const told = JSON.stringify(name.slice(0, 100))
      throw new UserError(`no episode ${told}: it was never begun, or made room`)
    }
    this.touch(name, player)
    return player
  }

  private touch(episode: string, player: Player): void {
    this.byHttp.delete(episode)
    this.byHttp.set(episode, player)
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

function httpRoutes(house: House): Record<string, JsonRoute> {
  const { env, conversation } = house.options.game
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
    'POST /reset': (body) => house.resetOverHttp(body),
    'POST /step': (body) => {
      const { action, episode_id } = parse(StepRequest, body, 'request')
      return house.step(house.overHttp(episode_id), action)
    },
    'GET /state': (_, query) => house.overHttp(query.get('episode_id')).session.state(),
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
function converse(connection: WebSocket, house: House, log: (line: string) => void): void {
  const say = (type: string, data: object) => connection.send(JSON.stringify({ type, data }))
  const fail = (code: Code, message: string) => say('error', { message, code })
  if (house.connected >= house.options.sessions) {
    fail('CAPACITY_REACHED', `this server plays ${house.options.sessions} environments at once`)
    connection.close(1013)
    return
  }
  house.connected++
  const player = house.open()
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
    house.connected--
    house.leave(player)
  })
  connection.on('message', (bytes) => {
    alive = true
    const message = Message.safeParse(parseJson(String(bytes)))
    if (!message.success) return fail('INVALID_JSON', 'a message is {"type", "data"} in JSON')
    const { type, data } = message.data
    try {
      if (type === 'reset') say('observation', house.reset(player, data ?? {}))
      else if (type === 'step') say('observation', house.step(player, data ?? {}))
      else if (type === 'state') say('state', player.session.state())
      else if (type === 'close') connection.close(1000)
      else
        fail(
          'UNKNOWN_TYPE',
          `no message ${JSON.stringify(type.slice(0, 50))}; there is reset, step, state, close`,
        )
    } catch (error) {
      if (error instanceof WireFailure) return fail('SESSION_ERROR', error.message)
      if (error instanceof UserError) return fail('VALIDATION_ERROR', error.message)
      log(`env-server: ${error instanceof Error ? error.stack : String(error)}`)
      fail('EXECUTION_ERROR', error instanceof Error ? error.message : 'the environment failed')
    }
  })
}
