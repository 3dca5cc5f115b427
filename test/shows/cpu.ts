import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** Ticks of Linux's clocks of CPU in a second. */
const TICKS = 100

/** CPU seconds of a browser since some moment: of its tab's learners, of the engine's helpers in it, of the tab, of all. */
export interface Spent {
  readonly learners: number
  readonly helpers: number
  readonly page: number
  readonly all: number
}

/** CPU seconds of every thread of a browser and of the processes it started, also of those that are gone. */
export class Usage {
  readonly #root: number
  /** By process, thread and name. */
  readonly #seconds = new Map<string, number>()

  constructor(root: number) {
    this.#root = root
    // A worker that ends takes its figures with it.
    setInterval(() => this.#read(), 250).unref()
  }

  /** CPU seconds of the programs that this process has waited for. */
  static children(): number {
    const [, user, system] = fieldsOf('/proc/self/stat', 13, 14)
    return (user + system) / TICKS
  }

  look(): Look {
    this.#read()
    return new Look(new Map(this.#seconds))
  }

  #read(): void {
    const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    const pairs = rows.map((line) => line.trim().split(/\s+/).map(Number))
    const family = new Set([this.#root])
    for (let grown = true; grown; ) {
      grown = false
      for (const [child, parent] of pairs) {
        if (!family.has(parent) || family.has(child)) continue
        family.add(child)
        grown = true
      }
    }
    for (const pid of family) this.#readProcess(pid)
  }

  #readProcess(pid: number): void {
    try {
      const kind = /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'browser'
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const [name, user, system] = fieldsOf(`/proc/${pid}/task/${thread}/stat`, 11, 12)
        this.#seconds.set(`${kind} ${name} ${pid} ${thread}`, (user + system) / TICKS)
      }
    } catch {
      // It has just ended.
    }
  }
}

/** How much every thread had used at some moment. */
export class Look {
  readonly #seconds: ReadonlyMap<string, number>

  constructor(seconds: ReadonlyMap<string, number>) {
    this.#seconds = seconds
  }

  since(before: Look): Spent {
    const spent = [...this.#seconds].map(([of, now]) => [of, now - (before.#seconds.get(of) ?? 0)] as const)
    const sum = (fits: (of: string) => boolean) =>
      spent.reduce((total, [of, seconds]) => total + (fits(of) ? seconds : 0), 0)
    return {
      // Workers that were not there before: the learners'. The one with the runs was.
      learners: sum((of) => of.startsWith('renderer DedicatedWorker') && !before.#seconds.has(of)),
      helpers: sum((of) => of.startsWith('renderer ThreadPool')),
      page: sum((of) => of.startsWith('renderer ')),
      all: sum(() => true),
    }
  }
}

/** A thread's name and two numbers of its line, counted from after its name. */
function fieldsOf(file: string, one: number, other: number): [string, number, number] {
  const line = readFileSync(file, 'utf8')
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return [
    line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')),
    Number(fields[one]),
    Number(fields[other]),
  ]
}

/** Reads milliseconds of CPU of the page's main thread so far. */
export async function meterOf(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
}
