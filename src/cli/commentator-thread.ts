import { workerData } from 'node:worker_threads'
import { readAddress } from '#agent/chat/address'
import { ChatServer } from '#agent/chat/server'
import { UserError } from '#core/base/errors'
import { loadGames } from '#registry/games'
import { answerJobs } from '#server/jobs'
import { type CommentatorWork, commentator } from './commentator.ts'

/** Milliseconds in which a remark must be there: later it is about something else. */
const TIMEOUT = 30_000
/** Tokens of an answer: room for thoughts of reasoning models. */
const TOKENS = 1024

const { games, address } = workerData as CommentatorWork
const { envs } = await loadGames(games)
const { KICKPUSH_API_KEY, OPENAI_API_KEY } = process.env
const chat = new ChatServer(readAddress(address), {
  apiKey: KICKPUSH_API_KEY || OPENAI_API_KEY || undefined,
  maxTokens: TOKENS,
  timeout: TIMEOUT,
  tries: 1,
  concurrency: 1,
})

answerJobs(
  commentator(envs, async (system, user) => {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ]
    try {
      const { reply } = await chat.ask(messages)
      return reply.text
    } catch (error) {
      // One line, and not about this program.
      throw new UserError((error as Error).message)
    }
  }),
)
