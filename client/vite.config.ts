import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Writes `offline.js`, the service worker, with the names of all files of the build. */
function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    generateBundle(_, bundle) {
      const script = readFileSync(new URL('./offline.js', import.meta.url), 'utf8')
      const files = ['./', './mark.svg', ...Object.keys(bundle).filter((name) => name.startsWith('assets/'))]
      const page = bundle['index.html']
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
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  plugins: [offline()],
  server: server
    ? { proxy: { '/api': server, '/games': server, '/socket.io': { target: server, ws: true } } }
    : {},
  build: {
    outDir: fileURLToPath(new URL('../dist/client', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
})
