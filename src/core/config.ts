import { z } from 'zod'
import type { Env } from './env.ts'
import { didYouMean, UserError } from './errors.ts'

/**
 * The resolved config of an environment: the preset named in `input` under the keys `input` gives, every
 * default written. Resolving a resolved config changes nothing.
 * @throws UserError naming the key, its value and what is allowed.
 */
export function resolveConfig(env: Env, input: Readonly<Record<string, unknown>>): object {
  const preset = input.preset
  if (preset !== undefined && (typeof preset !== 'string' || !Object.hasOwn(env.presets, preset))) {
    throw new UserError(
      `${env.id} has no preset ${JSON.stringify(preset)}${didYouMean(String(preset), Object.keys(env.presets))}`,
    )
  }
  const merged = preset === undefined ? input : { ...env.presets[preset as string], ...input }
  return parse(env.config, merged, `config of ${env.id}`)
}

/**
 * `value` parsed by `schema`.
 * @throws UserError with one line: what, which value, what is allowed.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new UserError(`${what}: ${explain(result.error, value, schema)}`)
}

function explain(error: z.ZodError, value: unknown, schema: z.ZodType): string {
  const issue = error.issues[0]
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const where = path ? `'${path}': ` : ''
    return `${where}unknown key '${issue.keys[0]}'${didYouMean(issue.keys[0], keysAt(schema, issue.path, value))}`
  }
  let given = value
  for (const key of issue.path) given = (given as Record<PropertyKey, unknown> | undefined)?.[key]
  if (given === undefined && path) return `'${path}' is missing`
  const message = issue.code === 'invalid_union' ? 'is of the wrong type' : issue.message
  return `${path ? `'${path}': ` : ''}${message} (got ${JSON.stringify(given)?.slice(0, 80)})`
}

/** The keys that the object at `path` may have, where the schema says it plainly. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
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
