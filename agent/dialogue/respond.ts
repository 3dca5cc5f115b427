import type { Request, Response } from '#core/play/policy'
import { readReply } from './read.ts'
import { type Reply, withoutEndTokens, writeCall } from './reply.ts'

/** What a reply decides as the answer to `request`: its actions, or why it can't be read. */
export function respond(reply: Reply | string, request: Request): Response {
  const said = typeof reply === 'string' ? { text: reply } : reply
  const { env, state, limit, conversation } = request
  const names = env.actions(state.config)
  const { thought, end, ...read } = readReply(said, names, limit, conversation.thought !== false)
  const text = withoutEndTokens(said.text) || (said.calls ?? []).map(writeCall).join('\n')
  const told = { text, thought, ...(end && { end }), ...(said.reasoning && { reasoning: said.reasoning }) }
  if (!read.valid) return { valid: false, actions: [], reason: read.reason, ...told }
  const { actions, format, beyond } = read
  return { valid: true, actions, format, ...(beyond !== undefined && { beyond }), ...told }
}
