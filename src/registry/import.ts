import { existsSync, readFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UserError } from '#core/base/errors'
import type { GameModule } from './module.ts'
import { packageFile } from './package.ts'

/** We run from our sources, so that TypeScript is loaded already. */
const FROM_SOURCE = import.meta.url.endsWith('.ts')

/** What is done once in a thread, before the first module of somebody else is loaded. */
const done: { ours?: true; typescript?: true } = {}

/**
 * Loads a module, TypeScript too where this Node or the game's folder has something that reads it. What it imports from
 * `kickpush` is this Kickpush, wherever the module is.
 * @param instead what whoever has TypeScript that nothing here reads can do.
 * @throws UserError when it cannot be loaded.
 */
export async function importGame(
  { href, name }: Pick<GameModule, 'href' | 'name'>,
  instead = 'build it',
): Promise<object> {
  if (!done.ours) {
    register(`data:text/javascript,${encodeURIComponent(OURS)}`, { data: packageFile() })
    done.ours = true
  }
  if (/\.[cm]?tsx?$/.test(href)) await readTypeScript(href, name, instead)
  try {
    return await import(/* @vite-ignore */ href)
  } catch (error) {
    if (!isEsm(href)) {
      throw new UserError(`'${name}' cannot be loaded: its package.json lacks "type": "module"`)
    }
    const [line] = String(error instanceof Error ? error.message : error).split('\n')
    throw new UserError(`'${name}' cannot be loaded: ${line}`)
  }
}

/** A resolver: what is asked for as 'kickpush/record' is `#library/record` of the package whose file it is given. */
const OURS = `
let home
export const initialize = (data) => { home = data }
export const resolve = (name, context, next) => {
  const found = /^kickpush(?:\\/(.+))?$/.exec(name)
  return found ? next('#library/' + (found[1] ?? 'index'), { ...context, parentURL: home }) : next(name, context)
}
`

async function readTypeScript(href: string, name: string, instead: string): Promise<void> {
  // Node's own reading leaves files of node_modules alone.
  const own =
    Boolean((process.features as { typescript?: unknown }).typescript) && !href.includes('/node_modules/')
  if (FROM_SOURCE || done.typescript || own) return
  for (const from of [fileURLToPath(href), fileURLToPath(import.meta.url)]) {
    let tsx: string
    try {
      tsx = createRequire(from).resolve('tsx/esm/api')
    } catch {
      continue
    }
    // Its CommonJS half, which is found so, registers another kind of loader.
    const { register } = (await import(pathToFileURL(tsx.replace('index.cjs', 'index.mjs')).href)) as {
      register(): unknown
    }
    register()
    done.typescript = true
    return
  }
  throw new UserError(
    `'${name}' is TypeScript, which Node ${process.versions.node} does not run: ${instead}, or npm install tsx`,
  )
}

/** Whether Node takes a file for an ES module: by its ending, or by the nearest package.json. */
function isEsm(href: string): boolean {
  if (/\.m[jt]s$/.test(href)) return true
  for (let folder = new URL('./', href); ; folder = new URL('../', folder)) {
    const manifest = new URL('package.json', folder)
    if (existsSync(manifest)) return /"type"\s*:\s*"module"/.test(readFileSync(manifest, 'utf8'))
    if (folder.pathname === '/') return false
  }
}
