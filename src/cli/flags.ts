import type { z } from 'zod'
import { didYouMean, UserError } from '#core/base/errors'
import { most } from '#core/base/lists'
import { parse } from '#core/env/config'

/** A flag as its schema field says it. */
interface Flag {
  readonly field: string
  readonly name: string
  /** `word`: a flag that may stand alone or before a value. */
  readonly kind: 'boolean' | 'array' | 'number' | 'value' | 'word'
  readonly description: string
  readonly fallback: unknown
  /** What it may be, where that is a list. */
  readonly choices: readonly string[]
}

/**
 * Words of a command line as the object `schema` describes: `--keep-episodes 5` is field keepEpisodes,
 * repeated flags fill arrays, words without a flag arrive as `_`.
 * @throws UserError naming the flag, its value and what is allowed.
 */
export function parseFlags<S extends z.ZodObject>(
  schema: S,
  words: readonly string[],
  command: string,
): z.infer<S> {
  const flags = flagsOf(schema)
  const values: Record<string, unknown> = {}
  const positional: string[] = []
  // A shell writes many files after one flag (--levels boxoban/*.txt): which flag each word stands behind.
  const repeated = new Map<number, string>()
  let listed: string | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (!word.startsWith('-') || word === '-' || /^-\d/.test(word)) {
      if (listed !== undefined) repeated.set(positional.length, listed)
      positional.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '')
    const flag = flags.find((f) => f.name === name)
    if (!flag) {
      const names = flags.map((f) => `--${f.name}`)
      const guess = didYouMean(`--${name}`, names).replaceAll("'", '')
      throw new UserError(`${command}: unknown flag --${name}${guess || ' (it takes none)'}`)
    }
    listed = flag.kind === 'array' ? name : undefined
    if (flag.kind === 'boolean') {
      const given = equals < 0 ? 'true' : word.slice(equals + 1)
      if (given !== 'true' && given !== 'false')
        throw new UserError(`${command}: --${name} takes true or false (got '${given}')`)
      values[flag.field] = given === 'true'
      continue
    }
    const next: string | undefined = words[i + 1]
    if (flag.kind === 'word' && equals < 0 && (next === undefined || next.startsWith('-'))) {
      values[flag.field] = true
      continue
    }
    const value = equals < 0 ? words[++i] : word.slice(equals + 1)
    // A number of nothing but blanks would be 0.
    const blank = flag.kind === 'number' && value?.trim() === ''
    if (value === undefined || blank || (equals < 0 && value.startsWith('--')))
      throw new UserError(`${command}: --${name} needs a value`)
    if (flag.kind === 'array') {
      values[flag.field] ??= []
      const list = values[flag.field] as string[]
      list.push(value)
    } else if (values[flag.field] !== undefined) throw new UserError(`${command}: --${name} is given twice`)
    else values[flag.field] = value
  }
  checkWords(schema.shape._ as z.ZodType | undefined, positional, command, repeated)
  if ('_' in schema.shape) values._ = positional
  return parse(schema, values, command, flagOf) as z.infer<S>
}

/** The flag that a field of a command's options is written as: `maxTurns` is `--max-turns`. */
export function flagOf(path: readonly PropertyKey[]): string {
  return `--${String(path[0]).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** @param repeated by word, the flag that may be given more than once and whose value stands before it. */
function checkWords(
  type: z.ZodType | undefined,
  words: readonly string[],
  command: string,
  repeated: ReadonlyMap<number, string>,
): void {
  const issue = type?.safeParse(words).error?.issues[0]
  const most = issue?.code === 'too_big' ? Number(issue.maximum) : type ? words.length : 0
  if (words.length <= most) return
  const flag = repeated.get(most)
  const hint = flag === undefined ? '' : `; write --${flag} before each`
  throw new UserError(`${command}: unexpected word '${words[most]}'${hint}`)
}

/** How a command is called. */
export function usageOf(name: string, schema: z.ZodObject): string {
  const flags = flagsOf(schema).length > 0 ? '[flags]' : ''
  return ['usage: kickpush', name, wordsOf(schema)?.[0], flags].filter(Boolean).join(' ')
}

/** The words and flags of a command as help text, one line each. */
export function describeFlags(schema: z.ZodObject): string {
  const words = wordsOf(schema)
  const flags = flagsOf(schema).map((flag) => {
    const value = VALUES[flag.kind]
    const { choices, description } = flag
    const told = choices.every((choice) => description.includes(choice))
    const fallback = display(flag.fallback)
    return [
      `  --${flag.name}${value}`,
      `${description}${told ? '' : `: ${choices.join(', ')}`}${fallback && ` [${fallback}]`}`,
    ] as const
  })
  const rows = [...(words ? [[`  ${words[0]}`, words[1]] as const] : []), ...flags]
  const width = most(rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => left.padEnd(width) + right).join('\n')
}

/** The words that a command takes and what they are; the description of `_` says both ("<recipe>: a YAML file"). */
function wordsOf(schema: z.ZodObject): readonly [name: string, meaning: string] | undefined {
  const description = (schema.shape._ as z.ZodType | undefined)?.description
  if (description === undefined) return undefined
  const [name, ...meaning] = description.split(': ')
  return [name, meaning.join(': ')]
}

const KINDS: Readonly<Record<string, Flag['kind']>> = {
  boolean: 'boolean',
  array: 'array',
  number: 'number',
  union: 'word',
}
/** What follows a flag in help. */
const VALUES: Readonly<Record<Flag['kind'], string>> = {
  boolean: '',
  array: ' <value>...',
  number: ' <value>',
  value: ' <value>',
  word: ' [value]',
}

function flagsOf(schema: z.ZodObject): Flag[] {
  return Object.entries(schema.shape)
    .filter(([field]) => field !== '_')
    .map(([field, type]) => {
      const { inner, fallback, choices } = unwrap(type as z.ZodType)
      const kind = KINDS[inner] ?? 'value'
      const { description = '' } = type as z.ZodType
      return { field, name: flagOf([field]).slice(2), kind, description, fallback, choices }
    })
}

function unwrap(type: z.ZodType): { inner: string; fallback: unknown; choices: string[] } {
  interface Def {
    type: string
    innerType?: z.ZodType
    in?: z.ZodType
    defaultValue?: unknown
    entries?: Record<string, string>
  }
  let fallback: unknown
  let def = type.def as Def
  while (def.innerType || def.in) {
    if (def.type === 'default') fallback = def.defaultValue
    def = (def.innerType ?? def.in)!.def as Def
  }
  return { inner: def.type, fallback, choices: Object.values(def.entries ?? {}) }
}

/** A default as help shows it; nothing for what is off or empty unless given. */
function display(value: unknown): string {
  if (value === undefined || value === false) return ''
  return Array.isArray(value) ? value.join(' ') : String(value)
}
