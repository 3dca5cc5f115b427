import { io } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import * as api from './api.ts'
import { Link } from './link.ts'

/** This page's connection. */
export const link = new Link({
  open: () =>
    io({
      path: new URL('socket.io', document.baseURI).pathname,
      parser,
      transports: ['websocket'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      // Who gives up on a busy machine has to begin anew.
      timeout: 60_000,
    }),
  episode: api.episode,
  later: (ms, what) => void setTimeout(what, ms),
})
