import type { Server } from 'socket.io'
import type { EpisodeSummary, Results } from '#core/record/wire'

/** What servers that carry each other's events ask. */
export type Question =
  | {
      readonly kind: 'watch'
      readonly episode: string
      readonly after: number
      readonly take?: string
      /** Who wants to watch, at the server that asks. */
      readonly socket: string
    }
  | { readonly kind: 'run'; readonly run: string; readonly after: number; readonly socket: string }
  | { readonly kind: 'wall' }
  | { readonly kind: 'get'; readonly path: string }

/** What is answered to each, as JSON; null from who has nothing to say. Bodies are base64. */
export interface Replies {
  watch: Results['watch'] | { readonly tooLarge: number }
  run: Results['run']
  wall: EpisodeSummary[]
  get: { readonly status: number; readonly type: string; readonly body: string }
}

/** The other servers, over the adapter that carries events between them. */
export class Others {
  private readonly io: Server

  constructor(io: Server) {
    this.io = io
  }

  /** What the others answer, those that have an answer. */
  ask<Q extends Question>(question: Q): Promise<Replies[Q['kind']][]> {
    return new Promise((resolve) => {
      // Who does not answer in time has none: what the rest said is there all the same.
      this.io.serverSideEmit('ask', question, (_: unknown, replies: (Replies[Q['kind']] | null)[] = []) =>
        resolve(replies.filter((reply) => reply !== null)),
      )
    })
  }

  /** Answers the others' questions. */
  answer(reply: (question: Question) => Promise<Replies[Question['kind']] | null>): void {
    this.io.on('ask', (question: Question, send: (reply: unknown) => void) => {
      reply(question).then(send, () => send(null))
    })
  }
}
