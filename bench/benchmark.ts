/** Work to be timed. */
export interface Benchmark {
  /** Room and thing, with dots ("sokoban.step"). */
  readonly name: string
  /** What is counted, per CPU-second ("steps"). */
  readonly unit: string
  /** Once, before anything is timed. */
  setup?(): void | Promise<void>
  /** Does some work and returns how many units it did. */
  run(): number | Promise<number>
  teardown?(): void | Promise<void>
}

/** Measurements that are no rates per CPU-second: their unit says all. */
export interface Survey {
  /** How the names of its rows begin. */
  readonly name: string
  survey(): Promise<Measurement[]>
}

/** Units per CPU-second: the median of the runs, and each run. */
export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly runs: readonly number[]
}

const WARM_UP = 0.3
const RUN = 0.5
const RUNS = 3

/**
 * Times a benchmark by this process's CPU time (user and system, all threads), so that a busy machine
 * disturbs it little.
 */
export async function measure(benchmark: Benchmark): Promise<Measurement> {
  await benchmark.setup?.()
  await rate(benchmark, WARM_UP)
  const runs: number[] = []
  for (let i = 0; i < RUNS; i++) runs.push(await rate(benchmark, RUN))
  await benchmark.teardown?.()
  const sorted = [...runs].sort((a, b) => a - b)
  return { name: benchmark.name, value: sorted[RUNS >> 1], unit: benchmark.unit, runs }
}

async function rate(benchmark: Benchmark, seconds: number): Promise<number> {
  const start = process.cpuUsage()
  let units = 0
  for (;;) {
    units += await benchmark.run()
    const { user, system } = process.cpuUsage(start)
    const spent = (user + system) / 1e6
    if (spent >= seconds) return units / spent
  }
}
