import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

/**
 * Whether a request names this server by an address that only somebody who means it can use: an IP address,
 * localhost, this machine's name or the one the server was told to listen on. A page of another site that made
 * its own name resolve to this machine (DNS rebinding) does not pass.
 */
export function knownHost(request: IncomingMessage, host: string): boolean {
  const name = nameOf(request.headers.host)
  if (name === '') return false
  return isIP(name) !== 0 || name === 'localhost' || name === host || name === hostname().toLowerCase()
}

/** Whether a request comes from no page at all, from a page of this server, or from one it was told to trust. */
export function knownOrigin(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** Whether a request carries the server's token; always false for a server without one. */
export function authorized(request: IncomingMessage, token: string | undefined): boolean {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ')
  if (token === undefined || token === '' || scheme !== 'Bearer') return false
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
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

/** "[::1]:3000" -> "::1", "localhost:3000" -> "localhost". */
function nameOf(host: string | undefined): string {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d+)?$/i.exec(host ?? '')?.[1] ?? ''
  return name.replace(/^\[|\]$/g, '').toLowerCase()
}
