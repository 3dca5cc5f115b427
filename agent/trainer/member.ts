import { UserError } from '#core/base/errors'
import type { RecordEvent } from '#core/record/record'
import { NotFinite } from '../model/safetensors.ts'
import type { Replica } from './replica.ts'

/** What a replica can be asked to do. */
export type Job =
  | 'start'
  | 'load'
  | 'facts'
  | 'meet'
  | 'levels'
  | 'begin'
  | 'draw'
  | 'join'
  | 'imitate'
  | 'rollout'
  | 'credit'
  | 'give'
  | 'take'
  | 'gradient'
  | 'step'
  | 'checkWeights'
  | 'read'
  | 'watch'
  | 'evaluate'
  | 'entropy'
export type Given<J extends Job> = Parameters<Replica[J]>[0]
export type Result<J extends Job> = Awaited<ReturnType<Replica[J]>>

/** A message to a worker. */
export interface Ask {
  readonly id: number
  readonly job: Job
  readonly given: unknown
}

/** A message from a worker. */
export type Said =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { name: string; message: string; stack?: string } }
  | { readonly event: RecordEvent }

/** Something that does jobs: a replica in this thread, or one behind messages. */
export interface Member {
  ask<J extends Job>(job: J, given: Given<J>): Promise<Result<J>>
  close(): Promise<void>
}

/** What a replica is made with: it is given somebody to tell of events, and `breathe`. */
export type MakeReplica = (onEvent: (event: RecordEvent) => void, breathe?: () => Promise<void>) => Replica

/** A replica in this thread, which others get to use in between: signals and timers arrive, pages stay alive. */
export function inPlace(make: MakeReplica, onEvent: (event: RecordEvent) => void): Member {
  let closed = false
  const breathe = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done))
    if (closed) throw new Error('the team is closed')
  }
  const replica = make(onEvent, breathe)
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
      const run = replica[job] as unknown as (given: Given<J>) => Promise<Result<J>>
      const result = last.then(breathe).then(() => run.call(replica, given))
      last = result.catch(() => {})
      return result
    },
    close: async () => {
      closed = true
      await last
      replica.dispose()
    },
  }
}

/** The thread of a replica, as whoever speaks with it sees it. */
export interface Thread {
  post(ask: Ask): void
  /** Ends it, whatever it is doing. */
  end(): Promise<void>
}

/** A replica behind the messages of a thread: `hear` takes what it says, `fail` why it says nothing more. */
export function behind(
  thread: Thread,
  onEvent: (event: RecordEvent) => void,
): Member & { hear(said: Said): void; fail(reason: string): void } {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let next = 0
  let gone: Error | undefined
  return {
    hear: (said) => {
      if ('event' in said) return onEvent(said.event)
      const one = waiting.get(said.id)
      waiting.delete(said.id)
      if ('error' in said) one?.reject(revive(said.error))
      else one?.resolve(said.result)
    },
    fail: (reason) => {
      gone ??= new UserError(`a training worker has died: ${reason}`)
      for (const one of waiting.values()) one.reject(gone)
      waiting.clear()
    },
    ask<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
      return new Promise((resolve, reject) => {
        if (gone) return reject(gone)
        waiting.set(next, { resolve: resolve as (value: unknown) => void, reject })
        thread.post({ id: next++, job, given })
      })
    },
    close: () => thread.end(),
  }
}

/** The other end: answers every message with a result or an error, one after the other, and tells of events before. */
export function answering(make: MakeReplica, say: (said: Said) => void): (ask: Ask) => void {
  const replica = make((event) => say({ event }))
  let last: Promise<void> = Promise.resolve()
  return ({ id, job, given }) => {
    last = last.then(async () => {
      try {
        const run = replica[job] as (given: unknown) => Promise<unknown>
        say({ id, result: await run.call(replica, given) })
      } catch (error) {
        const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
        say({ id, error: { name, message, stack } })
      }
    })
  }
}

function revive({ name, message, stack }: { name: string; message: string; stack?: string }): Error {
  if (name === 'UserError') return new UserError(message)
  if (name === 'NotFinite') return new NotFinite(message)
  const error = new Error(message)
  if (stack) error.stack = stack
  return error
}
