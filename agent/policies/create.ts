import { didYouMean, UserError } from '#core/base/errors'
import { own } from '#core/base/own'
import type { Env } from '#core/env/env'
import type { Policy } from '#core/play/policy'
import type { ChatOptions } from './chat.ts'
import { idle, random } from './plain.ts'
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

/**
 * The agent of a name, as the command line and recipes write it.
 * @throws UserError with the names there are, or with what is wrong about the file, checkpoint or address.
 */
export type CreatePolicy = (name: string, context: PolicyContext) => Promise<Policy>

/** Agents of names that begin with `<kind>:`. */
export interface PolicyKind {
  /** How their names go on, for people: '<file>'. */
  readonly rest: string
  /** The agent of what follows the colon. @throws UserError */
  create(rest: string, context: PolicyContext): Promise<Policy>
}

/** Agents of every environment, those it brings, and those of the kinds that a host knows. */
export function policiesOf(kinds: Readonly<Record<string, PolicyKind>>): CreatePolicy {
  return async (name, context) => {
    const { env } = context
    const colon = name.indexOf(':')
    const kind = colon < 0 ? undefined : own(kinds, name.slice(0, colon))
    const rest = name.slice(colon + 1)
    if (kind && rest) return kind.create(rest, context)
    if (name === 'random') return random
    if (name === 'idle' && env.idle) return idle
    if (env.policies && Object.hasOwn(env.policies, name)) return scripted(env, name)
    const patterns = Object.entries(kinds).map(([kind, { rest }]) => `${kind}:${rest}`)
    const names = ['random', ...(env.idle ? ['idle'] : []), ...Object.keys(env.policies ?? {}), ...patterns]
    throw new UserError(`${env.id} has no agent '${name}'${didYouMean(name, names)}`)
  }
}
