import { createServer } from 'node:http'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import { shown, UserError } from '#core/base/errors'
import { KICKPUSH } from '#core/base/version'
import type { Frame } from '#core/draw/scene'
import { writeLine } from '#core/record/jsonl'
import { admit, CHALLENGE, knownOrigin, secure } from '../access.ts'
import { STATUS, toWireError, WireFailure } from '../errors.ts'
import { type Address, listen, readBytes, type Serving } from '../listen.ts'
import { passOn, webRequest } from '../web.ts'
import type { Table, View } from './table.ts'

const BODY_BYTES = 1 << 20
/** Characters of a record that an answer holds at most. */
const RECORD = 1 << 20

export interface McpOptions {
  readonly table: Table
  /** A picture as a file. */
  readonly png: (frame: Frame) => Uint8Array
  readonly log: (line: string) => void
}

interface Answer {
  [key: string]: unknown
  content: ({ type: 'text'; text: string } | { type: 'image'; data: string; mimeType: string })[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}

const episode = z
  .string()
  .max(100)
  .optional()
  .describe('which episode; may be left out where you are the only one who plays')
const seat = z.int().min(0).default(0).describe('whose view or decision; 0 in games of one seat')

/** The tools: games, reset, rules, look, act, undo, record. */
function mcpServer({ table, png, log }: McpOptions): McpServer {
  const server = new McpServer(
    { name: 'kickpush', version: KICKPUSH },
    {
      instructions:
        'Play games: call games, then reset with one of them, read rules, then act until done. Every answer shows the state as text; look gives a picture. undo takes steps back.',
    },
  )
  /** Does what a tool is for; what is wrong with the request is told to the one who asked. */
  const told = async (work: () => Answer): Promise<Answer> => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof UserError)) log(`mcp: ${error instanceof Error ? error.stack : shown(error)}`)
      const text = error instanceof UserError ? error.message : 'the server failed; its log says why'
      return { content: [{ type: 'text', text }], isError: true }
    }
  }
  server.registerTool(
    'games',
    {
      description: 'The games there are, with their presets.',
      inputSchema: z.object({}),
      annotations: { readOnlyHint: true },
    },
    () =>
      told(() => {
        const games = table.envs.map(({ id, title, presets }) => ({
          id,
          title,
          presets: Object.keys(presets),
        }))
        const lines = games.map((game) => `${game.id}: ${game.title}\n  presets: ${game.presets.join(', ')}`)
        return { content: [{ type: 'text', text: lines.join('\n') }], structuredContent: { games } }
      }),
  )
  server.registerTool(
    'reset',
    {
      description: 'Begins an episode of a game and shows its first state.',
      inputSchema: z.object({
        game: z.string().max(100).describe('id of a game'),
        preset: z.string().max(100).optional().describe('one of its presets'),
        config: z.record(z.string(), z.unknown()).optional().describe('further settings of the game'),
        seed: z
          .string()
          .max(200)
          .optional()
          .describe('the same seed gives the same episode; drawn unless given'),
      }),
    },
    ({ game, preset, config, seed }) =>
      told(() => shows(table.reset(game, { ...config, ...(preset !== undefined && { preset }) }, seed))),
  )
  server.registerTool(
    'rules',
    {
      description: 'How to play an episode: aim, text, picture, actions.',
      inputSchema: z.object({ episode }),
      annotations: { readOnlyHint: true },
    },
    (given) => told(() => ({ content: [{ type: 'text', text: table.rules(given.episode) }] })),
  )
  server.registerTool(
    'look',
    {
      description: 'How a seat sees an episode now: as text, as a picture, or both.',
      inputSchema: z.object({ episode, seat, as: z.enum(['text', 'picture', 'both']).default('both') }),
      annotations: { readOnlyHint: true },
    },
    (given) =>
      told(() => {
        const answer = shows(table.look(given.episode, given.seat))
        if (given.as === 'text') return answer
        const data = Buffer.from(png(table.picture(given.episode, given.seat))).toString('base64')
        const picture = { type: 'image' as const, data, mimeType: 'image/png' }
        return { ...answer, content: given.as === 'picture' ? [picture] : [...answer.content, picture] }
      }),
  )
  server.registerTool(
    'act',
    {
      description: 'Plays one or several actions of a seat, in order, and shows the state after them.',
      inputSchema: z.object({
        episode,
        seat,
        actions: z.string().max(10_000).describe('names or indices: "Up, Left"'),
      }),
    },
    (given) => told(() => shows(table.act(given.episode, given.seat, given.actions))),
  )
  server.registerTool(
    'undo',
    {
      description:
        'Takes an episode back to a step and shows it; what comes then is an episode of its own in the record.',
      inputSchema: z.object({
        episode,
        seat,
        step: z.int().min(0).describe('steps taken by then; 0 is the start'),
      }),
    },
    (given) => told(() => shows(table.undo(given.episode, given.seat, given.step))),
  )
  server.registerTool(
    'record',
    {
      description: "The episode's record so far, as lines of JSON that `kickpush replay` verifies.",
      inputSchema: z.object({ episode }),
      annotations: { readOnlyHint: true },
    },
    (given) =>
      told(() => {
        let text = ''
        for (const event of table.record(given.episode)) {
          text += writeLine(event)
          if (text.length > RECORD)
            throw new UserError('record: it is too long for an answer; serve with --record')
        }
        return { content: [{ type: 'text', text }] }
      }),
  )
  return server
}

function shows(view: View): Answer {
  const { text, ...facts } = view
  const lines = [
    text.trimEnd(),
    `step ${view.step}; return ${view.return.map((sum) => Math.round(sum * 1000) / 1000).join(', ')}; ${view.outcome}`,
    view.done
      ? 'the episode is over'
      : `seats to decide: ${view.waiting.join(', ')}; legal: ${view.legal.join(', ')}`,
    `episode ${view.episode}`,
  ]
  return { content: [{ type: 'text', text: lines.join('\n') }], structuredContent: { ...facts, text } }
}

/** Speaks MCP on standard input and output until the input ends. */
export async function serveMcpStdio(options: McpOptions): Promise<void> {
  const over = new Promise((resolve) => process.stdin.once('end', resolve).once('close', resolve))
  const handle = serveStdio(() => mcpServer(options), {
    onerror: ({ message }) => options.log(`mcp: ${message}`),
  })
  await over
  await handle.close()
}

/** Speaks MCP over HTTP at /mcp. @throws UserError when the port is taken. */
export async function serveMcpHttp(address: Address, options: McpOptions): Promise<Serving> {
  const { log } = options
  const handler = createMcpHandler(() => mcpServer(options), {
    onerror: ({ message }) => log(`mcp: ${message}`),
  })
  const http = createServer(
    { headersTimeout: 10_000, requestTimeout: 120_000 },
    async (request, response) => {
      secure(response)
      try {
        admit(request, address)
        if (!knownOrigin(request, [])) throw new WireFailure('FORBIDDEN', 'not from a page of this server')
        if (request.url?.split('?')[0] !== '/mcp') throw new WireFailure('NOT_FOUND', 'there is /mcp')
        const body = request.method === 'POST' ? await readBytes(request, BODY_BYTES) : undefined
        await passOn(await handler.fetch(webRequest(request, body)), response)
      } catch (error) {
        if (response.headersSent) return void response.destroy()
        const wire = toWireError(error, log)
        response.writeHead(STATUS[wire.code], {
          'Content-Type': 'application/json',
          ...(wire.code === 'UNAUTHORIZED' && CHALLENGE),
        })
        response.end(JSON.stringify({ error: wire }))
      }
    },
  )
  const url = await listen(http, address, log)
  return {
    url: `${url}/mcp`,
    async close() {
      await handler.close()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
}
