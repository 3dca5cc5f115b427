import type { Request, Response } from '#core/policy'
import { parseAnswer } from './answer.ts'

/** What a text decides as the answer to `request`: its actions, or why it can't be read. */
export function respond(text: string, request: Request): Response {
  const answer = parseAnswer(text, request.env.actions(request.state.config), request.limit)
  const { thought } = answer
  if (!answer.valid) return { valid: false, actions: [], text, thought, reason: answer.reason }
  return { valid: true, actions: answer.actions, text, thought }
}
