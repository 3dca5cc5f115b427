import { Conversation, type Request, type Response } from '#core/play/policy'
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

/** Two seats that decide together, paid by a rule. */
const pair: Game = {
  ...toyGame,
  config: { preset: 'pair', level: { beacon: 4, starts: [2, 8] } },
  conversation: Conversation.parse({}),
  rule: ({ rewards, last }) => ({ played: rewards.length, end: last ? 10 : 0 }),
}

/** What a thread of these tests plays (toy-thread.ts). */
export const GAMES = { one: toyGame, pair }

/** The environment server's options to play one of them. */
export function toyWork(game: keyof typeof GAMES) {
  const { env, conversation } = GAMES[game]
  const work = { entry: new URL('./toy-thread.ts', import.meta.url), data: game }
  return { env, conversation, work, threads: 2, seed: 's' }
}
