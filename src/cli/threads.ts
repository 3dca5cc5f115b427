import { Worker } from 'node:worker_threads'

/** A worker thread of a module beside the caller, from source and from dist alike. */
export function spawn(entry: URL, workerData: unknown): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, { workerData })
  // Node 20 does not pass the loader of TypeScript on to threads: source loads it again.
  const load = `import('tsx/esm/api').then((tsx) => (tsx.register(), import(${JSON.stringify(entry.href)})))`
  return new Worker(load, { workerData, eval: true })
}

/** The entry named `name` beside `from` (an import.meta.url), with the extension this code runs with. */
export function beside(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from)
}
