import type { Benchmark } from './benchmark.ts'

/** Benchmarks by group, loaded when they run. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Benchmark[]>>> = {
  envs: async () => [
    ...(await import('./sokoban.ts')).benchmarks,
    ...(await import('./football.ts')).benchmarks,
  ],
  train: async () => (await import('./model.ts')).benchmarks,
  server: async () => (await import('./server.ts')).benchmarks,
}
