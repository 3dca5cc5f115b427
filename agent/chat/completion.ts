import { z } from 'zod'
import type { Usage } from '#core/play/policy'
import type { Call, Reply } from '../dialogue/reply.ts'

const text = z.string().nullish().catch(undefined)
const Tool = z
  .object({ name: z.string().catch(''), arguments: z.unknown() })
  .nullish()
  .catch(undefined)
const count = z.number().min(0).catch(0)

/** OpenAI's chat completion, as the servers that speak it fill it. What is not understood is left out, not refused. */
const Completion = z.object({
  choices: z
    .array(
      z.object({
        text,
        finish_reason: text,
        message: z
          .object({
            content: z.unknown(),
            refusal: text,
            reasoning_content: text,
            reasoning: text,
            thinking: text,
            reasoning_details: z.array(z.unknown()).nullish().catch(undefined),
            tool_calls: z
              .array(z.object({ function: Tool }))
              .nullish()
              .catch(undefined),
            function_call: Tool,
          })
          .optional(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
})

/** Piece of a content in parts. */
const Part = z.looseObject({
  type: z.string(),
  text: z.unknown(),
  refusal: z.unknown(),
  thinking: z.unknown(),
})

/** What a server answered: a reply and what it cost. */
export interface Answered {
  readonly reply: Reply
  readonly usage?: Usage
}

const FINISHES: Readonly<Record<string, Reply['stopped']>> = {
  length: 'cut off',
  max_tokens: 'cut off',
  model_length: 'cut off',
  refusal: 'refused',
  content_filter: 'filtered',
  safety: 'filtered',
  recitation: 'filtered',
  blocklist: 'filtered',
  prohibited_content: 'filtered',
}

/** The reply in a chat completion; null when it is none. */
export function readCompletion(value: unknown): Answered | null {
  const completion = Completion.safeParse(value)
  if (!completion.success) return null
  const { choices, usage } = completion.data
  const [{ message, text, finish_reason }] = choices
  const parts = [message?.content].flat().flatMap(partOf)
  const written = (kind: string) => parts.filter((part) => part.kind === kind).map((part) => part.text)
  const content = written('text').join('')
  const reasoning = [
    message?.reasoning_content ||
      message?.reasoning ||
      message?.thinking ||
      detailsOf(message?.reasoning_details),
    ...written('thought'),
  ]
  const refused = [message?.refusal, ...written('refusal')].some(Boolean)
  const finish = finish_reason?.toLowerCase() ?? ''
  const calls = callsOf(message?.tool_calls?.map((call) => call.function) ?? [message?.function_call])
  return {
    reply: {
      text: content || text || '',
      reasoning: reasoning.filter(Boolean).join('\n') || undefined,
      calls: calls.length === 0 && /^(?:tool_calls|function_call|tool_use)$/.test(finish) ? [NO_CALL] : calls,
      stopped: refused ? 'refused' : Object.hasOwn(FINISHES, finish) ? FINISHES[finish] : undefined,
    },
    ...(usage && { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } }),
  }
}

/** A server that says a tool was called, and not which. */
const NO_CALL: Call = { name: '', arguments: undefined }

function callsOf(tools: readonly (z.infer<typeof Tool> | undefined)[]): Call[] {
  return tools.flatMap((tool) => (tool ? [{ name: tool.name, arguments: tool.arguments }] : []))
}

function partOf(value: unknown): { kind: 'text' | 'thought' | 'refusal'; text: string }[] {
  const part = Part.partial().safeParse(value).data
  if (typeof value === 'string') return [{ kind: 'text', text: value }]
  if (!part) return []
  if (typeof part.refusal === 'string') return [{ kind: 'refusal', text: part.refusal }]
  const thought = /think|reason/.test(part.type ?? '')
  const text = thought ? (part.thinking ?? part.text) : part.text
  if (typeof text === 'string') return [{ kind: thought ? 'thought' : 'text', text }]
  return Array.isArray(text)
    ? text.flatMap(partOf).map((one) => ({ ...one, kind: thought ? 'thought' : one.kind }))
    : []
}

/** Thoughts in pieces (`[{"type": "reasoning.text", "text": ".."}]`). */
function detailsOf(details: readonly unknown[] | null | undefined): string {
  return (details ?? [])
    .flatMap(partOf)
    .map((part) => part.text)
    .join('')
}
