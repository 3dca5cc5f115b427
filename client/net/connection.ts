import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import * as api from './api.ts'
import { Link } from './link.ts'
import { inTab, openHouse } from './tab.ts'

/** How sockets are opened; those of all namespaces share one connection. */
export const WIRE = {
  path: new URL('socket.io', document.baseURI).pathname,
  parser,
  transports: ['websocket'],
  reconnectionDelay: 500,
  // Who gives up on a busy machine has to begin anew.
  timeout: 60_000,
}

/** This page's connection: to its server, or where there is none to a worker of its own. */
export const link = new Link({
  open: () =>
    inTab ? (openHouse() as unknown as Pick<Socket, 'connected' | 'id' | 'on' | 'timeout'>) : io(WIRE),
  episode: api.episode,
  later: (ms, what) => void setTimeout(what, ms),
})
