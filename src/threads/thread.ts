import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** A module that runs in a thread of its own. */
export interface ThreadEntry {
  readonly entry: URL
  /** Plain data that it finds in `workerData`. */
  readonly data?: unknown
}

/** The entry named `name` beside `from` (an import.meta.url), with the extension this code runs with. */
export function beside(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from)
}

/** A worker thread of a module, from source and from a build alike. */
export function startThread({ entry, data }: ThreadEntry): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, { workerData: data })
  // Node 20 does not pass the loader of TypeScript on to threads: source (not a build) loads it again.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href
  const loader = JSON.stringify(tsx.replace('index.cjs', 'index.mjs'))
  const load = `import(${loader}).then(({ register }) => (register(), import(${JSON.stringify(entry.href)})))`
  return new Worker(load, { workerData: data, eval: true, execArgv: ['--conditions=source'] })
}
