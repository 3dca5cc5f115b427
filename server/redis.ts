import type { createClient as CreateClient } from '@redis/client'
import type { createAdapter as CreateAdapter } from '@socket.io/redis-adapter'
import { UserError } from '#core/base/errors'

/** Prefix of every channel. */
const KEY = 'kickpush'
/** Most milliseconds between two tries to connect again. */
const PATIENCE = 2_000

export interface Redis {
  readonly adapter: ReturnType<typeof CreateAdapter>
  /** Lets go of connections that are broken, so that nothing waits for them. */
  giveUp(): void
  close(): Promise<void>
}

/**
 * The way to other servers over Redis. Once connected it comes back by itself whenever the connection breaks.
 * @throws UserError when the packages are not there, or nobody answers.
 */
export async function connectRedis(url: string, log: (line: string) => void): Promise<Redis> {
  const shown = addressOf(url)
  const { createClient, createAdapter } = await packages()
  let connected = false
  const clientOf = () => {
    const client = createClient({
      url,
      socket: { reconnectStrategy: (tries) => (connected ? Math.min(PATIENCE, 50 * 2 ** tries) : false) },
    })
    let told = false
    client.on('ready', () => {
      told = false
    })
    client.on('error', ({ message }: Error) => {
      if (connected && !told) log(`redis ${shown}: ${message}; trying again`)
      told = true
    })
    return client
  }
  let clients: ReturnType<typeof clientOf>[]
  try {
    clients = [clientOf(), clientOf()]
    await Promise.all(clients.map((client) => client.connect()))
  } catch (error) {
    throw new UserError(`--redis ${shown}: ${error instanceof Error ? error.message : 'nobody answers'}`)
  }
  connected = true
  return {
    adapter: createAdapter(publishing(clients[0]), clients[1], { key: KEY }),
    giveUp() {
      for (const client of clients) if (!client.isReady && client.isOpen) client.destroy()
    },
    async close() {
      for (const client of clients) if (client.isReady) await client.close()
    },
  }
}

/** A client that drops what it cannot publish now: who watches sees that something is missing, and asks. */
function publishing<C extends { isReady: boolean; publish(channel: never, message: never): Promise<number> }>(
  client: C,
): C {
  const publish: C['publish'] = async (channel, message) =>
    client.isReady ? client.publish(channel, message).catch(() => 0) : 0
  return new Proxy(client, {
    get(target, key) {
      if (key === 'publish') return publish
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The address without name and password. @throws UserError when it is none. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) throw new UserError('--redis takes an address like redis://localhost:6379')
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

async function packages(): Promise<{
  createClient: typeof CreateClient
  createAdapter: typeof CreateAdapter
}> {
  try {
    const [{ createClient }, { createAdapter }] = await Promise.all([
      import('@redis/client'),
      import('@socket.io/redis-adapter'),
    ])
    return { createClient, createAdapter }
  } catch {
    throw new UserError('--redis needs two packages: npm install @redis/client @socket.io/redis-adapter')
  }
}
