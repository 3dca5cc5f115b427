import type { z } from 'zod'
import { parse } from '#core/config'
import { didYouMean, UserError } from '#core/errors'

/** A flag as its schema field says it. */
interface Flag {
  readonly field: string
  readonly name: string
  readonly kind: 'boolean' | 'array' | 'value'
  readonly description: string
  readonly fallback: unknown
}

const SHORT: Readonly<Record<string, string>> = { h: 'help' }

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
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (!word.startsWith('-') || word === '-' || /^-\d/.test(word)) {
      positional.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '')
    const flag = flags.find((f) => f.name === name)
    if (!flag) {
      const guess = didYouMean(
        name,
        flags.map((f) => f.name),
      ).replaceAll("'", '')
      throw new UserError(`${command}: unknown flag --${name}${guess}`)
    }
    if (flag.kind === 'boolean') {
      const given = equals < 0 ? 'true' : word.slice(equals + 1)
      if (given !== 'true' && given !== 'false')
        throw new UserError(`${command}: --${name} takes true or false (got '${given}')`)
      values[flag.field] = given === 'true'
      continue
    }
    const value = equals < 0 ? words[++i] : word.slice(equals + 1)
    if (value === undefined) throw new UserError(`${command}: --${name} needs a value`)
    if (flag.kind === 'array')
      values[flag.field] = [...((values[flag.field] as string[] | undefined) ?? []), value]
    else if (values[flag.field] !== undefined) throw new UserError(`${command}: --${name} is given twice`)
    else values[flag.field] = value
  }
  if ('_' in schema.shape) values._ = positional
  else if (positional.length > 0) throw new UserError(`${command}: unexpected word '${positional[0]}'`)
  return parse(schema, values, command) as z.infer<S>
}

/** The flags of a command as help text, one line each. */
export function describeFlags(schema: z.ZodObject): string {
  const rows = flagsOf(schema).map((flag) => {
    const value = flag.kind === 'boolean' ? '' : flag.kind === 'array' ? ' <value>...' : ' <value>'
    const fallback =
      flag.fallback === undefined || flag.fallback === false ? '' : ` [${display(flag.fallback)}]`
    return [`  --${flag.name}${value}`, `${flag.description}${fallback}`] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => left.padEnd(width) + right).join('\n')
}

/** Command lines say `-h`; everything else is spelled out. */
export function expandShort(words: readonly string[]): string[] {
  return words.map((word) => (/^-[a-z]$/.test(word) && SHORT[word[1]] ? `--${SHORT[word[1]]}` : word))
}

function flagsOf(schema: z.ZodObject): Flag[] {
  return Object.entries(schema.shape)
    .filter(([field]) => field !== '_')
    .map(([field, type]) => {
      const { inner, fallback } = unwrap(type as z.ZodType)
      const kind = inner === 'boolean' ? 'boolean' : inner === 'array' ? 'array' : 'value'
      const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      return { field, name, kind, description: (type as z.ZodType).description ?? '', fallback }
    })
}

function unwrap(type: z.ZodType): { inner: string; fallback: unknown } {
  let fallback: unknown
  let def = type.def as { type: string; innerType?: z.ZodType; in?: z.ZodType; defaultValue?: unknown }
  while (def.innerType || def.in) {
    if (def.type === 'default') fallback = def.defaultValue
    def = (def.innerType ?? def.in)!.def as typeof def
  }
  return { inner: def.type, fallback }
}

function display(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value)
}
