import { UserError } from '#core/errors'
import type { RecordEvent } from '#core/record'
import { beside, startThread } from '#threads/thread'
import { NotFinite } from '../model/safetensors.ts'
import { Replica } from './replica.ts'

/** What a replica can be asked to do. */
export type Job =
  | 'start'
  | 'load'
  | 'facts'
  | 'meet'
  | 'levels'
  | 'begin'
  | 'imitate'
  | 'rollout'
  | 'credit'
  | 'gradient'
  | 'step'
  | 'checkWeights'
  | 'read'
  | 'evaluate'
type Given<J extends Job> = Parameters<Replica[J]>[0]
type Result<J extends Job> = Awaited<ReturnType<Replica[J]>>

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

/**
 * The replicas of a run. Work comes in a fixed number of shards; shard s always goes to member s mod size, and results
 * come back in the order of the shards: nothing depends on how many members there are.
 */
export class Team {
  readonly #members: readonly Member[]

  constructor(members: readonly Member[]) {
    this.#members = members
  }

  /** `workers` threads, or with 0 a replica in this thread. */
  static open(workers: number, onEvent: (event: RecordEvent) => void): Team {
    if (workers === 0) return new Team([local(onEvent)])
    return new Team(Array.from({ length: workers }, () => thread(onEvent)))
  }

  /** Asks every member the same; answers what the first says. */
  async every<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
    return (await Promise.all(this.#members.map((member) => member.ask(job, given))))[0]
  }

  /** Asks the first member. */
  first<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
    return this.#members[0].ask(job, given)
  }

  /** One job per shard; answers in the order of the shards. */
  shards<J extends Job>(job: J, given: readonly Given<J>[]): Promise<Result<J>[]> {
    return Promise.all(given.map((one, shard) => this.#members[shard % this.#members.length].ask(job, one)))
  }

  /** Ends all members, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()))
  }
}

/** In this thread, which others get to use in between: signals and timers arrive, pages stay alive. */
function local(onEvent: (event: RecordEvent) => void): Member {
  let closed = false
  const breathe = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done))
    if (closed) throw new Error('the team is closed')
  }
  const replica = new Replica(onEvent, breathe)
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

function thread(onEvent: (event: RecordEvent) => void): Member {
  const worker = startThread({ entry: beside(import.meta.url, 'worker') })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let next = 0
  let gone: Error | undefined
  worker.on('message', (said: Said) => {
    if ('event' in said) return onEvent(said.event)
    const one = waiting.get(said.id)
    waiting.delete(said.id)
    if ('error' in said) one?.reject(revive(said.error))
    else one?.resolve(said.result)
  })
  const fail = (reason: string): void => {
    gone ??= new UserError(`a training worker has died: ${reason}`)
    for (const one of waiting.values()) one.reject(gone)
    waiting.clear()
  }
  worker.on('error', (error) => fail(error.message))
  worker.on('exit', (code) => fail(`it ended with code ${code}`))
  return {
    ask<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
      return new Promise((resolve, reject) => {
        if (gone) return reject(gone)
        waiting.set(next, { resolve: resolve as (value: unknown) => void, reject })
        worker.postMessage({ id: next++, job, given } satisfies Ask)
      })
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

function revive({ name, message, stack }: { name: string; message: string; stack?: string }): Error {
  if (name === 'UserError') return new UserError(message)
  if (name === 'NotFinite') return new NotFinite(message)
  const error = new Error(message)
  if (stack) error.stack = stack
  return error
}
