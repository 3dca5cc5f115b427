import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { UserError } from '#core/base/errors'
import { admit, CHALLENGE, knownOrigin, secure } from './access.ts'
import { STATUS, toWireError, WireFailure } from './errors.ts'
import { type Address, readBytes } from './listen.ts'

/** What a route is asked. */
export interface Asked {
  /** Empty for GET. */
  readonly body: Uint8Array
  readonly query: URLSearchParams
  /** Address of who asks. */
  readonly client: string
}
export type JsonRoute = (asked: Asked) => unknown
/** Answers by itself whatever comes to one path. */
export type OwnRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** An answer that is JSON already. */
export class Raw {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }
}

/**
 * A server that answers JSON to JSON, by "METHOD /path", for the protocols of other trainers. Errors are
 * {"error": {code, message}} with a fitting status.
 * @param own paths that speak otherwise.
 */
export function jsonServer(
  routes: Readonly<Record<string, JsonRoute>>,
  address: Address,
  bodyLimit: number,
  log: (line: string) => void,
  own: Readonly<Record<string, OwnRoute>> = {},
): Server {
  return createServer({ headersTimeout: 10_000, requestTimeout: 120_000 }, async (request, response) => {
    secure(response)
    try {
      admit(request, address)
      if (!knownOrigin(request, [])) throw new WireFailure('FORBIDDEN', 'not from a page of this server')
      const [path] = (request.url ?? '/').split('?')
      if (Object.hasOwn(own, path)) return await own[path](request, response)
      send(response, 200, await answer(routes, request, bodyLimit))
    } catch (error) {
      const told = error instanceof UserError ? new WireFailure('INVALID_MESSAGE', error.message) : error
      const wire = toWireError(told, log)
      send(response, STATUS[wire.code], { error: wire })
    }
  })
}

async function answer(
  routes: Readonly<Record<string, JsonRoute>>,
  request: IncomingMessage,
  bodyLimit: number,
): Promise<unknown> {
  const [path, query = ''] = (request.url ?? '/').split('?')
  const name = `${request.method} ${path}`
  if (!Object.hasOwn(routes, name)) {
    const known = Object.keys(routes).join(', ')
    throw new WireFailure('NOT_FOUND', `no ${name.slice(0, 100)}; there is ${known}`)
  }
  const body = request.method === 'GET' ? new Uint8Array() : await readBytes(request, bodyLimit)
  const client = request.socket.remoteAddress ?? ''
  return await routes[name]({ body, query: new URLSearchParams(query), client })
}

/** The JSON of a body; an empty one is an empty object. @throws WireFailure INVALID_MESSAGE when it is none. */
export function readJson(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    throw new WireFailure('INVALID_MESSAGE', 'the body is not JSON')
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  const more =
    status === STATUS.UNAUTHORIZED ? CHALLENGE : status === STATUS.BUSY ? { 'Retry-After': '1' } : {}
  response.writeHead(status, { ...headers, ...more })
  response.end(value instanceof Raw ? value.json : JSON.stringify(value))
}
