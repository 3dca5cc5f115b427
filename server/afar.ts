import type { Server } from 'socket.io'

/** Rooms that sockets of other servers are in: what happens there is sent to all servers, the rest stays here. */
export class Afar {
  private readonly io: Server
  /** By room: whether the last look found nobody in it. */
  private readonly rooms = new Map<string, boolean>()

  constructor(io: Server) {
    this.io = io
  }

  has(room: string): boolean {
    return this.rooms.has(room)
  }

  /** Lets a socket of another server in. */
  letIn(socket: string, room: string): void {
    this.rooms.set(room, false)
    this.io.in(socket).socketsJoin(room)
  }

  /** Nothing will be sent there any more. */
  over(room: string): void {
    this.rooms.delete(room)
  }

  /** Lets go of rooms that were empty twice: once may be before who was let in has come. */
  async letGo(): Promise<void> {
    for (const room of [...this.rooms.keys()]) {
      const before = this.rooms.get(room)
      const sockets = await this.io
        .in(room)
        .fetchSockets()
        .catch(() => null)
      // Somebody was let in meanwhile, or not every server answered in time.
      if (sockets === null || this.rooms.get(room) !== before) continue
      if (sockets.length > 0) this.rooms.set(room, false)
      else if (before) this.rooms.delete(room)
      else this.rooms.set(room, true)
    }
  }
}
