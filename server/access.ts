import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP, isIPv4 } from 'node:net'
import { hostname } from 'node:os'
import { UserError } from '#core/base/errors'
import { WireFailure } from './errors.ts'

/**
 * Who may ask a server: one rule for all of them. On this machine nobody needs a token. Beyond it every request
 * carries the token, unless the server was told to be open.
 */
export interface Access {
  /** Address it listens on; loopback unless given. */
  readonly host?: string
  /** Further names it answers under (of a container, cluster or tunnel); `*.name` stands for all below a name. */
  readonly hosts?: readonly string[]
  /** Whoever has it may ask from anywhere, and write. */
  readonly token?: string
  /** Asks nobody for the token. */
  readonly open?: boolean
}

const LOOPBACK = '127.0.0.1'
const NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/

/**
 * Refuses what would let in everybody by mistake.
 * @returns what to warn of; undefined on this machine only.
 * @throws UserError for an address beyond this machine without a token, and for names that are none.
 */
export function checkAccess({ host = LOOPBACK, hosts = [], token, open }: Access): string | undefined {
  for (const name of hosts) {
    if (isIP(name) === 0 && !NAME.test(name.toLowerCase())) {
      throw new UserError(`--allow-host takes a name, like kickpush.example or *.example (got '${name}')`)
    }
  }
  if (isLoopback(host)) {
    if (hosts.length === 0 || token !== undefined) return undefined
    return `whoever reaches this server as ${hosts.join(', ')} needs no token`
  }
  if (open) return `listening on ${host}, beyond this machine, and open: whoever reaches it needs no token`
  if (token !== undefined) {
    return `listening on ${host}, beyond this machine: every request needs the token, which travels unencrypted`
  }
  throw new UserError(
    `--host ${host} is beyond this machine: give --token-file or KICKPUSH_TOKEN, or let everybody in with --open`,
  )
}

/**
 * Lets a request in. It must name this server by an address that only somebody who means it can use: an IP address,
 * localhost, this machine's name, the one it listens on or one it was told of. A page of another site that made its
 * own name resolve to this machine (DNS rebinding) does not pass.
 * @throws WireFailure FORBIDDEN for another name, UNAUTHORIZED without the token where it is needed.
 */
export function admit(request: IncomingMessage, access: Access): void {
  const { host = LOOPBACK, hosts = [], token, open } = access
  const name = nameOf(request.headers.host)
  const told = hosts.some((pattern) => matches(name, pattern.toLowerCase()))
  const own = isIP(name) !== 0 || ['localhost', host.toLowerCase(), hostname().toLowerCase()].includes(name)
  if (name === '' || !(own || told)) {
    throw new WireFailure('FORBIDDEN', 'this server has another name: start it with --allow-host to add one')
  }
  if (token === undefined || open || (isLoopback(host) && !told)) return
  if (!authorized(request, token)) throw new WireFailure('UNAUTHORIZED', 'this server asks for its token')
}

/** Why a socket is not let in; null when it is. */
export function refusal(
  request: IncomingMessage,
  access: Access,
  origins: readonly string[],
): WireFailure | null {
  try {
    admit(request, access)
  } catch (error) {
    if (error instanceof WireFailure) return error
    throw error
  }
  return knownOrigin(request, origins) ? null : new WireFailure('FORBIDDEN', 'not from a page of this server')
}

/** Whether a request comes from no page at all, from a page of this server, or from one it was told to trust. */
export function knownOrigin(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/**
 * Whether a request carries the server's token, as a bearer or as the password that browsers and addresses
 * (`http://kickpush:<token>@host`) have; always false for a server without one.
 */
export function authorized(request: IncomingMessage, token: string | undefined): boolean {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ')
  if (token === undefined || token === '') return false
  if (scheme.toLowerCase() === 'bearer') return same(given, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const [user, ...password] = Buffer.from(given, 'base64').toString('utf8').split(':')
  return same(password.join(':') || user, token)
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Of the Lab, and of scripts as its workers: games that somebody brings by hand have addresses that only a script of ours can
 * make. The viewer's own page takes this server's scripts only.
 */
export const LAB_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' blob:")

/** How a browser learns to ask its user for the token. */
export const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="kickpush", charset="UTF-8"' }

/** Headers of every answer. */
export function secure(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', POLICY)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
}

/** Takes as long whatever is given. */
function same(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(a, b)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function matches(name: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern
}

/** "[::1]:3000" -> "::1", "localhost:3000" -> "localhost". */
function nameOf(host: string | undefined): string {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d+)?$/i.exec(host ?? '')?.[1] ?? ''
  return name.replace(/^\[|\]$/g, '').toLowerCase()
}
