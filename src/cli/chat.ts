import { z } from 'zod'
import { CONCURRENCY, MAX_TOKENS, TIMEOUT, TRIES } from '#agent/chat/server'
import type { Summary } from '#agent/evaluation/evaluate'
import type { ChatOptions } from '#agent/policies/chat'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { parseJson } from '#core/env/config'
import type { Usage } from '#core/play/policy'
import { whole } from './episodes.ts'

/** Flags of commands that ask chat agents. */
export const chatFlags = {
  apiKeyEnv: z
    .string()
    .optional()
    .describe('environment variable with the key of chat agents [KICKPUSH_API_KEY, else OPENAI_API_KEY]'),
  maxTokens: whole(1).optional().describe(`most tokens of a reply of chat agents [${MAX_TOKENS}]`),
  timeout: z.coerce
    .number()
    .positive()
    .optional()
    .describe(`seconds to wait for a reply [${TIMEOUT / 1000}]`),
  tries: whole(1).optional().describe(`requests until an episode fails [${TRIES}]`),
  concurrency: whole(1).optional().describe(`requests at once [${CONCURRENCY}]`),
  extraBody: z.string().optional().describe('JSON keys of every request, over ours; null leaves one out'),
}
const Flags = z.object({ ...chatFlags, temperature: z.number().optional() })

/** How chat agents are asked. @throws UserError for a variable that is not set, and for JSON that is no object. */
export function chatOptions(options: z.infer<typeof Flags>, io: Io): ChatOptions {
  const { apiKeyEnv, temperature, maxTokens, timeout, tries, concurrency, extraBody } = options
  if (apiKeyEnv !== undefined && !process.env[apiKeyEnv]) {
    throw new UserError(`--api-key-env: the environment variable '${apiKeyEnv}' is not set`)
  }
  return {
    ...(apiKeyEnv !== undefined && { apiKey: process.env[apiKeyEnv] }),
    ...(extraBody !== undefined && {
      extraBody: parseJson(z.record(z.string(), z.unknown()), extraBody, '--extra-body'),
    }),
    temperature,
    maxTokens,
    timeout: timeout === undefined ? undefined : timeout * 1000,
    tries,
    concurrency,
    note: io.note,
  }
}

/** `--price`: dollars per million tokens read and written. */
export const priceFlag = z
  .string()
  .regex(/^\d+(\.\d+)?,\d+(\.\d+)?$/, 'must be two prices, like 0.15,0.60')
  .optional()
  .describe('dollars per million tokens read and written, like 0.15,0.60: tells what it cost')

/** What replies cost, in dollars. */
export function costOf({ input, output }: Usage, price: string): number {
  const [read, written] = price.split(',').map(Number)
  return (input * read + output * written) / 1e6
}

/** How agents answered, for people: rows of a name and what to say. */
export function repliesOf(summary: Summary, price?: string): [name: string, line: string][] {
  const { malformed, lenient, ends = {}, usage, failed } = summary
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  const kinds = Object.entries(ends).map(([end, share]) => `${end} ${percent(share)}`)
  const rows: [string, string][] = [['malformed', `${percent(malformed)} of turns`]]
  if (lenient !== undefined) {
    rows[0] = ['not played', `${percent(malformed)} of turns`]
    if (kinds.length > 0) rows.push(['ends', kinds.join(', ')])
    rows.push(['lenient', `${percent(lenient)} of turns: played, though not in the format`])
  }
  if (failed !== undefined) rows.push(['failed', `${failed} episodes, left out above`])
  if (usage) {
    const cost = price === undefined ? '' : `, $${costOf(usage, price).toFixed(4)}`
    rows.push(['tokens', `${usage.input} read, ${usage.output} written${cost}`])
  }
  return rows
}
