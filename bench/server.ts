import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Serving, serve } from '#server/server'
import type { Benchmark } from './benchmark.ts'
import type { Load, Order, Report } from './watchers.ts'

/** A wall full of people: 1,000 watchers over 10 boards at 20 turns a second. */
export const CROWD = { watchers: 1_000, boards: 10, turnsPerSecond: 20 } as const

/** Starts a module of this folder as a process, from source or built as this one is. */
export function beside(name: string, args: readonly string[]): ChildProcess {
  const extension = path.extname(import.meta.url)
  const execArgv = extension === '.ts' ? ['--import', 'tsx', '--conditions=source'] : []
  return fork(new URL(`./${name}${extension}`, import.meta.url), args, { stdio: 'inherit', execArgv })
}

/** A server in this process and a load on it from another, so that this process's CPU time is the server's. */
export class Loaded {
  readonly serving: Serving
  private readonly runs: string
  private readonly child: ChildProcess

  private constructor(serving: Serving, runs: string, child: ChildProcess) {
    this.serving = serving
    this.runs = runs
    this.child = child
  }

  static async open(load: Omit<Load, 'url' | 'runs'>): Promise<Loaded> {
    const runs = await mkdtemp(path.join(tmpdir(), 'kickpush-bench-'))
    const serving = await serve({ port: 0, runs })
    const child = beside('watchers', [])
    const loaded = new Loaded(serving, runs, child)
    await loaded.order({ begin: { ...load, url: serving.url, runs } })
    return loaded
  }

  /** What the watchers saw since the last report. */
  report(): Promise<Report> {
    return this.order({ count: true })
  }

  async close(): Promise<void> {
    this.child.send({ stop: true } satisfies Order)
    await once(this.child, 'exit')
    await this.serving.close()
    await rm(this.runs, { recursive: true, force: true })
  }

  private async order(order: Order): Promise<Report> {
    this.child.send(order)
    const [report] = await once(this.child, 'message')
    return report
  }
}

let loaded: Loaded

export const benchmarks: readonly Benchmark[] = [
  {
    /** Messages to sockets; what a message costs the server, the load being in another process. */
    name: 'server.messages',
    unit: 'messages',
    async setup() {
      loaded = await Loaded.open(CROWD)
    },
    async run() {
      await sleep(500)
      return (await loaded.report()).messages
    },
    teardown: () => loaded.close(),
  },
]
