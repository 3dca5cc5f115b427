import type { IncomingMessage, Server } from 'node:http'
import { UserError } from '#core/base/errors'
import { type Access, checkAccess } from './access.ts'
import { WireFailure } from './errors.ts'

const PORTS_TO_TRY = 100

/** Where a server listens, and to whom. */
export interface Address extends Access {
  /** 0 takes any free one. */
  readonly port: number
  /** Takes the next free port when the wanted one is taken. */
  readonly nextFree?: boolean
}

/** A running server. */
export interface Serving {
  readonly url: string
  close(): Promise<void>
}

/**
 * Makes a server listen, and warns of what it lets in; returns its address for people.
 * @throws UserError when the port is taken, the address cannot be listened on, or anybody could use it unasked.
 */
export async function listen(server: Server, address: Address, log: (line: string) => void): Promise<string> {
  const { host = '127.0.0.1', port: wanted, nextFree = false } = address
  const warning = checkAccess(address)
  for (let port = wanted; ; port++) {
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once('error', resolve)
      server.listen(port, host, () => {
        server.off('error', resolve)
        resolve(null)
      })
    })
    const bound = server.address()
    if (error === null && bound !== null && typeof bound === 'object') {
      if (warning) log(`warning: ${warning}`)
      return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`
    }
    const taken = error?.code === 'EADDRINUSE'
    if (taken && nextFree && port < Math.min(wanted + PORTS_TO_TRY, 65_535)) continue
    throw new UserError(
      taken
        ? `port ${port} is taken; choose another with --port`
        : `cannot listen on ${host}:${port}: ${error?.message}`,
    )
  }
}

/** Makes a server of one of several processes listen on this machine, at a port of its own. */
export function listenAlone(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(bound !== null && typeof bound === 'object' ? bound.port : 0)
    })
  })
}

/** A request's body. @throws WireFailure TOO_LARGE beyond `limit` bytes. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > limit) throw new WireFailure('TOO_LARGE', `a body has at most ${limit} bytes`)
    chunks.push(chunk)
  }
  const body = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}
