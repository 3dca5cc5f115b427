import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parseJson } from '#core/env/config'

/** A module that brings games, as it was found; plain data. */
export interface GameModule {
  /** As it was asked for: a package's name, or an absolute path. */
  readonly name: string
  /** The file that is loaded, as an URL. */
  readonly href: string
  /** Name and version of its package; empty where it is in none. */
  readonly package: string
  readonly version: string
  /** The file that its author built for browsers, whole in itself; null without one. */
  readonly browser: string | null
}

const Manifest = z.looseObject({
  name: z.string().default(''),
  version: z.string().default(''),
  main: z.string().optional(),
  exports: z.unknown().optional(),
  browser: z.unknown().optional(),
})
type Manifest = z.infer<typeof Manifest>

/** What a folder without a word about its entry is begun at. */
const INDEX = ['index.ts', 'index.js', 'index.mjs', 'src/index.ts']

/**
 * The module of a path (`./my-game`, a file or a folder) or of an installed package, looked for from a folder.
 * @throws UserError when there is none.
 */
export function findModule(name: string, from: string): GameModule {
  const isPath = /^\.{0,2}\//.test(name) || name === '.' || name === '..' || existsSync(resolve(from, name))
  const place = isPath ? resolve(from, name) : packageFolder(name, from)
  if (place === null || !existsSync(place)) {
    const where = isPath
      ? 'there is no such file or folder'
      : `no package of that name is installed at ${from}`
    throw new UserError(`game module '${name}': ${where}`)
  }
  const file = statSync(place).isDirectory() ? entryOf(place, name) : place
  const home = homeOf(file)
  const manifest = home === null ? null : readManifest(home)
  const told = manifest && browserOf(manifest)
  return {
    name: isPath ? place : name,
    href: pathToFileURL(file).href,
    package: manifest?.name ?? '',
    version: manifest?.version ?? '',
    browser: home !== null && told ? join(home, told) : null,
  }
}

/** The folder of an installed package; null where it is not installed. */
function packageFolder(name: string, from: string): string | null {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) return null
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(found)) return found
    if (dirname(folder) === folder) return null
  }
}

function entryOf(folder: string, name: string): string {
  const manifest = existsSync(join(folder, 'package.json')) ? readManifest(folder) : null
  const told = manifest && (pick(rootOf(manifest.exports), ['node', 'import', 'default']) ?? manifest.main)
  if (told) {
    if (existsSync(join(folder, told))) return join(folder, told)
    throw new UserError(`game module '${name}': its package.json names ${told}, which is not there: build it`)
  }
  const found = INDEX.find((file) => existsSync(join(folder, file)))
  if (found !== undefined) return join(folder, found)
  throw new UserError(
    `game module '${name}': the folder has no package.json with exports, and no ${INDEX[0]}`,
  )
}

function browserOf({ exports, browser }: Manifest): string | undefined {
  return pick(rootOf(exports), ['browser']) ?? (typeof browser === 'string' ? browser : undefined)
}

/** What `exports` says of the package itself. */
function rootOf(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) return exports
  return '.' in exports ? exports['.'] : exports
}

/** The first target under one of some conditions. */
function pick(target: unknown, conditions: readonly string[]): string | undefined {
  if (typeof target === 'string') return conditions.includes('default') ? target : undefined
  if (typeof target !== 'object' || target === null) return undefined
  for (const [condition, next] of Object.entries(target)) {
    if (!conditions.includes(condition)) continue
    const found = pick(next, [...conditions, 'default'])
    if (found !== undefined) return found
  }
  return undefined
}

/** The nearest folder with a package.json. */
function homeOf(file: string): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (dirname(folder) === folder) return null
  }
}

function readManifest(folder: string): Manifest {
  const path = join(folder, 'package.json')
  return parseJson(Manifest, readFileSync(path, 'utf8'), path)
}
