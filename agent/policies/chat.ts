import { UserError } from '#core/base/errors'
import type { End, Policy, Request, Response } from '#core/play/policy'
import type { ChatAddress } from '../chat/address.ts'
import { ChatServer, type ChatSettings, CONCURRENCY, MAX_TOKENS, NoReply } from '../chat/server.ts'
import { dialogue } from '../dialogue/dialogue.ts'
import { openAiMessage, type WritePng } from '../dialogue/openai.ts'
import { respond } from '../dialogue/respond.ts'

/** How a chat agent is asked, and whom it tells what its user should know. */
export interface ChatOptions extends ChatSettings {
  readonly note?: (line: string) => void
}

/** First answers that are looked at together. */
const FIRST = 8

/**
 * An agent behind an OpenAI-compatible `/chat/completions`; frames travel as PNG data URLs. A request without a reply
 * ends its episode as failed; while there never was a reply, it ends everything with a UserError.
 */
export function chat(address: ChatAddress, options: ChatOptions, png: WritePng): Policy {
  const { concurrency = CONCURRENCY } = options
  const server = new ChatServer(address, options)
  const first: (End | undefined)[] = []
  let replies = 0
  let failures = 0
  let looking = true
  const look = (): void => {
    looking = false
    const line = first.length > 0 ? adviceOn(first, options) : undefined
    first.length = 0
    if (line) options.note?.(line)
  }
  const decide = async (request: Request): Promise<Response> => {
    try {
      const { reply, usage } = await server.ask(
        dialogue(request).map((message) => openAiMessage(message, png)),
      )
      replies++
      return { ...respond(reply, request), ...(usage && { usage }) }
    } catch (error) {
      if (!(error instanceof NoReply)) throw error
      failures++
      if (replies === 0 && (error.hopeless || failures >= concurrency)) {
        throw new UserError(error.message)
      }
      return { valid: false, actions: [], end: 'failed', reason: error.message }
    }
  }
  return {
    id: address.shown,
    sideBySide: concurrency,
    act: (requests) =>
      Promise.all(
        requests.map(async (request) => {
          const response = await decide(request)
          if (looking) first.push(response.end)
          if (first.length === FIRST) look()
          return response
        }),
      ),
    // Where nothing was answered, the error that ends it all says why.
    dispose: () => first.some((end) => end !== 'failed') && look(),
  }
}

const ADVICE: Readonly<Record<End, (options: ChatOptions) => string>> = {
  'cut off': ({ maxTokens = MAX_TOKENS }) =>
    `raise --max-tokens (${maxTokens}), or have it think less (--extra-body '{"reasoning_effort":"low"}')`,
  refused: () => 'the model does not want to play: try another',
  filtered: () => "the server's filter holds them back: relax it, or try another model",
  'tool call': () => `the model calls tools that nobody gave it: try --extra-body '{"tool_choice":"none"}'`,
  malformed: () =>
    'the model does not keep the format: read them in the record (--record, --out), try a larger one',
  failed: () => 'the server fails: lower --concurrency, raise --timeout or --tries',
}

/** One line when most of the first answers could not be played: which kind, and what to try. */
function adviceOn(ends: readonly (End | undefined)[], options: ChatOptions): string | undefined {
  const counts = new Map<End, number>()
  for (const end of ends) if (end && end !== 'tool call') counts.set(end, (counts.get(end) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  const lost = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (!most || lost * 2 <= ends.length) return undefined
  const [end, count] = most
  return `${count} of the first ${ends.length} answers: ${end}; ${ADVICE[end](options)}`
}
