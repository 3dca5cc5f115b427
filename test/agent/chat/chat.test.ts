import { pipeline, Readable } from 'node:stream'
import type { ReadableStream as WebReadable } from 'node:stream/web'
import { loadImage } from 'canvas'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { readAddress } from '#agent/chat/address'
import { png } from '#agent/hosts/node/png'
import { createPolicy } from '#agent/hosts/node/policies'
import { type ChatOptions, chat } from '#agent/policies/chat'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent, TurnEvent } from '#core/record/record'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { completion, type FakeChat, fail, fakeChat, type Said } from '../../chat-server.ts'

const env = findEnv(envs, 'sokoban')
const config = resolveConfig(env, { level: '#######|#-@$-.#|#######' })
const SOLVED = '<think>push twice</think><answer>Right, Right</answer>'

afterEach(() => {
  for (const name of ['OPENAI_API_KEY', 'KICKPUSH_API_KEY']) delete process.env[name]
})

async function serve(...said: Said[]): Promise<FakeChat> {
  const server = await fakeChat(...said)
  onTestFinished(() => server.close())
  return server
}

function asking({ origin }: FakeChat, options: ChatOptions = {}, path = '/v1'): Policy {
  return chat(readAddress(`m@${origin}${path}`), { wait: 1, ...options }, png)
}

/** Plays an episode, or several at once. */
async function playing(policy: Policy, given: Partial<Conversation> = {}, count = 1) {
  const conversation = Conversation.parse({ actionsPerTurn: 4, maxTurns: 3, ...given })
  const events: RecordEvent[] = []
  const matches = Array.from({ length: count }, (_, i) => ({
    ...{ episode: `e${i}`, env, config, seed: 's', policies: [policy], conversation },
  }))
  const episodes = await play(matches, { onEvent: (event) => events.push(event) })
  const { episodes: verified } = verifyRecord(events.map(writeLine).join(''), envs)
  expect(verified.map(({ status }) => status)).toEqual(verified.map(() => 'agrees'))
  return { episodes, turns: events.filter((event): event is TurnEvent => event.type === 'turn'), events }
}

test('answers turns; a broken format is told and costs the turn', async () => {
  const server = await serve('I go right!', SOLVED)
  const { episodes, turns } = await playing(asking(server))
  expect(turns.map(({ valid, format, end }) => [valid, format, end])).toEqual([
    [false, undefined, 'malformed'],
    [true, 'strict', undefined],
  ])
  expect(JSON.stringify(server.asked[1].body)).toContain('regenerate it, following the format')
  expect(turns[1].thought).toBe('push twice')
  expect(turns[1].usage).toEqual({ input: 100, output: 20 })
  expect(episodes[0].outcome.success).toBe(true)
})

test('sees frames as PNG data URLs of the right size', async () => {
  const server = await serve(SOLVED)
  await playing(asking(server), { modality: 'frame' })
  const parts = server.asked[0].body.messages.at(-1)?.content as {
    type: string
    image_url?: { url: string }
  }[]
  const [url] = parts.flatMap((part) => (part.image_url ? [part.image_url.url] : []))
  expect(url).toMatch(/^data:image\/png;base64,/)
  const image = await loadImage(Buffer.from(url.split(',')[1], 'base64'))
  expect({ width: image.width, height: image.height }).toEqual(env.frame(config))
})

describe('a reply as servers shape it', () => {
  const answer = '<answer>Right, Right</answer>'
  const call = (name: string, given: unknown) => ({ function: { name, arguments: given } })
  test.each<[string, object, Partial<TurnEvent>]>([
    [
      'reasoning_content',
      completion(answer, { reasoning_content: 'a' }),
      { format: 'strict', thought: 'a', reasoning: 'a' },
    ],
    ['reasoning', completion(answer, { reasoning: 'a' }), { format: 'strict', thought: 'a' }],
    ['thinking', completion(answer, { thinking: 'a' }), { format: 'strict', thought: 'a' }],
    ['one part', completion({ type: 'text', text: SOLVED }), { format: 'strict' }],
    [
      'reasoning_details',
      completion(answer, { reasoning_details: [{ type: 'reasoning.text', text: 'a' }] }),
      { format: 'strict', thought: 'a' },
    ],
    [
      'parts',
      completion([
        { type: 'text', text: '<think>a</think>' },
        { type: 'text', text: answer },
      ]),
      { format: 'strict', thought: 'a' },
    ],
    [
      'parts with thoughts',
      completion([
        { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
        { type: 'text', text: answer },
      ]),
      { format: 'strict', thought: 'a' },
    ],
    ['a prefilled thought', completion(`a</think>${answer}`), { format: 'lenient', thought: 'a' }],
    [
      'tool calls',
      completion(null, { tool_calls: [call('play', '{"actions":["Right","Right"]}')] }, 'tool_calls'),
      { format: 'lenient', end: 'tool call', response: expect.stringContaining('<tool_call>') as never },
    ],
    [
      'a function call',
      completion(
        null,
        { function_call: { name: 'play', arguments: { actions: 'Right Right' } } },
        'function_call',
      ),
      { format: 'lenient', end: 'tool call' },
    ],
    [
      'a completion of text',
      { choices: [{ text: `<think>a</think>${answer}`, finish_reason: 'stop' }] },
      { format: 'strict' },
    ],
    [
      'nonsense around it',
      completion(SOLVED, { refusal: null, tool_calls: null, audio: 1, reasoning: 7 }),
      { format: 'strict' },
    ],
  ])('%s plays', async (_, reply, expected) => {
    const { turns } = await playing(asking(await serve(reply)))
    expect(turns).toHaveLength(1)
    expect(turns[0]).toMatchObject({ valid: true, actions: ['Right', 'Right'], ...expected })
  })

  test.each<[string, Said]>([
    ['cut off', completion('<think>first I', {}, 'length')],
    ['cut off', completion(null, { reasoning_content: 'hm' }, 'length')],
    ['refused', completion(null, { refusal: 'I cannot help with that.' })],
    ['refused', completion([{ type: 'refusal', refusal: 'No.' }])],
    ['filtered', completion('', {}, 'content_filter')],
    ['filtered', fail(400, '{"error":{"code":"content_filter","message":"The response was filtered"}}')],
    ['tool call', completion(null, { tool_calls: [call('search', '{"query":"sokoban"}')] }, 'tool_calls')],
    ['tool call', completion(null, {}, 'tool_calls')],
    ['malformed', completion('')],
    ['malformed', completion(null)],
  ])('%s: %j', async (end, reply) => {
    const { turns, episodes } = await playing(asking(await serve(reply)))
    expect(turns).toHaveLength(3)
    for (const turn of turns) expect(turn).toMatchObject({ valid: false, actions: [], end })
    expect(episodes[0].failed).toBeUndefined()
  })
})

describe('a server is asked as it wants to be', () => {
  test.each([
    ['', '/v1/chat/completions'],
    ['/', '/v1/chat/completions'],
    ['/v1', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['/api/v3', '/api/v3/chat/completions'],
    ['/openai', '/openai/v1/chat/completions'],
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['/deployments/m?api-version=1', '/deployments/m/v1/chat/completions?api-version=1'],
  ])('base URL %j', async (base, path) => {
    const server = await serve(SOLVED)
    const policy = asking(server, {}, base)
    await playing(policy)
    expect(server.asked.map((asked) => asked.path)).toEqual([path])
  })

  test('where it has no /v1 it is found, once', async () => {
    const answering: Said = ({ path }, response) =>
      path === '/api/chat/completions'
        ? response.end(JSON.stringify(completion(SOLVED)))
        : response.writeHead(404).end('Not Found')
    const server = await serve(answering)
    const policy = asking(server, {}, '/api')
    await playing(policy, {}, 5)
    await playing(policy)
    expect(server.asked.slice(-1).map(({ path }) => path)).toEqual(['/api/chat/completions'])
    expect(server.asked.filter(({ path }) => path === '/api/chat/completions')).toHaveLength(6)
  })

  test('the limit of tokens has the name it asks for, and a temperature only where it takes one', async () => {
    const choosy: Said = ({ body }, response) => {
      const problem =
        'max_tokens' in body
          ? "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
          : 'temperature' in body
            ? "Unsupported value: 'temperature' does not support 0.5. Only the default (1) value is supported."
            : undefined
      if (problem) response.writeHead(400).end(JSON.stringify({ error: { message: problem } }))
      else response.end(JSON.stringify(completion(SOLVED)))
    }
    const server = await serve(choosy)
    const policy = asking(server, { maxTokens: 77, temperature: 0.5, tries: 1 })
    expect((await playing(policy, {}, 4)).episodes.every(({ outcome }) => outcome.success)).toBe(true)
    await playing(policy)
    const { body } = server.asked.at(-1)!
    expect(body.max_completion_tokens).toBe(77)
    expect(Object.keys(body).sort()).toEqual(['max_completion_tokens', 'messages', 'model'])
  })

  test('with keys of the user over ours', async () => {
    const server = await serve(SOLVED)
    const extraBody = { max_completion_tokens: 5, temperature: null, reasoning_effort: 'low' }
    await playing(asking(server, { temperature: 1, extraBody }))
    const { messages: _, ...body } = server.asked[0].body
    expect(body).toEqual({ model: 'm', max_completion_tokens: 5, reasoning_effort: 'low' })
  })

  test('again when it is overloaded, after as long as it says', async () => {
    const server = await serve(fail(503), fail(429, 'slow down', { 'retry-after': '0' }), fail(500), SOLVED)
    expect((await playing(asking(server))).episodes[0].outcome.success).toBe(true)
    expect(server.asked).toHaveLength(4)

    const far = new Date(Date.now() + 3_600_000).toUTCString()
    for (const after of ['3600', far]) {
      const busy = await serve(fail(429, 'quota', { 'retry-after': after }), SOLVED)
      const { episodes } = await playing(asking(busy))
      expect(episodes[0].failed).toMatch(/429 .*quota; it asks to wait 3[56]\d\d s/)
      expect(busy.asked).toHaveLength(1)
    }
    const exact = await serve(fail(429, 'x', { 'retry-after': '3600', 'retry-after-ms': '1' }), SOLVED)
    expect((await playing(asking(exact))).episodes[0].outcome.success).toBe(true)
  })
})

/** Begins an answer, and goes on with it a little at a time. */
const trickle: Said = (_, response) => {
  const more = () => !response.destroyed && response.write(' ', () => setTimeout(more, 5))
  more()
}

/** Never ends an answer, packed or not. */
const flood =
  (encoding?: 'gzip'): Said =>
  (_, response) => {
    const { readable, writable } = encoding ? new CompressionStream(encoding) : new TransformStream()
    const writer = writable.getWriter()
    const piece = new Uint8Array(1 << 16).fill(32)
    const more = (): Promise<void> => writer.write(piece).then(more)
    more().catch(() => {})
    response.writeHead(200, encoding && { 'content-encoding': encoding })
    pipeline(Readable.fromWeb(readable as WebReadable), response, () => {})
  }

describe('a server that does not answer', () => {
  test.each([
    [fail(401, 'Incorrect API key provided: sk-secret'), /401 .*Incorrect API key provided: \*\*\*/],
    [fail(404, 'The model `m` does not exist'), /404 .*does not exist/],
    [{ error: { message: 'no credits', code: 402 } }, /no credits/],
  ])('ends everything in one clear line where asking again is hopeless', async (said, message) => {
    const server = await serve(said as Said, said as Said, said as Said)
    const policy = asking(server, { apiKey: 'sk-secret', tries: 2 })
    await expect(playing(policy)).rejects.toThrow(message)
    await expect(playing(policy)).rejects.toThrow(`chat server ${server.origin}/v1: `)
  })

  test.each([
    [fail(200, 'hello'), /no chat completion/],
    [() => {}, /no answer in time/],
    [trickle, /no answer in time/],
    [flood(), /^chat server \S+: its answer is longer than 16 MiB$/],
    [flood('gzip'), /^chat server \S+: its answer is longer than 16 MiB$/],
    [fail(503), /503 Service Unavailable overloaded/],
  ])(
    'fails its episode, and everything once it failed as often as it may be asked at once',
    async (said, message) => {
      const server = await serve(said)
      // Only the silent one is given up after a while: a busy machine answers late.
      const silent = message.source === 'no answer in time'
      const timeout = silent ? 400 : undefined
      const options = { tries: 2, timeout, concurrency: 3 }
      const { episodes } = await playing(asking(server, options))
      expect(episodes[0].failed).toMatch(message)
      expect(server.asked).toHaveLength(2)
      await expect(playing(asking(server, options), {}, 9)).rejects.toThrow(message)
    },
  )

  test('fails the episodes it was asked in, once it answered others', async () => {
    const second: Said = ({ body }, response) =>
      body.messages.length > 2
        ? response.writeHead(500).end('out of memory')
        : response.end(JSON.stringify(completion('<think></think><answer>Left</answer>')))
    const { episodes, turns, events } = await playing(asking(await serve(second), { tries: 2 }), {}, 3)
    for (const episode of episodes) {
      expect(episode).toMatchObject({ truncated: true, failed: expect.stringContaining('500 ') })
      expect(episode.turns[0]).toHaveLength(2)
    }
    expect(turns.filter(({ end }) => end === 'failed')).toHaveLength(3)
    expect(
      events.filter((event) => event.type === 'end' && event.failed?.includes('out of memory')),
    ).toHaveLength(3)
  })
})

test('when most of the first answers fail, one line says how and what to try', async () => {
  const notes: string[] = []
  const note = (line: string) => notes.push(line)
  await playing(asking(await serve(completion('<think>', {}, 'length')), { note, maxTokens: 50 }), {}, 10)
  expect(notes).toEqual([
    expect.stringMatching(/^8 of the first 8 answers: cut off; raise --max-tokens \(50\)/),
  ])
  const short = asking(await serve('hm', 'hm', SOLVED), { note })
  await playing(short)
  short.dispose?.()
  expect(notes[1]).toMatch(/^2 of the first 3 answers: malformed; /)
  const good = asking(await serve(SOLVED), { note })
  await playing(good, {}, 10)
  good.dispose?.()
  expect(notes).toHaveLength(2)
})

describe('keys', () => {
  test.each([
    [{}, undefined],
    [{ OPENAI_API_KEY: 'sk-o' }, 'Bearer sk-o'],
    [{ OPENAI_API_KEY: 'sk-o', KICKPUSH_API_KEY: 'sk-k' }, 'Bearer sk-k'],
  ])('of the environment %j', async (given, header) => {
    Object.assign(process.env, given)
    const server = await serve(SOLVED)
    await playing(await createPolicy(`chat:m@${server.origin}/v1`, { env }))
    expect(server.asked[0].headers.authorization).toBe(header)
  })

  test.each([
    ['user:p%40ss@', '', 'user:p@ss'],
    ['user:p@ss@', '', 'user:p@ss'],
    ['token@', '?key=hidden#x', 'token:'],
  ])('in an address (%s..%s) are used, and never shown', async (userinfo, query, password) => {
    const server = await serve(fail(400, 'no'), SOLVED)
    const name = `chat:org/m@v1@${server.origin.replace('//', `//${userinfo}`)}${query}`
    const policy = await createPolicy(name, { env })
    expect(policy.id).toBe(`chat:org/m@v1@${server.origin}`)
    await expect(playing(policy)).rejects.toThrow(`chat server ${server.origin}: 400 Bad Request no`)
    const { events } = await playing(policy)
    expect(server.asked[0].headers.authorization).toBe(`Basic ${Buffer.from(password).toString('base64')}`)
    expect(server.asked[0].path).toBe(`/v1/chat/completions${query.split('#')[0]}`)
    expect(JSON.stringify(events)).not.toMatch(/p@ss|p%40ss|token|hidden/)
  })

  test.each([
    'chat:m@user:secret@host:8000/v1',
    'chat:m@http://user:secret@host:port/v1',
    'chat:m@ftp://user:secret@host/v1',
    'chat:m@http://user:secret/x@host/v1',
    'chat:@http://user:secret@host/v1',
    'chaat:m@http://user:secret@host/v1?key=secret',
    'script:http://user:secret@host',
    'mini:http://user:secret@host',
  ])('in %s, which is no agent, are not told', async (name) => {
    const told = await createPolicy(name, { env }).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(told).not.toBe('')
    expect(told).not.toContain('secret')
  })
})
