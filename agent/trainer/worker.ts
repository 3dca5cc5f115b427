import { parentPort } from 'node:worker_threads'
import { Replica } from './replica.ts'
import type { Ask, Said } from './team.ts'

/** A thread with one replica: answers every message `{id, job, given}` with a result, an error, or events before. */
const port = parentPort!
const say = (said: Said): void => port.postMessage(said)
const replica = new Replica((event) => say({ event }))

let last: Promise<void> = Promise.resolve()
port.on('message', (ask: Ask) => {
  last = last.then(async () => {
    try {
      const run = replica[ask.job] as (given: unknown) => Promise<unknown>
      say({ id: ask.id, result: await run.call(replica, ask.given) })
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
      say({ id: ask.id, error: { name, message, stack } })
    }
  })
})
