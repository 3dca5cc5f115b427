import { chooseBackend } from '#agent/backend'
import type { Benchmark } from './benchmark.ts'

/** Benchmarks by group, loaded when they run. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Benchmark[]>>> = {
  envs: async () => [
    ...(await import('./sokoban.ts')).sokobanBenchmarks(),
    ...(await import('./football.ts')).footballBenchmarks(),
  ],
  train: async () => {
    await chooseBackend('auto')
    const [model, kernels] = await Promise.all([import('./model.ts'), import('./kernels.ts')])
    return [...model.modelBenchmarks(), ...(await kernels.kernelBenchmarks())]
  },
  server: async () => (await import('./server.ts')).benchmarks,
}
