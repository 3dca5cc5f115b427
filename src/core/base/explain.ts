import { z } from 'zod'
import { didYouMean, shown } from './errors.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/**
 * The first thing that is wrong about `value`, in one line: what, which value, what is allowed.
 * @param label names the place of a value within the whole ('stages.0.rate').
 */
export function explain(
  error: z.ZodError,
  value: unknown,
  schema: z.ZodType,
  label: (path: Path) => string = quoted,
): string {
  const [issue] = error.issues
  const { path } = issue
  const where = path.length > 0 ? label(path) : ''
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys
    return `${where && `${where}: `}unknown key '${key}'${didYouMean(key, keysAt(schema, path, value))}`
  }
  const given = valueAt(value, path)
  if (given === undefined && where) return `${where} is missing`
  if (issue.code === 'invalid_value' && issue.values.length > 1) {
    return `${where && `${where}: `}no ${shown(given)}${didYouMean(typeof given === 'string' ? given : shown(given), issue.values.map(String))}`
  }
  const wanted = demand(issue)
  return `${where && `${where}${wanted ? '' : ':'} `}${wanted ?? issue.message} (got ${shown(given)})`
}

function quoted(path: Path): string {
  return `'${path.map(String).join('.')}'`
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((of, key) => {
    const there = typeof of === 'object' && of !== null && Object.hasOwn(of, key)
    return there ? (of as Record<PropertyKey, unknown>)[key] : undefined
  }, value)
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** What an issue asks for ("must be at least 1"); undefined where the schema's own message says it. */
function demand(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `must ${bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}`
    case 'too_big':
      return `must ${bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}`
    case 'invalid_value':
      return `must be ${shown(issue.values[0])}`
    case 'invalid_union':
      return ruleOf(issue.errors) ?? `must be ${unionOf(issue.errors)}`
    default:
      return undefined
  }
}

function bound(origin: string, limit: string, size: number | bigint): string {
  if (origin === 'string') return `have ${limit} ${size} characters`
  return origin === 'array' ? `have ${limit} ${size} items` : `be ${limit} ${size}`
}

/** The rule that a value breaks which is of a kind that the union takes; undefined where it is of none. */
function ruleOf(members: readonly (readonly Issue[])[]): string | undefined {
  return members.map(([first]) => first).find((first) => first?.code === 'custom' && first.path.length === 0)
    ?.message
}

/** The kinds a union takes ("a text or a number"), where its members are so plain that they say it. */
function unionOf(members: readonly (readonly Issue[])[]): string {
  const kinds = members.map(([first]) => (first?.code === 'invalid_type' ? KINDS[first.expected] : undefined))
  const known = kinds.length > 0 && kinds.every((kind) => kind !== undefined)
  return known ? [...new Set(kinds)].join(' or ') : 'of another type'
}

/** The keys that the object at `path` may have, where the schema says it plainly. */
function keysAt(schema: z.ZodType, path: Path, value: unknown): string[] {
  let type: z.ZodType | undefined = schema
  let given = value as Record<PropertyKey, unknown> | undefined
  for (let depth = 0; ; depth++) {
    type = plain(type, given)
    if (depth === path.length) return type instanceof z.ZodObject ? Object.keys(type.shape) : []
    if (type instanceof z.ZodArray) type = type.element as z.ZodType
    else if (type instanceof z.ZodObject) type = type.shape[String(path[depth])] as z.ZodType | undefined
    else return []
    given = given?.[path[depth]] as typeof given
  }
}

/** Without default and optional; of a discriminated union, the member that `value` claims to be. */
function plain(
  type: z.ZodType | undefined,
  value: Readonly<Record<PropertyKey, unknown>> | undefined,
): z.ZodType | undefined {
  if (type instanceof z.ZodDiscriminatedUnion) {
    const key = type.def.discriminator
    const members = type.options as readonly z.ZodObject[]
    return members.find((member) => member.shape[key].safeParse(value?.[key]).success)
  }
  const inner = (type?.def as { innerType?: z.ZodType } | undefined)?.innerType
  return inner ? plain(inner, value) : type
}
