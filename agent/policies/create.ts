import type { Env } from '#core/env'
import { didYouMean, UserError } from '#core/errors'
import type { Policy } from '#core/policy'
import { readAddress } from '../chat/address.ts'
import { type ChatOptions, chat } from './chat.ts'
import { idle, random } from './plain.ts'
import { script } from './script.ts'
import { scripted } from './scripted.ts'

/** What a policy may need to know beside its name. */
export interface PolicyContext {
  readonly env: Env
  /** Of small models: 0 is greedy, 1 as trained. */
  readonly temperature?: number
  /** Backend of `mini:` agents ("auto" unless given). */
  readonly backend?: string
  /** How `chat:` servers are asked; their key is KICKPUSH_API_KEY or OPENAI_API_KEY of the environment unless given. */
  readonly chat?: ChatOptions
}

/** Names and name patterns of the agents that can play `env`. */
export function policyNames(env: Env): string[] {
  return [
    'random',
    'idle',
    ...Object.keys(env.policies ?? {}),
    'script:<file>',
    'mini:<name or folder>',
    'chat:<model>@<base-url>',
  ]
}

/**
 * The agent of a name, as the command line and recipes write it.
 * @throws UserError with the names there are, or with what is wrong about the file, checkpoint or address.
 */
export async function createPolicy(name: string, context: PolicyContext): Promise<Policy> {
  const { env } = context
  const colon = name.indexOf(':')
  const kind = colon < 0 ? name : name.slice(0, colon)
  const rest = colon < 0 ? '' : name.slice(colon + 1)
  if (colon < 0 && name === 'random') return random
  if (colon < 0 && name === 'idle') return idle
  if (colon < 0 && env.policies && Object.hasOwn(env.policies, name)) return scripted(env, name)
  if (rest && kind === 'script') return script(env, rest)
  if (rest && kind === 'chat') return chatPolicy(rest, context)
  if (rest && kind === 'mini') {
    const { loadMini } = await import('./mini.ts')
    return loadMini(rest, context)
  }
  throw new UserError(`${env.id} has no agent '${name}'${didYouMean(name, policyNames(env))}`)
}

function chatPolicy(rest: string, { chat: options = {} }: PolicyContext): Policy {
  const apiKey = options.apiKey ?? (process.env.KICKPUSH_API_KEY || process.env.OPENAI_API_KEY || undefined)
  return chat(readAddress(rest), { ...options, apiKey })
}
