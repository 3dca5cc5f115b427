import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { KICKPUSH } from '#core/base/version'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Which rooms a room may import. Arrows point down only. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  envs: ['envs', 'core'],
  stores: ['stores', 'core'],
  threads: ['threads'],
  registry: ['registry', 'envs', 'core'],
  agent: ['agent', 'registry', 'threads', 'stores', 'core'],
  server: ['server', 'registry', 'threads', 'stores', 'core'],
  client: ['client', 'stores', 'envs', 'core'],
  lab: ['lab', 'client', 'agent', 'server', 'stores', 'envs', 'core'],
  library: ['library', 'agent', 'server', 'registry', 'stores', 'envs', 'core'],
  cli: ['cli', 'agent', 'server', 'registry', 'threads', 'stores', 'envs', 'core', 'bench'],
  bench: ['bench', 'cli', 'agent', 'server', 'registry', 'threads', 'stores', 'envs', 'core'],
}
const FOLDERS: Readonly<Record<string, string>> = {
  core: 'src/core',
  stores: 'src/stores',
  threads: 'src/threads',
  registry: 'src/registry',
  envs: 'envs',
  agent: 'agent',
  server: 'server',
  client: 'client',
  lab: 'client/lab',
  library: 'src/library',
  cli: 'src/cli',
  bench: 'bench',
}
/** Rooms that run in browsers, too, but for what is of one host only. */
const ISOMORPHIC = ['core', 'envs', 'agent', 'client', 'lab']
const OF_A_HOST = /^agent\/hosts\/|^agent\/kernels\/build|\.config\.ts$/
const PURE = ['core', 'envs']
/** Readers of other programs' files, with packages of their own. */
const READERS = /^envs\/\w+\/python\//
/** What only the command line needs of a game: its tools, and what they are made of. */
const COMMAND_LINE_ONLY = /^envs\/(tools\.ts$|\w+\/(tools\.ts$|commands\/|python\/))/
const MATH = 'abs min max floor ceil trunc round fround imul sign clz32 sqrt'.split(' ')
const CONSTANTS = 'PI E LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2'.split(' ')

interface Source {
  readonly path: string
  readonly room: string
  readonly text: string
}

const sources: Source[] = Object.entries(FOLDERS).flatMap(([room, folder]) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => room !== 'client' || !path.startsWith('lab/'))
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(assembly|node_modules|dist)\//.test(path))
    .map((path) => join(folder, path).split(sep).join('/'))
    .map((path) => ({ path, room, text: readFileSync(join(ROOT, path), 'utf8') })),
)
const games = readdirSync(join(ROOT, 'envs'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** Code without comments, and without what strings say where `strings` is false. Lines keep their numbers. */
function bare(text: string, strings: boolean): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return text.replace(token, (found) => {
    const comment = found.startsWith('/*') || found.startsWith('//')
    if (!comment && (strings || found.startsWith('`'))) return found
    return found.replace(/[^\n]/g, ' ')
  })
}

/** 'path:line what' for every match in the sources. */
function found(where: readonly Source[], pattern: RegExp, strings = false): string[] {
  return where.flatMap(({ path, text }) =>
    bare(text, strings)
      .split('\n')
      .flatMap((line, i) => [...line.matchAll(pattern)].map(([what]) => `${path}:${i + 1} ${what.trim()}`)),
  )
}

function imports({ text }: Source): string[] {
  const pattern = /^(?:import|export)\b(?:[^'"]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...bare(text, true).matchAll(pattern)].map(([, specifier, later]) => specifier ?? later)
}

/** The file of this repository that an import leads to; of a package, what names it. */
function fileOf(source: Source, specifier: string): string {
  if (specifier === '#envs') return 'envs/index.ts'
  if (specifier.startsWith('.')) return join(dirname(source.path), specifier).split(sep).join('/')
  const [room, ...path] = specifier.slice(1).split('/')
  return specifier.startsWith('#') ? `${FOLDERS[room]}/${path.join('/')}.ts` : specifier
}

/** The room that an import leads to; null for a package. */
function roomOf(source: Source, specifier: string): string | null {
  if (/^#tf(-wasm)?$/.test(specifier)) return null
  if (specifier.startsWith('#')) return specifier.slice(1).split('/')[0]
  if (!specifier.startsWith('.')) return null
  const target = normalize(join(dirname(source.path), specifier))
    .split(sep)
    .join('/')
  // The folder nearest to the file.
  const homes = Object.entries(FOLDERS).filter(([, folder]) => target.startsWith(`${folder}/`))
  return homes.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? target
}

test('there is something to hold walls around', () => {
  expect(sources.length).toBeGreaterThan(30)
  expect(sources.flatMap(imports).length).toBeGreaterThan(60)
})

describe('imports', () => {
  test('point down only, and cross rooms by the import map', () => {
    const wrong = sources.flatMap((source) =>
      imports(source).flatMap((specifier) => {
        const room = roomOf(source, specifier)
        if (room === null) return []
        const dynamic = bare(source.text, true).includes(`import('${specifier}')`)
        const allowed =
          MAY[source.room].includes(room) || (room === 'lab' && source.path === 'client/main.ts' && dynamic)
        // A benchmark measures insides that no map exports.
        // The Lab is a page among the viewer's.
        const beside = source.room === 'lab' ? room === 'client' : room === 'lab'
        const byMap = room === source.room || source.room === 'bench' || beside || specifier.startsWith('#')
        return allowed && byMap ? [] : [`${source.path} imports ${specifier}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  test('go around in no circle, not even for a type', () => {
    const known = new Map(sources.map((source) => [source.path, source]))
    const leads = new Map(
      sources.map((source) => [
        source.path,
        imports(source)
          .map((specifier) => fileOf(source, specifier))
          .filter((path) => known.has(path)),
      ]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      if (done.has(path)) return
      done.add(path)
      for (const next of leads.get(path)!) visit(next, [...trail, path])
    }
    for (const { path } of sources) visit(path, [])
    expect(circles).toEqual([])
    expect([...leads.values()].flat().length).toBeGreaterThan(1000)
  })

  test('of a game stay in its folder', () => {
    const wrong = sources
      .filter(({ room, path }) => room === 'envs' && !/^envs\/(index|tools)\.ts$/.test(path))
      .flatMap((source) =>
        imports(source)
          .filter((specifier) => specifier.startsWith('.') || specifier.startsWith('#envs'))
          .filter((specifier) => {
            const home = source.path.split('/').slice(0, 2).join('/')
            return relative(home, join(dirname(source.path), specifier)).startsWith('..')
          })
          .map((specifier) => `${source.path} imports ${specifier}`),
      )
    expect(wrong).toEqual([])
  })

  test('of core and games are zod and seedrandom, and nothing else from outside', () => {
    const packages = sources
      .filter(({ room, path }) => PURE.includes(room) && !READERS.test(path))
      .flatMap((source) => imports(source).filter((specifier) => roomOf(source, specifier) === null))
    expect([...new Set(packages)].sort()).toEqual(['seedrandom', 'zod'])
  })

  test('of the tools of games are for the command line alone: no browser, server or training reaches one', () => {
    const known = new Map(sources.map((source) => [source.path, source]))
    const reached = new Map<string, string>()
    const visit = (path: string, trail: string): void => {
      const source = known.get(path)
      if (source === undefined || reached.has(path)) return
      reached.set(path, trail)
      for (const specifier of imports(source)) visit(fileOf(source, specifier), `${trail} -> ${path}`)
    }
    const starts = sources.filter(
      ({ room, path }) => /^(client|server|agent)$/.test(room) || path === 'envs/index.ts',
    )
    for (const { path } of starts) visit(path, '')
    const wrong = [...reached].filter(([path]) => COMMAND_LINE_ONLY.test(path))
    expect(wrong.map(([path, trail]) => `${trail} -> ${path}`)).toEqual([])
    expect(reached.size).toBeGreaterThan(200)
    expect(sources.some(({ path }) => COMMAND_LINE_ONLY.test(path))).toBe(true)
  })

  test('of the tools of games are dynamic, so that a command that needs none loads none', () => {
    const loaded = sources
      .filter(({ path }) => !COMMAND_LINE_ONLY.test(path) && !path.startsWith('bench/'))
      .flatMap((source) =>
        [...bare(source.text, true).matchAll(/\bfrom\s*'([^']*)'/g)]
          .map(([, to]) => fileOf(source, to))
          .filter((to) => COMMAND_LINE_ONLY.test(to) && to !== 'envs/tools.ts')
          .map((to) => `${source.path} imports ${to}`),
      )
    expect(loaded).toEqual([])
  })

  test('of the learning core are of no host: it is handed in', () => {
    const core = sources.filter(({ room, path }) => room === 'agent' && !OF_A_HOST.test(path))
    const wrong = core.flatMap((source) =>
      imports(source)
        .filter((specifier) => {
          const target = specifier.startsWith('.')
            ? normalize(join(dirname(source.path), specifier))
            : specifier
          return OF_A_HOST.test(target.split(sep).join('/')) || /^#stores|^#registry|^canvas$/.test(specifier)
        })
        .map((specifier) => `${source.path} imports ${specifier}`),
    )
    expect(wrong).toEqual([])
    expect(core.length).toBeGreaterThan(60)
  })

  test('of the entrances for browsers lead to nothing of Node', () => {
    const known = new Map(sources.map((source) => [source.path, source]))
    const begun = ['index', 'env', 'record', 'scene'].map((name) => `src/library/${name}.ts`)
    const reached = new Set(begun)
    for (const path of reached) {
      const source = known.get(path)
      if (!source) continue
      for (const specifier of imports(source)) reached.add(fileOf(source, specifier))
    }
    const outside = [...reached].filter((path) => !known.has(path))
    expect(outside.sort()).toEqual(['seedrandom', 'zod'])
    expect(reached.size).toBeGreaterThan(60)
  })

  test('of rooms that run in browsers take nothing from Node', () => {
    const where = sources.filter(({ room, path }) => ISOMORPHIC.includes(room) && !OF_A_HOST.test(path))
    const fromNode = where.flatMap((source) =>
      imports(source)
        .filter((specifier) => specifier.startsWith('node:') || builtinModules.includes(specifier))
        .map((specifier) => `${source.path} imports ${specifier}`),
    )
    expect(fromNode).toEqual([])
    expect(found(where, /(?<![.\w])(process|Buffer|__dirname|__filename|require)\b(?!\s*[:,)=])/g)).toEqual(
      [],
    )
  })
})

/** What engines may round each in their own way. */
function inexact(where: readonly Source[]): string[] {
  const allowed = [...MATH, ...CONSTANTS].join('|')
  const functions = new RegExp(`\\bMath\\.(?!(?:${allowed})\\b)\\w+|\\bMath\\[`, 'g')
  // The operator, and not what a pattern looks for.
  return [...found(where, functions), ...found(where, /[\w)\]]\s*\*\*=?\s*[\w(]/g)]
}

test('nothing that reaches a record, a checkpoint, a metric or a report is rounded differently elsewhere', () => {
  // Sampling on backends of tfjs whose own exponentials are the engine's or the graphics card's.
  const named = ['agent/kernels/sample.ts']
  const learner = sources.filter(({ room, path }) => room === 'agent' && !OF_A_HOST.test(path))
  expect(inexact(learner.filter(({ path }) => !named.includes(path)))).toEqual([])
  expect(inexact(learner).length).toBeGreaterThan(0)
})

describe('core and games', () => {
  const pure = sources.filter(({ room }) => PURE.includes(room))

  test('use only the functions of Math that are exact everywhere', () => {
    expect(inexact(pure)).toEqual([])
  })

  test('know no time, place or chance of their own', () => {
    const pattern =
      /\b(Date|Intl|performance|crypto|setTimeout|setInterval)\b(?=[.(\s])|\btoLocale\w*|\blocaleCompare\b/g
    expect(found(pure, pattern)).toEqual([])
  })

  test('keep no state in modules', () => {
    expect(found(pure, /^(export )?(let|var)\b.*/g)).toEqual([])
    expect(found(pure, /^(export )?const \w+.* = new (Weak)?(Map|Set)\b(<.*>)?\(\)/g)).toEqual([])
    expect(found(pure, /^(export )?const \w+(: [^=]*\[\])? = \[\]$/g)).toEqual([])
  })
})

test('no data is spread into arguments: a list of 130,000 overflows the stack', () => {
  const spread =
    /\bMath\.(?:min|max)\(\.\.\.|\.(?:push|unshift|concat|splice|fromCharCode)\((?:[^()]*,)?\s*\.\.\./g
  expect(found(sources, spread)).toEqual([])
})

test('only a game names itself: nothing else knows which games there are', () => {
  const elsewhere = sources.filter(({ room }) => room !== 'envs' && room !== 'bench')
  // A whole word, alone or as a part of a name (sokobanLevel), so that a game `go` is not found in `got`.
  const pattern = new RegExp(`(?<![a-z])(${games.join('|')})(?![a-z])`, 'i')
  // Command lines shown as examples may name one.
  const named = elsewhere.flatMap(({ path, text }) =>
    bare(text, true)
      .split('\n')
      .map((line, i) => ({ line, at: `${path}:${i + 1}` }))
      .filter(({ line }) => !/kickpush /.test(line))
      .filter(({ line }) => pattern.test(line.replace(/([a-z])([A-Z])/g, '$1 $2')))
      .map(({ line, at }) => `${at} ${line.trim()}`),
  )
  expect(named).toEqual([])
})

test('files stay short', () => {
  const long = sources.map(({ path, text }) => [path, text.split('\n').length] as const)
  expect(long.filter(([, lines]) => lines > 320)).toEqual([])
})

test('core and package.json say the same version', () => {
  expect(KICKPUSH).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version)
})

test('the walls see what they are meant to see', () => {
  const text =
    "import { a } from '../x.ts' // Math.sin\nimport 'y'\nvoid import('z')\nconst b = Math.pow(2 ** 3, 'Math.cos') /* Date. */\nlet c = 0\n"
  const source = [{ path: 'src/core/fake.ts', room: 'core', text }]
  expect(imports(source[0])).toEqual(['../x.ts', 'y', 'z'])
  expect(found(source, /\bMath\.\w+/g)).toEqual(['src/core/fake.ts:4 Math.pow'])
  expect(found(source, /\*\*/g)).toHaveLength(1)
  expect(found(source, /^(export )?(let|var)\b.*/g)).toHaveLength(1)
  expect(found(source, /\bDate\b/g)).toEqual([])
})
