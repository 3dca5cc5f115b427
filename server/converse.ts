import { WebSocket } from 'ws'
import { UserError } from '#core/base/errors'
import { WireFailure } from './errors.ts'
import type { StateData } from './exchange.ts'
import type { Front } from './front.ts'
import type { House, Player } from './house.ts'
import { type Peers, Relay } from './peers.ts'

/** Error codes of OpenEnv's WebSocket protocol that this server uses. */
type Code =
  | 'INVALID_JSON'
  | 'UNKNOWN_TYPE'
  | 'VALIDATION_ERROR'
  | 'EXECUTION_ERROR'
  | 'CAPACITY_REACHED'
  | 'SESSION_ERROR'

/** Messages of a connection that may wait for their answers. */
const UNANSWERED = 16
/** Seconds in which a connection must show that it is alive: a model may think long and hold its program up. */
export const HEARTBEAT = 120

export interface Talk {
  readonly house: House
  readonly front: Front
  /** The other processes; without, everything is played here. */
  readonly peers?: Peers
  /** Most connections; those of peers are counted there. */
  readonly most?: number
  readonly heartbeat?: number
  readonly log: (line: string) => void
}

/** One connection, one environment; its messages are answered in order. */
export function converse(connection: WebSocket, client: string, talk: Talk): void {
  const { house, front, peers, most, heartbeat: seconds = HEARTBEAT, log } = talk
  const send = (type: string, json: string) => {
    if (connection.readyState === WebSocket.OPEN) connection.send(`{"type":"${type}","data":${json}}`)
  }
  const fail = (code: Code, message: string) => send('error', JSON.stringify({ message, code }))
  if (most !== undefined && house.connected >= most) {
    fail('CAPACITY_REACHED', `this server plays ${most} environments at once`)
    connection.close(1013)
    return
  }
  if (most !== undefined) house.connected++
  const player: Player = { client }
  /** Where the episode is played, if not here: its id belongs to another process. */
  let relay: Relay | null = null
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
    if (most !== undefined) house.connected--
    answered.then(() => {
      relay?.leave(ended)
      if (ended) house.leave(player)
      else house.breakOff(player)
    })
  })
  /** Has another process answer; false where this one must. */
  const relayed = async (type: string, data: unknown, text: string): Promise<boolean> => {
    if (type === 'reset' && peers) {
      const peer = front.ownerOf(data)
      if (relay && relay.index !== peer) {
        relay.leave(true)
        relay = null
      }
      if (peer !== undefined && !relay) {
        house.leave(player)
        relay = new Relay(peers, peer)
      }
    }
    if (!relay || type === 'close') return false
    const said = await relay.say(text)
    if (said === null) {
      relay = null
      throw new UserError('the episode was lost with the process that played it: reset to play another')
    }
    if (connection.readyState === WebSocket.OPEN) connection.send(said)
    return true
  }
  const answer = async (bytes: Buffer): Promise<void> => {
    if (connection.readyState !== WebSocket.OPEN) return
    const message = messageIn(String(bytes))
    if (!message) return fail('INVALID_JSON', 'a message is {"type", "data"} in JSON')
    const { type, data } = message
    try {
      if (await relayed(type, data, String(bytes))) return
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
