import type { z } from 'zod'
import { didYouMean, shown, UserError } from '../base/errors.ts'
import { explain } from '../base/explain.ts'
import type { Env } from './env.ts'

/**
 * The resolved config of an environment: the preset named in `input` under the keys `input` gives, every
 * default written. Resolving a resolved config changes nothing.
 * @throws UserError naming the key, its value and what is allowed.
 */
export function resolveConfig(env: Env, input: Readonly<Record<string, unknown>>): object {
  const preset = input.preset
  if (preset !== undefined && (typeof preset !== 'string' || !Object.hasOwn(env.presets, preset))) {
    throw new UserError(
      `${env.id} has no preset ${shown(preset)}${didYouMean(typeof preset === 'string' ? preset : '', Object.keys(env.presets))}`,
    )
  }
  const merged = preset === undefined ? input : { ...env.presets[preset as string], ...input }
  return parse(env.config, merged, `config of ${env.id}`)
}

/**
 * `value` parsed by `schema`.
 * @param label names the place of a value within the whole; its quoted path unless given.
 * @throws UserError with one line: what, which value, what is allowed.
 */
export function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  label?: (path: readonly PropertyKey[]) => string,
): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new UserError(`${what}: ${explain(result.error, value, schema, label)}`)
}

/**
 * The JSON in `text`, parsed by `schema`.
 * @throws UserError when it is not JSON, and as `parse` does.
 */
export function parseJson<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const problem = (error as Error).message.replace(/\s+/g, ' ')
    throw new UserError(`${what} is not JSON: ${problem}`)
  }
  return parse(schema, value, what)
}
