import { z } from 'zod'
import { RewardOptions } from '#agent/rewards/registry'
import { UserError } from '#core/base/errors'
import { parse, parseJson } from '#core/env/config'

/**
 * Keys and values from the command line: JSON (`{"preset":"small-v0"}`) or pairs (`preset=small-v0,maxSteps=50`).
 * Values of pairs are numbers, true, false or text.
 * @throws UserError when it is neither.
 */
export function parseConfig(text: string, flag = '--config'): Record<string, unknown> {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  if (!trimmed.startsWith('{')) return Object.fromEntries(trimmed.split(',').map((one) => pair(one, flag)))
  return parseJson(z.record(z.string(), z.unknown()), trimmed, flag)
}

function pair(text: string, flag: string): [string, unknown] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UserError(`${flag} takes JSON or key=value,... (got '${text}')`)
  return [text.slice(0, equals).trim(), scalar(text.slice(equals + 1).trim())]
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

/**
 * A reward rule from the command line: its name, or its options as `parseConfig` reads them (`rule=...,alpha=1`).
 * @throws UserError naming what is wrong about the options.
 */
export function parseReward(text: string, command: string): RewardOptions {
  const named = !/[={]/.test(text)
  return parse(RewardOptions, named ? { rule: text } : parseConfig(text), `${command}: --reward`)
}
