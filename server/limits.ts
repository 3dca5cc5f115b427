import type { Socket } from 'socket.io'

/** Bytes that may wait for a socket before it counts as behind. */
export const BACKLOG_LIMIT = 1 << 20
/** Bytes of one message from a socket; a longer one closes it (WebSocket code 1009). */
export const MESSAGE_LIMIT = 1 << 16
/** Rooms a socket may be in: a wall of 64 boards and then some. */
export const ROOM_LIMIT = 100
/** Messages a second, at once, and refused before the socket is closed. */
export const PACE = { rate: 50, burst: 200, patience: 1_000 }
/** HTTP requests a second, and at once, of one address: a thousand watchers may fetch a gap together. */
export const REQUESTS = { rate: 300, burst: 2_000, addresses: 1_000 }
/** Bytes of an upload. */
export const UPLOAD_LIMIT = 4 << 20
/** Records that are verified: threads, of one client at once, in all. */
export const RECORDS = { threads: 1, perClient: 4, most: 32 }
/** Bytes of a game so far, of which a learned agent's next move is asked; and the threads that answer. */
export const MOVE_LIMIT = 1 << 20
export const MOVES = { threads: 1, perClient: 8, most: 64 }
/** Events, and about how many bytes, of one answer over a socket; a longer past is fetched over HTTP. */
export const ANSWER_EVENTS = 2_000
export const ANSWER_BYTES = 1 << 20

/** A token bucket: `burst` at once, `rate` a second in the long run. */
export class Bucket {
  private readonly rate: number
  private readonly burst: number
  private tokens: number
  private last: number

  constructor(rate: number, burst: number, now: number) {
    this.rate = rate
    this.burst = burst
    this.tokens = burst
    this.last = now
  }

  /** Takes one token. @param now milliseconds of a monotonic clock. */
  take(now: number): boolean {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.last) * this.rate) / 1000)
    this.last = now
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }
}

/** Buckets by name (an address), the longest unused forgotten beyond `most`. */
export class Buckets {
  private readonly rate: number
  private readonly burst: number
  private readonly most: number
  private readonly buckets = new Map<string, Bucket>()

  constructor(rate: number, burst: number, most: number) {
    this.rate = rate
    this.burst = burst
    this.most = most
  }

  take(name: string, now: number): boolean {
    const bucket = this.buckets.get(name) ?? new Bucket(this.rate, this.burst, now)
    this.buckets.delete(name)
    this.buckets.set(name, bucket)
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= this.most) break
      this.buckets.delete(oldest)
    }
    return bucket.take(now)
  }
}

/** The parts of engine.io's socket that hold what was not sent yet; not in its types. */
interface Buffers {
  readonly writeBuffer?: readonly { readonly data?: { readonly length: number } }[]
  readonly transport?: { readonly socket?: { readonly bufferedAmount?: number } }
}

/** Bytes that wait to be sent to a socket, in engine.io's queue and in the operating system's. */
export function backlog(socket: Socket): number {
  const { writeBuffer = [], transport } = socket.conn as unknown as Buffers
  let bytes = transport?.socket?.bufferedAmount ?? 0
  for (const packet of writeBuffer) bytes += packet.data?.length ?? 0
  return bytes
}
