import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import type { Command, Io } from '../command.ts'
import { writeAside } from '../io.ts'
import { packageFiles } from '../package.ts'
import { root } from '../root.ts'

const flags = z.object({
  _: z.array(z.string()).default([]).describe('<name>: lower-case letters, digits and -'),
})

/** A small whole game to start from, which plays, trains, is drawn and passes the checks as it is. */
export const command: Command = {
  summary: 'begin a new environment from a small working game',
  examples: ['kickpush new-env maze', 'kickpush new-env tower-of-hanoi'],
  flags,
  async run(given, io, { envs }) {
    const { _: names } = flags.parse(given)
    if (names.length !== 1) throw new UserError(`kickpush new-env: give one name (got ${names.length})`)
    const [id] = names
    checkName(id, envs)
    const home = fileURLToPath(root)
    const cwd = realpathSync(process.cwd())
    // In a clone games are added to the sources; elsewhere they are packages.
    if (existsSync(new URL('src/core/', root)) && `${cwd}${sep}`.startsWith(home)) {
      await writeGame(id, root, io)
      return build(id, io)
    }
    await writePackage(id, cwd, io)
    io.print(`next: cd ${id}, npm install, npx kickpush check ${id}`)
    return 0
  },
}

/** Writes the game as a package of its own. @throws UserError when there is such a folder already. */
export async function writePackage(id: string, where: string, io: Io): Promise<void> {
  const folder = join(where, id)
  if (existsSync(folder)) throw new UserError(`kickpush new-env: ${folder} is there already`)
  const files = { ...packageFiles(id, identifier(id)) }
  for (const [file, text] of Object.entries(await gameFiles(id))) files[`src/${file}`] = outside(text)
  for (const [file, text] of Object.entries(files).sort()) {
    await writeAside(join(folder, file), text)
    io.print(`${id}/${file}`)
  }
}

/** The template's files as this game's, by path. */
async function gameFiles(id: string): Promise<Record<string, string>> {
  const template = new URL('src/cli/template/', root)
  const found = await readdir(template, { recursive: true })
  const paths = found.filter((path) => path.endsWith('.ts')).sort()
  const texts = paths.map(async (path) => rename(await readFile(new URL(path, template), 'utf8'), id))
  return Object.fromEntries((await Promise.all(texts)).map((text, i) => [paths[i], text]))
}

/** A file of a game as a package has it: what is of Kickpush, and its zod, come from 'kickpush/env'. */
const outside = (text: string): string => text.replace(/(?<=from )'(#core\/[^']*|zod)'/g, "'kickpush/env'")

/** Writes the game into a package's folder and lists it there. @throws UserError when it is there already. */
export async function writeGame(id: string, home: URL, io: Io): Promise<void> {
  const folder = new URL(`envs/${id}/`, home)
  const registry = new URL('envs/index.ts', home)
  if (existsSync(folder)) throw new UserError(`kickpush new-env: envs/${id} is there already`)
  const listed = register(await readFile(registry, 'utf8'), id)
  for (const [file, text] of Object.entries(await gameFiles(id))) {
    await writeAside(fileURLToPath(new URL(file, folder)), text)
    io.print(`envs/${id}/${file}`)
  }
  await writeAside(fileURLToPath(registry), listed)
  io.print(`envs/index.ts: + ${identifier(id)}`)
}

/** Names that would not do as an identifier, or as the name of something else in the registry's file. */
const TAKEN = new Set(
  'env envs index break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield await'.split(
    ' ',
  ),
)

function checkName(id: string, envs: readonly Env[]): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 40 || TAKEN.has(id)) {
    throw new UserError(
      `kickpush new-env: a name has lower-case letters, digits and single -, and is no word of the language (got '${id}')`,
    )
  }
  if (envs.some((env) => env.id === id)) throw new UserError(`kickpush new-env: there is a '${id}' already`)
}

const LIST = 'export const envs: readonly Env[] = ['

/** The registry with one line more. @throws UserError when it does not look like a registry. */
export function register(source: string, id: string): string {
  if (!source.includes(LIST))
    throw new UserError('kickpush new-env: envs/index.ts has no list of environments')
  const line = `import { ${identifier(id)} } from './${id}/index.ts'`
  const lines = source.split('\n')
  const games = lines.filter((one) => /^import .* from '\.\//.test(one))
  const next = games.find((one) => from(one) > from(line))
  const at = next === undefined ? lines.lastIndexOf(games[games.length - 1]) + 1 : lines.indexOf(next)
  lines.splice(at, 0, line)
  const text = lines.join('\n')
  const begin = text.indexOf(LIST) + LIST.length
  const end = text.indexOf(']', begin)
  const list = text.slice(begin, end)
  const names = list.trimEnd()
  const before = names.endsWith(',') ? names.slice(0, -1) : names
  const after = list.slice(names.length)
  return `${text.slice(0, begin)}${before}, ${identifier(id)}${after}${text.slice(end)}`
}

const from = (line: string): string => line.slice(line.indexOf("'"))

/** The template's names in all their forms, as this game's. */
export function rename(text: string, id: string): string {
  const camel = identifier(id)
  const type = camel[0].toUpperCase() + camel.slice(1)
  return text
    .replaceAll("'coinfield'", `'${id}'`)
    .replace(/\bcoinfield\b/g, camel)
    .replace(/\bCoinfield\b/g, type)
}

const identifier = (id: string): string => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A built command line plays what is built, so it is built again. */
function build(id: string, io: Io): number {
  if (import.meta.url.includes('/dist/')) {
    io.note('building ...')
    const { status } = spawnSync(process.execPath, ['build.mjs'], {
      cwd: fileURLToPath(root),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) {
      io.note('the build failed: `npm run build` says why')
      return 1
    }
  }
  io.print(`next: kickpush check ${id}, then docs/add-an-environment.md`)
  return 0
}
