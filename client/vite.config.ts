import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** A static site: the page that is its own server is the only one, and is kept whole. */
const site = process.env.KICKPUSH_SITE !== undefined
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Files that whoever watches needs none of: the learner's weights and WebAssembly. */
const LEARNER = /\.(safetensors|wasm)$/

/** Writes `offline.js`, the service worker, with the names of all files of the build. */
function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    // Last: what the pages share is taken out of the bundle after it was made.
    enforce: 'post',
    generateBundle(_, bundle) {
      const script = readFileSync(new URL('./offline.js', import.meta.url), 'utf8')
      const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
      const files = ['./', './mark.svg', ...assets.filter((name) => site || !LEARNER.test(name))]
      const page = bundle[site ? 'tab.html' : 'index.html']
      const version = createHash('sha256')
        .update(JSON.stringify([script, files, page?.type === 'asset' ? String(page.source) : '']))
        .digest('hex')
        .slice(0, 16)
      const source = `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(files)}\n${script}`
      this.emitFile({ type: 'asset', fileName: 'offline.js', source })
    },
  }
}

/** Where `npm run dev` has its server. */
const server = process.env.KICKPUSH_SERVER

/** The viewer is served from any path of any host, so every address in it is relative. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: {
    conditions: ['source', 'module', 'browser', 'import', 'default'],
    // The Lab's worker runs the server's modules that follow runs.
    alias: { 'node:timers/promises': here('./lab/timers.ts') },
  },
  worker: { format: 'es' },
  plugins: [offline()],
  server: server
    ? { proxy: { '/api': server, '/games': server, '/socket.io': { target: server, ws: true } } }
    : {},
  build: {
    outDir: here(site ? '../dist/site' : '../dist/client'),
    rolldownOptions: { input: site ? [here('./tab.html')] : [here('./index.html'), here('./tab.html')] },
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
})
