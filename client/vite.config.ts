import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import binaryen from 'assemblyscript/binaryen'
import { build, defineConfig, type Plugin } from 'vite'

/** A static site: the page that is its own server is the only one, and is kept whole. */
const site = process.env.KICKPUSH_SITE !== undefined
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Files that whoever watches needs none of: the learner's weights and WebAssembly. */
const LEARNER = /\.(safetensors|wasm)$/

/** The text of an asset of a build. */
const textOf = (file?: { type: string; source?: string | Uint8Array }): string =>
  file?.type === 'asset' ? String(file.source) : ''

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
      const alone = bundle['player.js'] ? ['./player.js'] : []
      const files = ['./', './mark.svg', ...alone, ...assets.filter((name) => site || !LEARNER.test(name))]
      const page = bundle[site ? 'tab.html' : 'index.html']
      const version = createHash('sha256')
        .update(JSON.stringify([script, files, ...[page, bundle['player.js']].map(textOf)]))
        .digest('hex')
        .slice(0, 16)
      const source = `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(files)}\n${script}`
      this.emitFile({ type: 'asset', fileName: 'offline.js', source })
    },
  }
}

/** What games that are brought to a page import: whole and apart, so that its zod makes no page larger. */
const LIBRARY = /new URL\('[./]+\/src\/library\/env\.ts', import\.meta\.url\)\.href/

async function library(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
    build: { write: false, minify: true, lib: { entry: here('../src/library/env.ts'), formats: ['es'] } },
  })
  const [{ output }] = made as { output: { code: string }[] }[]
  return output[0].code
}

/** Workers share their code with the pages: each is an entrance of the one build, not a build of its own. */
function sharedWorkers(): Plugin {
  return {
    name: 'shared-workers',
    apply: 'build',
    enforce: 'pre',
    async transform(code, id) {
      if (id.includes('node_modules')) return
      if (LIBRARY.test(code)) {
        const file = this.emitFile({ type: 'asset', name: 'library.js', source: await library() })
        return code.replace(LIBRARY, `import.meta.ROLLUP_FILE_URL_${file}`)
      }
      return code.replace(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)(?:\.href)?/g, (_, path) => {
        const worker = this.emitFile({
          type: 'chunk',
          id: resolve(dirname(id), path),
        })
        return `import.meta.ROLLUP_FILE_URL_${worker}`
      })
    },
  }
}

const STUBS = /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/
const BINARY = /tfjs-backend-wasm-simd\.wasm\?url$/
/** Functions of kernels that have another name than their kernel. */
const OTHER: Readonly<Record<string, string>> = { GatherV2: 'Gather', Select: 'SelectV2' }
/** Kernels that ours stand in for from the start. */
const REPLACED = new Set(['BatchMatMul', '_FusedMatMul'])

/**
 * Leaves out of tfjs's WebAssembly what no kernel of ours calls, and its loader with threads, which is never used. Functions that
 * stay are the same bytes, so results are.
 */
function leanWasm(): Plugin {
  return {
    name: 'lean-wasm',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (STUBS.test(id)) return 'export const wasmWorkerContents = ""; export default null'
      if (!BINARY.test(id)) return
      const source = without(readFileSync(id.split('?')[0]))
      const file = this.emitFile({ type: 'asset', name: 'tfjs-backend-wasm-simd.wasm', source })
      return `export default import.meta.ROLLUP_FILE_URL_${file}`
    },
  }
}

function without(bytes: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(bytes)
  const list = readFileSync(new URL('../agent/hosts/browser/kernels.ts', import.meta.url), 'utf8')
  const listed = [...list.matchAll(/kernels\/(\w+)\.js/g)].map(([, name]) => name)
  const kept = new Set(listed.filter((name) => !REPLACED.has(name)).map((name) => OTHER[name] ?? name))
  const all = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)),
  )
  for (const { name } of all) if (/^_?[A-Z]/.test(name) && !kept.has(name)) module.removeExport(name)
  module.runPasses(['remove-unused-module-elements', 'strip-debug', 'strip-producers'])
  return module.emitBinary()
}

/** The player of pages that stand alone, as one script. */
async function playerScript(): Promise<string> {
  const [result] = [
    await build({
      configFile: false,
      root: here('.'),
      logLevel: 'error',
      resolve: {
        conditions: ['source', 'module', 'browser', 'import', 'default'],
        // What draws with WebGL is most of the viewer, and a small page does without.
        alias: [{ find: /^\.\/choose\.ts$/, replacement: here('./player/choose.ts') }],
      },
      build: {
        write: false,
        target: 'es2023',
        lib: { entry: here('./player/main.ts'), formats: ['iife'], name: 'player' },
      },
    }),
  ].flat()
  const chunk = 'output' in result ? result.output.find((one) => one.type === 'chunk') : undefined
  if (chunk?.type !== 'chunk') throw new Error('the player is no script')
  return chunk.code
}

/** Writes `player.js` beside the pages; while they are developed it is built when it is asked for. */
function player(): Plugin {
  return {
    name: 'player',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'player.js', source: await playerScript() })
    },
    configureServer(server) {
      server.middlewares.use('/player.js', (_, response) => {
        response.setHeader('Content-Type', 'text/javascript')
        void playerScript().then((code) => response.end(code))
      })
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
  plugins: [sharedWorkers(), leanWasm(), player(), offline()],
  server: server
    ? { proxy: { '/api': server, '/games': server, '/socket.io': { target: server, ws: true } } }
    : {},
  build: {
    outDir: here(site ? '../dist/site' : '../dist/client'),
    rolldownOptions: { input: site ? [here('./tab.html')] : [here('./index.html'), here('./tab.html')] },
    emptyOutDir: true,
    target: 'es2023',
    // What workers import cannot be announced in a document.
    modulePreload: { polyfill: false, resolveDependencies: () => [] },
    chunkSizeWarningLimit: 700,
  },
})
