import { z } from 'zod'
import { UserError } from '#core/errors'
import type { Policy, Request, Response } from '#core/policy'
import { dialogue, type Message } from '../dialogue/dialogue.ts'
import { openAiMessage } from '../dialogue/openai.ts'
import { respond } from '../dialogue/respond.ts'

/** How a chat server is asked. */
export interface ChatOptions {
  readonly model: string
  /** Up to and including `/v1`, as OpenAI-compatible servers name it. */
  readonly baseUrl: string
  /** Sent as a bearer token when given. */
  readonly apiKey?: string
  readonly temperature?: number
  readonly maxTokens?: number
  /** Milliseconds until a request is given up and tried again. */
  readonly timeout?: number
  /** Tries in all, the waits between them doubling from `wait` milliseconds. */
  readonly tries?: number
  readonly wait?: number
  /** Requests in flight at once. */
  readonly concurrency?: number
}

const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
})

/**
 * An agent behind an OpenAI-compatible `/chat/completions`; frames travel as PNG data URLs. What it is asked fails
 * with a UserError when the server gives no answer.
 */
export function chat(options: ChatOptions): Policy {
  const concurrency = options.concurrency ?? 8
  return {
    id: `chat:${options.model}@${options.baseUrl}`,
    act: async (requests) => {
      const responses = new Array<Response>(requests.length)
      let next = 0
      const worker = async (): Promise<void> => {
        while (next < requests.length) {
          const index = next++
          responses[index] = await decide(requests[index], options)
        }
      }
      await Promise.all(Array.from({ length: Math.min(concurrency, requests.length) }, worker))
      return responses
    },
  }
}

async function decide(request: Request, options: ChatOptions): Promise<Response> {
  const text = await complete(dialogue(request), options)
  return respond(text, request)
}

async function complete(messages: readonly Message[], options: ChatOptions): Promise<string> {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`
  const body = JSON.stringify({
    model: options.model,
    messages: messages.map(openAiMessage),
    temperature: options.temperature ?? 1,
    max_tokens: options.maxTokens ?? 1024,
  })
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (options.apiKey) headers.authorization = `Bearer ${options.apiKey}`

  const tries = options.tries ?? 4
  let problem = ''
  for (let attempt = 0; attempt < tries; attempt++) {
    if (attempt > 0) await sleep((options.wait ?? 1000) * 2 ** (attempt - 1))
    try {
      const signal = AbortSignal.timeout(options.timeout ?? 120_000)
      const reply = await fetch(url, { method: 'POST', headers, body, signal })
      if (reply.ok) {
        const completion = Completion.safeParse(await reply.json())
        if (completion.success) return completion.data.choices[0].message.content ?? ''
        problem = 'its answer is no chat completion'
      } else {
        problem = `${reply.status} ${reply.statusText} ${(await reply.text()).slice(0, 200)}`.trim()
        if (!(reply.status === 429 || reply.status >= 500)) break
      }
    } catch (error) {
      problem = reasonOf(error)
    }
  }
  throw new UserError(`chat server ${url}: ${problem}`)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return error.message + cause
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
