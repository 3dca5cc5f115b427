import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, describe, expect, test } from 'vitest'
import type { RecordEvent } from '#core/record/record'
import { verifyRecord } from '#core/record/verify'
import type { Serving } from '#server/listen'
import { serveMcpHttp } from '#server/mcp/serve'
import { Table } from '#server/mcp/table'
import { toy } from '../toy.ts'

// The official client, unmodified, over HTTP in this process and over the streams of the command line.

const PNG = new Uint8Array([137, 80, 78, 71])
const notes: string[] = []
const serving: Serving = await serveMcpHttp(
  { port: 0 },
  { table: new Table({ envs: [toy], shared: true }), png: () => PNG, log: (line) => notes.push(line) },
)
const client = new Client({ name: 'test', version: '1' })
await client.connect(new StreamableHTTPClientTransport(new URL(serving.url)))
afterAll(async () => {
  await client.close()
  await serving.close()
})

interface Told {
  readonly content: readonly { readonly type: string; readonly text?: string; readonly data?: string }[]
  readonly structuredContent?: Record<string, unknown>
  readonly isError?: boolean
}

async function call(name: string, given: Record<string, unknown> = {}): Promise<Told> {
  return (await client.callTool({ name, arguments: given })) as Told
}
const textOf = ({ content }: Told): string => content.map(({ text }) => text ?? '').join('\n')

test('the tools are listed with what they take', async () => {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['games', 'reset', 'rules', 'look', 'act', 'undo', 'record'])
  for (const { description, inputSchema } of tools) {
    expect(description).toMatch(/\.$/)
    expect(inputSchema.type).toBe('object')
  }
  expect(textOf(await call('games'))).toContain('beacon: ')
})

describe('an episode', () => {
  const config = { cells: 7, level: { beacon: 4, starts: [1] } }

  test('is begun, played, taken back, and played to its end; every record verifies', async () => {
    const begun = await call('reset', { game: 'beacon', config, seed: 's' })
    const { episode } = begun.structuredContent as { episode: string }
    expect(begun.structuredContent).toMatchObject({ step: 0, done: false, waiting: [0] })
    expect(textOf(begun)).toContain(`episode ${episode}`)
    expect(textOf(await call('rules', { episode }))).toContain('Stay, West, East')
    const moved = await call('act', { episode, actions: 'East, East' })
    expect(moved.structuredContent).toMatchObject({ step: 2, done: false })
    const back = await call('undo', { episode, step: 1 })
    expect(back.structuredContent).toMatchObject({ step: 1, done: false })
    const won = await call('act', { episode, actions: 'East, 2' })
    expect(won.structuredContent).toMatchObject({ step: 3, done: true, success: true })
    expect(textOf(await call('act', { episode, actions: 'East' }))).toContain('the episode is over')
    const text = textOf(await call('record', { episode }))
    const { episodes } = verifyRecord(text, [toy])
    expect(episodes.map(({ status, complete, steps }) => [status, complete, steps])).toEqual([
      ['agrees', true, 3],
    ])
  })

  test('is seen as text and as a picture', async () => {
    const begun = await call('reset', { game: 'beacon', config })
    const { episode } = begun.structuredContent as { episode: string }
    const { content } = await call('look', { episode })
    expect(content.map(({ type }) => type)).toEqual(['text', 'image'])
    expect(content[1].data).toBe(Buffer.from(PNG).toString('base64'))
    expect((await call('look', { episode, as: 'text' })).content).toHaveLength(1)
    expect((await call('look', { episode, as: 'picture' })).content.map(({ type }) => type)).toEqual([
      'image',
    ])
  })

  test('of several seats waits for all of them', async () => {
    const begun = await call('reset', { game: 'beacon', preset: 'pair', seed: 'p' })
    const { episode } = begun.structuredContent as { episode: string }
    expect(begun.structuredContent).toMatchObject({ waiting: [0, 1] })
    const first = await call('act', { episode, seat: 1, actions: 'East' })
    expect(first.structuredContent).toMatchObject({ step: 0, waiting: [0] })
    expect(textOf(await call('act', { episode, seat: 1, actions: 'East' }))).toContain(
      'seat 1 is not asked now, but 0',
    )
    const second = await call('act', { episode, seat: 0, actions: 'East' })
    expect(second.structuredContent).toMatchObject({ step: 1, waiting: [0, 1] })
    expect((await call('undo', { episode, step: 0 })).structuredContent).toMatchObject({
      step: 0,
      waiting: [0, 1],
    })
  })
})

test.each([
  ['reset', { game: 'bacon' }, "did you mean 'beacon'"],
  ['reset', { game: 'beacon', preset: 'par' }, "did you mean 'pair'"],
  ['reset', { game: 'beacon', config: { cells: 1 } }, 'cells'],
  ['reset', {}, 'game'],
  ['act', { episode: 'none', actions: 'East' }, "no episode 'none'"],
  ['act', { actions: 'Eastt' }, "did you mean 'East'"],
  ['act', { actions: '' }, 'no action'],
  ['act', { seat: 7, actions: 'East' }, 'no seat 7'],
  ['undo', { step: 99 }, 'step 99 is not behind'],
  ['look', { as: 'sound' }, 'as'],
])('%s %j is refused in words', async (name, given, words) => {
  const begun = await call('reset', { game: 'beacon', seed: 'x' })
  const { episode } = begun.structuredContent as { episode: string }
  const told = await call(name, name === 'reset' ? given : { episode, ...given })
  expect(told.isError).toBe(true)
  expect(textOf(told)).toContain(words)
  expect(notes.filter((note) => note.includes('    at '))).toEqual([])
})

test('who names no episode does not play that of another, nor learns its name', async () => {
  const names = []
  for (const seed of ['a', 'b']) {
    const begun = await call('reset', { game: 'beacon', seed })
    names.push((begun.structuredContent as { episode: string }).episode)
  }
  for (const [tool, given] of [
    ['act', { actions: 'East' }],
    ['undo', { step: 0 }],
    ['look', {}],
    ['record', {}],
    ['look', { episode: names[0].slice(0, 8) }],
  ] as const) {
    const told = await call(tool, given)
    expect(told.isError).toBe(true)
    for (const name of names) expect(textOf(told)).not.toContain(name)
  }
  expect(names[0]).toHaveLength(36)
})

test('episodes with very many events make room for others', () => {
  const table = new Table({ envs: [toy] })
  const first = table.reset('beacon', { cells: 7, level: { beacon: 6, starts: [1] }, maxSteps: 9 }, 's')
  for (let i = 0; i < 4; i++) table.act(first.episode, 0, 'Stay')
  const events = table.record(first.episode) as RecordEvent[]
  while (events.length < 300_000) events.push(events[1])
  expect(table.look(first.episode, 0).step).toBe(4)
  const second = table.reset('beacon', {}, 's')
  expect(() => table.look(first.episode, 0)).toThrow(
    `no episode '${first.episode}'; there is ${second.episode}`,
  )
})

test('a stranger’s page is not answered, nor another path', async () => {
  const asked = (headers: Record<string, string>, path = ''): Promise<Response> =>
    fetch(serving.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  expect((await asked({ origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await asked({}, '/x')).status).toBe(404)
})

test('beyond this machine every request needs the token', async () => {
  const table = new Table({ envs: [toy], shared: true })
  const access = { host: '0.0.0.0', token: 'secret' }
  const beyond = await serveMcpHttp({ port: 0, ...access }, { table, png: () => PNG, log: () => {} })
  const url = beyond.url.replace('0.0.0.0', '127.0.0.1')
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  for (const [authorization, status] of [
    ['', 401],
    ['Bearer secre', 401],
    ['Bearer secret', 200],
  ] as const) {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(authorization && { authorization }),
    }
    expect([authorization, (await fetch(url, { method: 'POST', headers, body })).status]).toEqual([
      authorization,
      status,
    ])
  }
  await beyond.close()
})

test('the command speaks on its streams, and what is played can be watched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-'))
  const other = new Client({ name: 'test', version: '1' })
  const root = new URL('../../', import.meta.url)
  const words = ['--import', 'tsx', '--conditions=source', '-e']
  const code = `const { main } = await import('#cli/main'); process.exitCode = await main(['mcp', '--record', ${JSON.stringify(join(folder, 'run'))}])`
  await other.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...words, code],
      cwd: root.pathname,
      stderr: 'inherit',
    }),
  )
  const games = (await other.callTool({ name: 'games', arguments: {} })) as Told
  const [first] = (games.structuredContent as { games: { id: string }[] }).games
  const begun = (await other.callTool({ name: 'reset', arguments: { game: first.id, seed: '1' } })) as Told
  const legal = (begun.structuredContent as { legal: string[] }).legal
  await other.callTool({ name: 'act', arguments: { actions: legal[0] } })
  const looked = (await other.callTool({ name: 'look', arguments: { as: 'picture' } })) as Told
  expect(
    Buffer.from(looked.content[0].data ?? '', 'base64')
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  const [file] = readdirSync(join(folder, 'run', 'episodes'))
  expect(readFileSync(join(folder, 'run', 'episodes', file), 'utf8')).toContain('"type":"step"')
  await other.close()
})
