import type { IncomingMessage, ServerResponse } from 'node:http'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { shown, UserError } from '#core/base/errors'
import { KICKPUSH } from '#core/base/version'
import type { Env } from '#core/env/env'
import { SPLITS } from '#core/env/split'
import { WireFailure } from './errors.ts'
import type { Front } from './front.ts'
import type { Played } from './host.ts'
import { readBytes } from './listen.ts'
import { passOn, webRequest } from './web.ts'

type Content = { type: 'text'; text: string } | { type: 'image'; data: string; mimeType: string }
interface Answer {
  [key: string]: unknown
  content: Content[]
  isError?: boolean
}

/** The environment's episodes as tools; none has a name that OpenEnv keeps for itself (reset, step, state, close). */
function toolServer(env: Env, front: Front, client: string, log: (line: string) => void): McpServer {
  const server = new McpServer(
    { name: `kickpush-${env.id}`, version: KICKPUSH },
    { instructions: `Play ${env.title}: call begin, then decide until done is true.` },
  )
  const told = async (work: () => Promise<Played>): Promise<Answer> => {
    try {
      return { content: contentOf((await work()).json) }
    } catch (error) {
      const theirs = error instanceof UserError || error instanceof WireFailure
      if (!theirs) log(`mcp: ${error instanceof Error ? error.stack : shown(error)}`)
      const text = theirs ? error.message : 'the server failed; its log says why'
      return { content: [{ type: 'text', text }], isError: true }
    }
  }
  const episode_id = z.string().max(255).describe('of the answer to begin')
  server.registerTool(
    'begin',
    {
      description: 'Begins an episode and shows it.',
      inputSchema: z.object({
        seed: z.union([z.int(), z.string().max(200)]).optional(),
        split: z.enum([...SPLITS, 'all']).optional(),
        index: z.int().min(1).optional(),
        config: z.record(z.string(), z.unknown()).optional().describe("keys of the game's config"),
      }),
    },
    (given) => told(() => front.reset(client, given)),
  )
  server.registerTool(
    'decide',
    {
      description: 'Plays actions, or an answer in words, and shows what comes of it.',
      inputSchema: z.object({
        episode_id,
        actions: z.string().max(10_000).optional().describe('names or indices: "Up, Left"'),
        response: z.string().max(100_000).optional().describe('an answer in words, with <answer>'),
      }),
    },
    ({ episode_id, ...action }) => told(() => front.step({ action, episode_id })),
  )
  server.registerTool(
    'look',
    {
      description: 'How an episode stands.',
      inputSchema: z.object({ episode_id }),
      annotations: { readOnlyHint: true },
    },
    (given) => told(() => front.state(given.episode_id)),
  )
  return server
}

/** An answer for a harness: what a chat shows it as text and pictures, and everything else as JSON. */
function contentOf(json: string): Content[] {
  const step = JSON.parse(json) as { observation?: { messages?: { role: string; content: unknown }[] } }
  const { messages = [], ...observation } = step.observation ?? {}
  const last = messages.at(-1)?.content
  const parts: { type: string; text?: string; image_url?: { url: string } }[] = Array.isArray(last)
    ? last
    : [{ type: 'text', text: String(last ?? '') }]
  const shownParts = parts.flatMap(({ text, image_url }): Content[] => {
    const data = image_url?.url.split('base64,')[1]
    if (data) return [{ type: 'image', data, mimeType: 'image/png' }]
    return text ? [{ type: 'text', text }] : []
  })
  const facts = step.observation ? { ...step, observation: { ...observation, seats: undefined } } : step
  return [...shownParts, { type: 'text', text: JSON.stringify(facts) }]
}

/**
 * MCP at one address of the environment server. What is no JSON-RPC is answered as such with status 200, and who does not
 * ask for a stream of events gets plain JSON: so OpenEnv's clients ask.
 */
export function mcpRoute(env: Env, front: Front, bodyLimit: number, log: (line: string) => void) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === 'POST' ? await readBytes(request, bodyLimit) : undefined
    const problem = body && notRpc(body)
    if (problem) return plain(response, 200, { jsonrpc: '2.0', id: null, error: problem })
    const client = request.socket.remoteAddress ?? ''
    const handler = createMcpHandler(() => toolServer(env, front, client, log), {
      onerror: ({ message }) => log(`mcp: ${message}`),
    })
    const streams = String(request.headers.accept ?? '').includes('text/event-stream')
    const asked = webRequest(request, body)
    if (!streams) asked.headers.set('accept', 'application/json, text/event-stream')
    try {
      const answer = await handler.fetch(asked)
      if (streams || !answer.headers.get('content-type')?.includes('event-stream')) {
        return await passOn(answer, response)
      }
      const data = [...(await answer.text()).matchAll(/^data: ?(.+)$/gm)].map(([, line]) => line)
      plain(response, answer.status, JSON.parse(data.at(-1) ?? 'null'))
    } finally {
      if (!streams) await handler.close()
      else response.once('close', () => void handler.close())
    }
  }
}

function plain(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}

function notRpc(body: Uint8Array): { code: number; message: string } | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return { code: -32700, message: 'Parse error' }
  }
  const { jsonrpc, method } = Object(Array.isArray(value) ? value[0] : value) as Record<string, unknown>
  if (jsonrpc === '2.0' && typeof method === 'string') return undefined
  return { code: -32600, message: 'Invalid Request: {"jsonrpc": "2.0", "id", "method", "params"}' }
}
