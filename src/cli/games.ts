import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse, parseJson } from '#core/env/config'
import type { RunInfo } from '#core/record/run'
import { type Games, loadGames } from '#registry/games'
import { importGame } from '#registry/import'
import { findModule, type GameModule } from '#registry/module'

/** What every command takes beside its own flags: which games there are. */
export interface Asked {
  /** The command line without these flags. */
  readonly words: readonly string[]
  /** Of `--env-module`: paths or package names. */
  readonly modules: readonly string[]
  /** Of `--config-file`. */
  readonly configFile: string | undefined
}

/** For help. */
export const GAME_FLAGS = `flags of every command
  --env-module <value>...  a game from elsewhere: a path or an installed package
  --config-file <value>    the file that lists such games [kickpush.config.js, .mjs, .ts or .json, here or above]`

/** Takes the flags that say which games there are out of a command line. @throws UserError for one without a value. */
export function askedGames(argv: readonly string[]): Asked {
  const words: string[] = []
  const modules: string[] = []
  let configFile: string | undefined
  for (let i = 0; i < argv.length; i++) {
    const [, flag, inline] = /^--(env-module|config-file)(?:=(.*))?$/s.exec(argv[i]) ?? []
    if (flag === undefined) {
      words.push(argv[i])
      continue
    }
    const value = inline ?? argv[++i]
    if (!value || (inline === undefined && value.startsWith('--')))
      throw new UserError(`kickpush: --${flag} needs a value`)
    if (flag === 'env-module') modules.push(value)
    else if (configFile !== undefined) throw new UserError('kickpush: --config-file is given twice')
    else configFile = value
  }
  return { words, modules, configFile }
}

/**
 * The games that come with Kickpush, those of the nearest config file, and those of flags.
 * @throws UserError for a file or a module that is not there or is bad.
 */
export async function gamesOf({ modules, configFile }: Asked, cwd: string): Promise<Games> {
  const file = configFile === undefined ? nearest(cwd) : resolve(cwd, configFile)
  const listed = file === undefined ? [] : await readConfig(file)
  const found = [...listed, ...modules.map((name) => findModule(name, cwd))]
  // What the file lists may be named again.
  return loadGames(found.filter(({ href }, i) => found.findIndex((one) => one.href === href) === i))
}

/**
 * The games there are and those that a run was begun with.
 * @throws UserError when one of those is not there, or there in another version.
 */
export async function gamesOfRun(games: Games, { packages = {} }: RunInfo, where: string): Promise<Games> {
  let all = games
  for (const [id, { package: name, version, module }] of Object.entries(packages)) {
    const told = `${where} was begun with ${id} of ${name ? `${name} ${version}` : module}`
    if (!all.envs.some((env) => env.id === id)) {
      const found = attempt(() => findModule(module, process.cwd()))
      if (!found) throw new UserError(`${told}, which is not here: install it, or give --env-module`)
      all = await loadGames([...all.added, found])
    }
    const here = all.added.find(({ ids }) => ids.includes(id))
    if (here && here.package === name && here.version === version) continue
    throw new UserError(
      `${told}; here is ${here ? `${here.package} ${here.version}` : 'one that came with Kickpush'}`,
    )
  }
  return all
}

function attempt(find: () => GameModule): GameModule | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

const NAMES = ['js', 'mjs', 'ts', 'json'].map((ending) => `kickpush.config.${ending}`)

/** The config file of a folder, or of the nearest above it that has one. */
function nearest(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find((file) => existsSync(file))
    if (found !== undefined || dirname(folder) === folder) return found
  }
}

const Config = z.strictObject({
  envModules: z.array(z.string().min(1)).default([]).describe('paths from this file, or installed packages'),
})

async function readConfig(file: string): Promise<GameModule[]> {
  if (!existsSync(file)) throw new UserError(`--config-file: there is no '${file}'`)
  const { envModules } = file.endsWith('.json')
    ? parseJson(Config, readFileSync(file, 'utf8'), file)
    : parse(Config, await exportOf(file), file)
  return envModules.map((name) => findModule(name, dirname(file)))
}

async function exportOf(file: string): Promise<unknown> {
  const module = await importGame({ name: file, href: pathToFileURL(file).href }, 'write it as .mjs or .json')
  if ('default' in module) return module.default
  throw new UserError(`${file} has no default export, like { envModules: ['./my-game'] }`)
}
