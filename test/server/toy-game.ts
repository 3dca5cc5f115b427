import { Conversation, type Request, type Response } from '#core/policy'
import type { Game } from '#server/session'
import { toy } from '../toy.ts'

/** "go E" plays East; anything else cannot be read. */
function read(text: string, request: Request): Response {
  const letter = /^go ([SWE])$/.exec(text)?.[1]
  if (!letter) return { valid: false, actions: [], text, reason: `not "go": ${request.limit}` }
  return { valid: true, actions: ['SWE'.indexOf(letter)], text, thought: 'going' }
}

/** The toy environment as an environment server plays it. */
export const toyGame: Game = {
  env: toy as never,
  config: { cells: 7, level: { beacon: 5, starts: [2] } },
  conversation: Conversation.parse({ actionsPerTurn: 2, maxTurns: 20 }),
  messages: (request) => [{ role: 'user', content: request.observation.text ?? '' }],
  read,
}
