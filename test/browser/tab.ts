import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build, type InlineConfig } from 'vite'
import { type Lock, type Store, StoreError, type StoreErrorKind } from '#core/base/store'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Files as any host of static pages serves them. */
export interface StaticSite {
  readonly url: string
  /** Paths that were asked for. */
  readonly asked: string[]
  /** The text that a page posts first. */
  readonly posted: Promise<string>
  close(): Promise<void>
}

/** Serves a folder on a free port of this machine. @param home the page at its root, where the folder has none. */
export async function serveFolder(folder: string, home?: string): Promise<StaticSite> {
  const asked: string[] = []
  let take = (_: string): void => {}
  const posted = new Promise<string>((resolve) => {
    take = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      take(await text(request))
      return void response.writeHead(204).end()
    }
    const path = decodeURIComponent((request.url ?? '/').split('?', 1)[0])
    asked.push(path)
    const name = normalize(path.endsWith('/') ? `${path}index.html` : path)
    const file = await readFile(join(folder, name)).catch(() => null)
    const bytes = file ?? (name === '/index.html' && home !== undefined ? Buffer.from(home) : null)
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    response.writeHead(bytes ? 200 : 404, { 'Content-Type': type }).end(bytes ?? '')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    posted,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Builds pages with Vite into a temporary folder and serves them; `close` removes it. */
export async function buildAndServe(config: InlineConfig): Promise<StaticSite & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kickpush-tab-'))
  await build({ ...config, logLevel: 'error', build: { ...config.build, outDir: folder, emptyOutDir: true } })
  const site = await serveFolder(folder)
  return {
    ...site,
    folder,
    async close() {
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const write = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
const read = (_: string, value: { base64?: string } | null): unknown =>
  typeof value?.base64 === 'string' ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value

/** Every file of a run, by its path, but for clocks, the names of machines, and what is told in words. */
export async function filesOf(store: Store, folder = ''): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of await store.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`
    const bytes = await store.read(path)
    if (bytes === null) Object.assign(files, await filesOf(store, path))
    else if (path !== 'run.json' && path !== 'report.md') files[path] = comparable(path, bytes)
  }
  return files
}

/** A file's content without clocks. */
export function comparable(path: string, bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString(/safetensors/.test(path) ? 'base64' : 'utf8')
    .replace(/,"seconds":[\d.e-]+/g, '')
}

/** Asks the worker of the test page. @throws what it throws. */
export async function ask(page: Page, job: string, ...given: unknown[]): Promise<unknown> {
  // What was not given stays so: JSON has no word for it.
  const asked = given.slice(0, given.findLastIndex((one) => one !== undefined) + 1)
  const answer = await page.evaluate(
    ([job, given]) =>
      (globalThis as unknown as { ask(job: string, given: string): Promise<string> }).ask(job, given),
    [job, JSON.stringify(asked, write)] as const,
  )
  const { result, error } = JSON.parse(answer, read) as {
    result?: unknown
    error?: { name: string; message: string; kind?: StoreErrorKind }
  }
  if (!error) return result
  throw error.kind ? new StoreError(error.kind, error.message) : new Error(`${error.name}: ${error.message}`)
}

/** A store of the test page's worker, as if it were here. @param page may be opened later. */
export function storeIn(page: () => Page, kind: 'opfs' | 'memory', name: string): Store {
  const opened = once(() => ask(page(), 'store', kind, name))
  const call = async (method: string, ...given: unknown[]): Promise<never> => {
    await opened()
    const result = await ask(page(), 'do', name, method, ...given)
    return (result ?? (NULLS.includes(method) ? null : undefined)) as never
  }
  return {
    name,
    read: (file, from, to) => call('read', file, from, to),
    stat: (file) => call('stat', file),
    list: (folder) => call('list', folder),
    write: (file, content) => call('write', file, content),
    append: (file, content) => call('append', file, content),
    sync: (file) => call('sync', file),
    remove: (path) => call('remove', path),
    lock: async (): Promise<Lock> => {
      await opened()
      await ask(page(), 'lock', name)
      return { release: async () => void (await ask(page(), 'release', name)) }
    },
  }
}

const NULLS = ['read', 'stat']

function once<T>(what: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= what()
    return result
  }
}

/** The static site, built from source and served; its files are in `folder`. */
export async function buildSite(): Promise<StaticSite & { readonly folder: string }> {
  process.env.KICKPUSH_SITE = '1'
  const site = await buildAndServe({
    configFile: fileURLToPath(new URL('../../client/vite.config.ts', import.meta.url)),
  })
  await rename(join(site.folder, 'tab.html'), join(site.folder, 'index.html'))
  return site
}
