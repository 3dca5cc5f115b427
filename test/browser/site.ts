import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { BUILT_IN, type Games } from '#registry/games'
import { serve } from '#server/server'
import { launch } from './browser.ts'

/** The viewer built from source, served over runs in a temporary folder, and a browser to look at it with. */
export interface Site {
  readonly url: string
  /** The folder whose subfolders are runs. */
  readonly runs: string
  readonly browser: Browser
  /** Ends the server; the result begins another at the same address. */
  stop(): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * Everything is made anew and removed by `close`.
 * @param added games that the server has beside what the viewer is built with.
 * @param games a module whose `envs` the viewer knows in place of the registry's.
 */
export async function openSite(games?: URL, added: Games = BUILT_IN): Promise<Site> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kickpush-site-'))
  const runs = path.join(folder, 'runs')
  const client = path.join(folder, 'client')
  const [browser] = await Promise.all([
    launch(),
    build({
      configFile: fileURLToPath(new URL('../../client/vite.config.ts', import.meta.url)),
      build: { outDir: client, emptyOutDir: true },
      ...(games && { resolve: { alias: { '#envs': fileURLToPath(games) } } }),
      logLevel: 'error',
    }),
  ])
  let server = await serve({ games: added, port: 0, runs, clientFolder: client })
  const { url } = server
  return {
    url,
    runs,
    browser,
    async stop() {
      await server.close()
      return async () => {
        server = await serve({ port: Number(new URL(url).port), runs, clientFolder: client })
      }
    },
    async close() {
      await browser.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
