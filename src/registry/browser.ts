import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { GameModule } from './module.ts'
import { packageFile } from './package.ts'

/** What of esbuild is used; it need not be there. */
interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>
}

/**
 * A game's module for browsers, as one file: what its author built (`browser` of its package.json), or where it is loaded
 * from TypeScript, made now by an esbuild that is installed beside it or beside us (as a part of tsx, say).
 * @returns its text, or why there is none.
 */
export async function browserText(module: GameModule): Promise<{ text: string } | { missing: string }> {
  const file = fileURLToPath(module.href)
  const built = module.browser !== null && existsSync(module.browser) ? module.browser : null
  const esbuild = /\.[cm]?ts$/.test(file) || built === null ? await findEsbuild(file) : undefined
  if (esbuild) return bundle(esbuild, file)
  if (built !== null) return { text: readFileSync(built, 'utf8') }
  if (module.browser !== null) return { missing: `${module.browser} is not built` }
  return { missing: 'its package.json has no "browser" file, and there is no esbuild to make one' }
}

async function findEsbuild(file: string): Promise<Esbuild | undefined> {
  for (const from of [file, fileURLToPath(import.meta.url)]) {
    for (const beside of ['', 'tsx']) {
      try {
        const near = beside === '' ? from : createRequire(from).resolve(`${beside}/package.json`)
        const found = createRequire(near).resolve('esbuild')
        const { default: all, build } = (await import(pathToFileURL(found).href)) as Esbuild & {
          default: Esbuild
        }
        return typeof build === 'function' ? { build } : all
      } catch {
        // not there
      }
    }
  }
  return undefined
}

async function bundle(esbuild: Esbuild, file: string): Promise<{ text: string } | { missing: string }> {
  const root = fileURLToPath(new URL('.', packageFile()))
  const fromSource = import.meta.url.endsWith('.ts')
  // What a game imports from `kickpush` is this Kickpush, as in Node.
  const ours = {
    name: 'kickpush',
    setup(build: {
      onResolve(filter: object, resolve: (args: { path: string }) => unknown): void
      resolve(path: string, options: object): Promise<object>
    }) {
      build.onResolve({ filter: /^kickpush(\/|$)/ }, ({ path }) =>
        build.resolve(`#library/${path.slice('kickpush/'.length) || 'index'}`, {
          resolveDir: root,
          kind: 'import-statement',
        }),
      )
    },
  }
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [file],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      conditions: fromSource ? ['source'] : [],
      minify: true,
      write: false,
      logLevel: 'silent',
      plugins: [ours],
    })
    return { text: outputFiles[0].text }
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n')
    return { missing: `it cannot be bundled: ${line}` }
  }
}
