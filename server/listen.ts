import type { IncomingMessage, Server } from 'node:http'
import { UserError } from '#core/errors'
import { WireFailure } from './errors.ts'

const PORTS_TO_TRY = 100

/** Where a server listens. */
export interface Address {
  /** 0 takes any free one. */
  readonly port: number
  /** Loopback unless told otherwise. */
  readonly host?: string
  /** Takes the next free port when the wanted one is taken. */
  readonly nextFree?: boolean
}

/** A running server. */
export interface Serving {
  readonly url: string
  close(): Promise<void>
}

/**
 * Makes a server listen; returns its address for people.
 * @throws UserError when the port is taken or the address cannot be listened on.
 */
export async function listen(server: Server, address: Address): Promise<string> {
  const { host = '127.0.0.1', port: wanted, nextFree = false } = address
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

/** The text of a request's body. @throws WireFailure TOO_LARGE beyond `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > limit) throw new WireFailure('TOO_LARGE', `a body has at most ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
