import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Peers } from '#server/peers'
import type { Io } from './command.ts'
import { untilInterrupted } from './interrupt.ts'
import { packaged } from './root.ts'

/** What a worker is told as it starts, through its environment. */
const VARIABLE = 'KICKPUSH_WORKER'
const Told = z.object({ index: z.int(), of: z.int(), secret: z.string() })

/** What workers and the process that began them say to each other. */
type Said =
  | { readonly listening: string; readonly inner?: number }
  | { readonly ports: readonly (number | null)[] }
  | { readonly stop: true }

/** Whether this process is one of several workers, which its command began. */
export const isWorker = (): boolean => cluster.isWorker && process.env[VARIABLE] !== undefined

/** The other workers, as one of them knows them. */
export function peersOf(): Peers {
  const told = Told.parse(JSON.parse(process.env[VARIABLE] ?? '{}'))
  let ports: readonly (number | null)[] = []
  process.on('message', (said: Said) => {
    if ('ports' in said) ports = said.ports
  })
  return { ...told, port: (index) => ports[index] ?? undefined }
}

/** In a worker: says that it listens, and waits until it is to end. */
export async function workUntilStopped(listening: string, inner?: number): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    process.on('message', (said: Said) => {
      if ('stop' in said) resolve()
    })
  })
  process.send?.({ listening, inner } satisfies Said)
  await Promise.race([stopped, untilInterrupted()])
}

/**
 * Runs the command line of this process in several workers at one port until it is interrupted; one that breaks down is
 * begun again.
 * @param listening is told the address once all of them listen.
 * @returns the exit code: 0, or that of a worker that could not begin.
 */
export async function workTogether(of: number, io: Io, listening: (url: string) => void): Promise<number> {
  const secret = randomUUID()
  const ports = new Array<number | null>(of).fill(null)
  const workers = new Map<number, Worker>()
  let over = false
  const tell = (said: Said) => {
    for (const worker of workers.values()) worker.isConnected() && worker.send(said)
  }
  cluster.setupPrimary({
    exec: packaged('bin/kickpush.js'),
    args: process.argv.slice(2),
  })
  /** @returns the address, or the exit code of a worker that ended before it listened. */
  const begin = (index: number): Promise<string | number> =>
    new Promise((resolve) => {
      const worker = cluster.fork({ [VARIABLE]: JSON.stringify({ index, of, secret }) })
      workers.set(index, worker)
      let began = false
      worker.on('message', (said: Said) => {
        if (!('listening' in said)) return
        began = true
        ports[index] = said.inner ?? null
        tell(over ? { stop: true } : { ports })
        resolve(said.listening)
      })
      worker.on('exit', (code, signal) => {
        workers.delete(index)
        ports[index] = null
        if (!began) return resolve(code || 1)
        if (over) return
        io.note(`a worker broke down (${signal ?? code}) and is begun again; the episodes it played are lost`)
        void begin(index)
      })
    })
  const interrupted = untilInterrupted()
  // The first says for all of them what stands in the way.
  const first = await begin(0)
  if (typeof first === 'number') return first
  const others = await Promise.all(Array.from({ length: of - 1 }, (_, i) => begin(i + 1)))
  const failed = others.find((one) => typeof one === 'number')
  if (failed === undefined) {
    listening(first)
    await interrupted
  }
  over = true
  const gone = [...workers.values()].map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
  tell({ stop: true })
  await Promise.all(gone)
  return typeof failed === 'number' ? failed : 0
}
