import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { UserError } from '#core/errors'
import { admit, CHALLENGE, knownOrigin, secure } from './access.ts'
import { STATUS, toWireError, WireFailure } from './errors.ts'
import { type Address, readBody } from './listen.ts'

/** What a route makes of the parsed body (undefined for GET) and the query. */
export type JsonRoute = (body: unknown, query: URLSearchParams) => unknown

/** Bytes of a request's body: prompts of a whole batch fit. */
const BODY_LIMIT = 64 << 20

/**
 * A server that answers JSON to JSON, by "METHOD /path", for the protocols of other trainers. Errors are
 * {"error": {code, message}} with a fitting status.
 */
export function jsonServer(
  routes: Readonly<Record<string, JsonRoute>>,
  address: Address,
  log: (line: string) => void,
): Server {
  return createServer({ headersTimeout: 10_000, requestTimeout: 120_000 }, async (request, response) => {
    secure(response)
    try {
      admit(request, address)
      if (!knownOrigin(request, [])) throw new WireFailure('FORBIDDEN', 'not from a page of this server')
      send(response, 200, await answer(routes, request))
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
): Promise<unknown> {
  const [path, query = ''] = (request.url ?? '/').split('?')
  const name = `${request.method} ${path}`
  if (!Object.hasOwn(routes, name)) {
    const known = Object.keys(routes).join(', ')
    throw new WireFailure('NOT_FOUND', `no ${name.slice(0, 100)}; there is ${known}`)
  }
  const text = request.method === 'GET' ? undefined : await readBody(request, BODY_LIMIT)
  return await routes[name](text === undefined ? undefined : parseJson(text), new URLSearchParams(query))
}

function parseJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    throw new WireFailure('INVALID_MESSAGE', 'the body is not JSON')
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  response.writeHead(status, status === STATUS.UNAUTHORIZED ? { ...headers, ...CHALLENGE } : headers)
  response.end(JSON.stringify(value))
}
