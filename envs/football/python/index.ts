/**
 * Google Research Football's scenario files: Python that is parsed (Lezer) and evaluated as far as its values are
 * literals. Only the command line loads this folder, so that browsers carry no parser.
 */
import type { SyntaxNode } from '@lezer/common'
import { UserError } from '#core/base/errors'
import { ROLES, type Scenario } from '../scenarios/scenario.ts'
import { builderOf } from './builder.ts'
import { firstLine } from './expressions.ts'
import { parts, type Source, sourceOf } from './source.ts'
import { block, run, type World } from './statements.ts'
import { isThing, numeric, shown, type Value } from './values.ts'

/** A file that plays more statements than this is not a list of players. */
const MOST_STATEMENTS = 10_000

/**
 * The scenario that a file's `build_scenario` describes in the given episode (its `EpisodeNumber()`). Constants,
 * arithmetic, comparisons, `if`, loops over lists, and names for any of them are evaluated; everything else is refused.
 * @throws UserError with the line that cannot be read, and why.
 */
export function readPython(text: string, what: string, episode = 0): Scenario {
  try {
    return read(sourceOf(text, what), what, episode)
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${what}: nested too deeply`)
    throw error
  }
}

function read(source: Source, what: string, episode: number): Scenario {
  const builder = builderOf(source, episode)
  const names = new Map<string, Value>(Object.entries(builtins(source)))
  let count = 0
  const world: World = {
    names,
    imported,
    attribute(of, name, node) {
      if (isThing(of)) {
        if (of.kind === 'builder') return builder.method(name, node)
        if (of.kind === 'config') return builder.setting(name, node)
        if (of.kind === 'unknown') return { kind: 'unknown', name: `${of.name}.${name}` }
        const found = membersOf(of.kind).get(name)
        if (found !== undefined) return found
      }
      return source.refuse(node, `no '${firstLine(source.text(node))}'`)
    },
    assign(of, name, value, node) {
      if (!isThing(of) || of.kind !== 'config')
        source.refuse(node, `cannot set '${firstLine(source.text(node))}'`)
      else if (isThing(value) && value.kind === 'unknown') {
        source.refuse(node, `${shown(value)} is not known before the file is run`)
      } else builder.configure(name, value, node)
    },
    tick(node) {
      if (++count > MOST_STATEMENTS) source.refuse(node, `more than ${MOST_STATEMENTS} statements`)
    },
  }
  const statements = parts(source.top)
  const definitions = statements.filter((node) => node.name === 'FunctionDefinition')
  const build = definitions.filter((node) => source.text(parts(node)[1]) === 'build_scenario').pop()
  if (!build) throw new UserError(`${what}: no function build_scenario`)
  run(
    source,
    world,
    statements.filter((node) => !definitions.includes(node)),
  )
  for (const node of definitions) {
    const name = source.text(parts(node)[1])
    if (!names.has(name)) names.set(name, { kind: 'unknown', name: `${name}()` })
  }
  names.set(parameterOf(source, build), { kind: 'builder' })
  run(source, world, block(parts(build)[parts(build).length - 1]))
  return builder.scenario()
}

function parameterOf(source: Source, build: SyntaxNode): string {
  const list = parts(build).find((node) => node.name === 'ParamList')
  const parameters = list ? parts(list).filter((node) => node.name === 'VariableName') : []
  if (parameters.length !== 1) return source.refuse(build, 'build_scenario takes one argument, the builder')
  return source.text(parameters[0])
}

const TEAMS = new Map<string, Value>([
  ['e_Left', { kind: 'team', team: 'left' }],
  ['e_Right', { kind: 'team', team: 'right' }],
])

const ROLE_NAMES = new Map<string, Value>(
  ROLES.map((role) => [`e_PlayerRole_${role}`, { kind: 'role', role }]),
)

/** What the engine's module and its two enumerations hold. */
function membersOf(kind: string): ReadonlyMap<string, Value> {
  if (kind === 'engine') {
    return new Map<string, Value>([
      ['e_Team', { kind: 'teams' }],
      ['e_PlayerRole', { kind: 'roles' }],
    ])
  }
  if (kind === 'teams') return TEAMS
  return kind === 'roles' ? ROLE_NAMES : new Map()
}

/** The names that an import binds, as far as we know the module. */
function imported(module: string, name: string): ReadonlyMap<string, Value> {
  if (name === '') {
    return new Map<string, Value>(
      module === 'gfootball_engine' ? [['gfootball_engine', { kind: 'engine' }]] : [],
    )
  }
  const known =
    module === '.' || module === 'gfootball.scenarios'
      ? new Map<string, Value>([...ROLE_NAMES, ['Team', { kind: 'teams' }], ['libgame', { kind: 'engine' }]])
      : module === 'gfootball_engine'
        ? membersOf('engine')
        : new Map<string, Value>()
  if (name === '*') return known
  return new Map([[name, known.get(name) ?? { kind: 'unknown', name: `${module}.${name}` }]])
}

/** Python's functions that lists of players are written with. */
function builtins(source: Source): Readonly<Record<string, Value>> {
  const call = (name: string, of: (given: readonly Value[], node: SyntaxNode) => Value): Value => ({
    kind: 'call',
    name,
    call: ({ plain, named }, node) =>
      named.size === 0
        ? of(plain, node)
        : source.refuse(node, `cannot read '${firstLine(source.text(node))}'`),
  })
  const list = (value: Value, node: SyntaxNode): readonly Value[] =>
    Array.isArray(value) ? value : source.refuse(node, `${shown(value)} is not a list`)
  return {
    range: call('range', (given, node) => range(source, given, node)),
    enumerate: call('enumerate', ([items, start], node) =>
      list(items, node).map((value, i) => [i + (numeric(start ?? 0) ?? 0), value]),
    ),
    zip: call('zip', (given, node) => {
      const lists = given.map((value) => list(value, node))
      const length = lists.reduce((least, { length }) => Math.min(least, length), lists.length ? 1e9 : 0)
      return Array.from({ length }, (_, i) => lists.map((values) => values[i]))
    }),
    len: call('len', ([value], node) => list(value, node).length),
  }
}

function range(source: Source, given: readonly Value[], node: SyntaxNode): Value {
  const numbers = given.map((value) => numeric(value) ?? Number.NaN)
  const [from, to, by] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1]
  const length = Math.max(0, Math.ceil((to - from) / by))
  if (![from, to, by].every(Number.isInteger) || by === 0 || numbers.length > 3 || length > MOST_STATEMENTS) {
    return source.refuse(node, `cannot read '${firstLine(source.text(node))}'`)
  }
  return Array.from({ length }, (_, i) => from + i * by)
}
