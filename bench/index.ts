import { backends } from '#agent/backend'
import { chooseBackend } from '#agent/hosts/node/backend'
import type { Benchmark, Survey } from './benchmark.ts'

/** Benchmarks by group, loaded when they run. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<readonly (Benchmark | Survey)[]>>> = {
  envs: async () => [
    ...(await import('./sokoban.ts')).sokobanBenchmarks(),
    ...(await import('./football.ts')).footballBenchmarks(),
    ...(await import('./layout.ts')).benchmarks,
  ],
  train: async () => {
    const [model, kernels, phases] = await Promise.all([
      import('./model.ts'),
      import('./kernels.ts'),
      import('./phases.ts'),
    ])
    const present = await backendsAtHand()
    return [
      ...model.modelBenchmarks('auto'),
      ...present.flatMap((backend) => model.modelBenchmarks(backend, `.${backend}`)),
      ...(await kernels.kernelBenchmarks()),
      ...phases.surveys,
    ]
  },
  server: async () => (await import('./server.ts')).benchmarks,
  vec: async () => (await import('./vec.ts')).benchmarks,
}

/** Backends that start here. */
async function backendsAtHand(): Promise<string[]> {
  const found: string[] = []
  for (const backend of backends) {
    const starts = await chooseBackend(backend).then(
      () => true,
      () => false,
    )
    if (starts) found.push(backend)
  }
  return found
}
