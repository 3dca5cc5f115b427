import { z } from 'zod'
import { didYouMean, shown, UserError } from '#core/base/errors'
import { parse, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { SPLITS } from '#core/env/split'

/** What a reset can ask for, beside keys of the game's config. */
export const ResetData = z.strictObject({
  seed: z
    .union([z.int(), z.string().min(1).max(200)])
    .optional()
    .describe('the episode; drawn unless given'),
  episode_id: z.string().min(1).max(255).optional().describe('name of the episode; made unless given'),
  resume: z
    .boolean()
    .optional()
    .describe('go on in the episode of that name, whose client is gone, and see it again'),
  split: z
    .enum([...SPLITS, 'all'])
    .optional()
    .describe('a level of that split only, the first that the seed leads to'),
  seat: z
    .int()
    .min(0)
    .optional()
    .describe(
      'which seat is played from here, where an opponent has the others; drawn by the seed unless given',
    ),
  index: z
    .int()
    .min(1)
    .optional()
    .describe('which level of the served files; drawn by the seed unless given'),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("keys of the environment's config, which may also stand beside the others"),
  request_id: z.string().max(255).optional().describe('comes back in the observation'),
})
export type ResetData = z.infer<typeof ResetData>

/** Objects in which clients put keys. */
const PLACES = ['config', 'options', 'metadata'] as const

/**
 * Reads what a reset is asked: keys of ours and of the game's config, wherever they stand (beside each other, in `config`
 * or in `options`); null is nothing.
 * @returns a function that throws UserError for keys that nobody knows, and for values out of bounds.
 */
export function resetReader(
  env: Env,
  config: Readonly<Record<string, unknown>>,
): (data: unknown) => ResetData {
  const own = Object.keys(ResetData.shape).filter((key) => key !== 'config')
  const known = configKeys(env, config)
  return (data) => {
    const asked: Record<string, unknown> = {}
    const game: Record<string, unknown> = {}
    for (const [key, value] of pairsOf(data)) {
      const into = known.has(key) ? game : own.includes(key) ? asked : undefined
      if (!into) {
        throw new UserError(`reset: unknown key ${shown(key)}${didYouMean(key, [...own, ...known])}`)
      }
      if (Object.hasOwn(into, key) && JSON.stringify(into[key]) !== JSON.stringify(value)) {
        throw new UserError(`reset: '${key}' is given twice, as ${shown(into[key])} and ${shown(value)}`)
      }
      into[key] = value
    }
    return parse(ResetData, Object.keys(game).length > 0 ? { ...asked, config: game } : asked, 'reset')
  }
}

function pairsOf(data: unknown): [key: string, value: unknown][] {
  const given = parse(z.record(z.string(), z.unknown()), data ?? {}, 'reset')
  const inside = PLACES.flatMap((place) =>
    given[place] == null
      ? []
      : Object.entries(parse(z.record(z.string(), z.unknown()), given[place], `reset: ${place}`)),
  )
  const beside = Object.entries(given).filter(([key]) => !(PLACES as readonly string[]).includes(key))
  return [...beside, ...inside].filter(([, value]) => value !== null && value !== undefined)
}

/** Keys of a game's config: of its schema, and of what it resolves to. */
function configKeys(env: Env, config: Readonly<Record<string, unknown>>): Set<string> {
  const schema = z.toJSONSchema(env.config, { io: 'input', unrepresentable: 'any' })
  const parts = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  const keys = parts.flatMap((part) => Object.keys(typeof part === 'object' ? (part.properties ?? {}) : {}))
  return new Set(['preset', ...keys, ...Object.keys(resolveConfig(env, config))])
}
