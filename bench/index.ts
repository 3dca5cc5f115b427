import { chooseBackend } from '#agent/backend'
import type { Benchmark } from './benchmark.ts'

/** Benchmarks by group, loaded when they run. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Benchmark[]>>> = {
  train: async () => {
    await chooseBackend('auto')
    return (await import('./model.ts')).modelBenchmarks()
  },
  server: async () => (await import('./server.ts')).serverBenchmarks(),
}
