/**
 * Chat agents, each row what a server does and what is made of it: replies in the shapes that servers give, servers as
 * they want to be asked, keys that are nowhere to be seen, and evaluations, comparisons and arenas that are killed
 * again and again and ask nothing twice. A server that validates every request by OpenAI's own types plays from the pictures it gets
 * (integrations/vision; it needs python3 and PyPI, or `--python <interpreter>` with its requirements). With `--data <folder>`
 * the replies of its chat-replies.json are read, too.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type Asked, completion, type FakeChat, fail, fakeChat, type Said } from '../chat-server.ts'
import { findPython } from './python.ts'
import { program } from './serving.ts'
import { claim, ROOT, show } from './show.ts'

interface Turn {
  readonly type: string
  readonly valid: boolean
  readonly format?: string
  readonly end?: string
  readonly actions: readonly string[]
  readonly thought?: string
  readonly reason?: string
}

/** Runs the command line beside a chat server of this process. */
function kickpush(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, out, err })))
}

/** Plays one turn of an agent and tells its record's turn. */
async function oneTurn(folder: string, said: Said): Promise<Turn> {
  const server = await fakeChat(said)
  const record = join(folder, 'one.jsonl')
  const game = ['--env', 'sokoban', '--config', JSON.stringify({ level: '#####|#---#|#-@-#|#-$.#|#####' })]
  const flags = ['--max-turns', '1', '--actions-per-turn', '4', '--record', record]
  await kickpush(['play', ...game, '--agent', `chat:m@${server.origin}/v1`, ...flags])
  server.close()
  return readFileSync(record, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Turn)
    .find(({ type }) => type === 'turn')!
}

function told({ valid, format, end, actions, thought = '' }: Turn): string {
  const ended = end === undefined ? '' : `, ${end}`
  return valid ? `${format} ${actions.join(' ')}${ended} (${thought.slice(0, 30)})` : `not played: ${end}`
}

const REPLIES: readonly (readonly [name: string, said: Said, expected: string])[] = [
  ['in the format', completion('<think>a</think><answer>Up</answer>'), 'strict Up (a)'],
  ['reasoning_content', completion('<answer>Up</answer>', { reasoning_content: 'a' }), 'strict Up (a)'],
  ['an end token', completion('<think>a</think><answer>Up</answer><end_of_turn>'), 'strict Up (a)'],
  ['a prefilled thought', completion('a</think><answer>Up</answer>'), 'lenient Up (a)'],
  ['fenced', completion('<think>a</think><answer>```\nUp\n```</answer>'), 'lenient Up (a)'],
  ['listed', completion('<think>a</think><answer>1. **Up**\n2. "Left"</answer>'), 'lenient Up Left (a)'],
  ['JSON', completion('{"thought":"a","actions":["Up","Left"]}'), 'lenient Up Left (a)'],
  [
    'a tool call',
    completion(
      null,
      { tool_calls: [{ function: { name: 'play', arguments: '{"actions":"Up"}' } }] },
      'tool_calls',
    ),
    'lenient Up, tool call ()',
  ],
  ['cut off', completion('<think>first', {}, 'length'), 'not played: cut off'],
  ['refused', completion(null, { refusal: 'No.' }), 'not played: refused'],
  ['filtered', completion('', {}, 'content_filter'), 'not played: filtered'],
  ['prose', completion('I would rather not go Up'), 'not played: malformed'],
]

async function replies(folder: string): Promise<void> {
  for (const [name, said, expected] of REPLIES) {
    const turn = told(await oneTurn(folder, said))
    claim(`a reply, ${name}`, turn === expected, turn)
  }
  const at = process.argv.indexOf('--data')
  const file = at < 0 ? '' : join(process.argv[at + 1], 'chat-replies.json')
  if (!existsSync(file)) return console.log('skip replies of others: --data <folder with chat-replies.json>')
  type Case = {
    name: string
    reply: object
    expect: { actions: string[]; format?: string; end?: string; thought?: string }
  }
  for (const { name, reply, expect } of (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases) {
    const turn = await oneTurn(folder, reply)
    const format = expect.format?.startsWith('strict where') ? 'lenient' : expect.format
    const holds =
      turn.actions.join() === expect.actions.join() &&
      (format === undefined || turn.format === format) &&
      (expect.end === undefined || turn.end === expect.end) &&
      (expect.thought === undefined || turn.thought === expect.thought)
    claim(`a reply of others, ${name}`, holds, told(turn))
  }
}

async function servers(folder: string): Promise<void> {
  const game = [
    'eval',
    '--env',
    'sokoban',
    '--config',
    'preset=tiny-1',
    '--episodes',
    '1',
    '--max-turns',
    '2',
  ]
  const good = completion('<think>a</think><answer>Up</answer>')
  const rows: [string, string, Said[], string[], (server: FakeChat, out: string) => boolean][] = [
    ['a base URL without /v1', '', [good], [], ({ asked }) => asked[0].path === '/v1/chat/completions'],
    [
      'a server without /v1',
      '/api',
      [fail(404, 'Not Found'), good],
      [],
      ({ asked }) => asked[1].path === '/api/chat/completions',
    ],
    [
      'a server that wants max_completion_tokens',
      '/v1',
      [fail(400, "use 'max_completion_tokens'"), good],
      ['--max-tokens', '77'],
      ({ asked }) => asked[1].body.max_completion_tokens === 77,
    ],
    [
      'Retry-After',
      '/v1',
      [fail(429, 'slow', { 'retry-after': '1' }), good],
      [],
      ({ asked }) => asked.length === 3,
    ],
    [
      '--extra-body',
      '/v1',
      [good],
      ['--extra-body', '{"top_k":3}'],
      ({ asked }) => asked[0].body.top_k === 3,
    ],
    [
      'usage and --price',
      '/v1',
      [good],
      ['--price', '1,2'],
      (_, out) => out.includes('200 read, 40 written, $0.0003'),
    ],
  ]
  for (const [name, path, said, flags, holds] of rows) {
    const server = await fakeChat(...said)
    const { code, out, err } = await kickpush([
      ...game,
      '--agent',
      `chat:m@${server.origin}${path}`,
      ...flags,
    ])
    server.close()
    claim(name, code === 0 && holds(server, out), err.trim() || out.trim().split('\n').at(-1)?.trim())
  }

  const server = await fakeChat(fail(401, 'wrong key sk-secret'))
  const name = `chat:m@${server.origin.replace('//', '//user:password@')}/v1?key=hidden`
  const out = join(folder, 'keys')
  const refused = await kickpush([...game, '--agent', name, '--api-key-env', 'MY_KEY', '--out', out], {
    MY_KEY: 'sk-secret',
  })
  server.close()
  const seen = refused.out + refused.err + readFileSync(join(out, 'run.json'), 'utf8')
  claim('a key of the environment is sent', server.asked[0].headers.authorization === 'Bearer sk-secret')
  claim(
    'and neither it nor a password is ever shown',
    !/secret|password|hidden/.test(seen),
    refused.err.trim(),
  )
}

/** What the strict server has seen so far. */
interface Seen {
  readonly openai: string
  readonly requests: number
  readonly refused: number
  readonly pictures: number
  readonly keys: readonly string[]
}

/** Frames reach a server that takes nothing but what OpenAI's types name, and that can only play by what it sees. */
async function vision(folder: string): Promise<void> {
  const found = findPython('integrations/vision/requirements.txt', folder)
  if (typeof found === 'string') return console.log(`skip the strict server with eyes: ${found}`)
  const { url, stop } = await program(found.path, ['integrations/vision/server.py', '0'])
  const seen = async (): Promise<Seen> => (await fetch(`${url}/seen`)).json() as Promise<Seen>
  const game = ['eval', '--env', 'sokoban', '--agent', `chat:eyes@${url}`, '--episodes', '5', '--json']
  const key = { OPENAI_API_KEY: 'sk-strict' }
  for (const [name, words] of [
    ['frames, turn by turn', ['--config', 'preset=tiny-1', '--modality', 'frame', '--actions-per-turn', '3']],
    [
      'frames, three in the context',
      ['--config', 'preset=tiny-1', '--modality', 'frame', '--memory-observations', '3'],
    ],
    ['frames and text, one answer', ['--config', 'preset=tiny-2', '--modality', 'both', '--mode', 'global']],
    [
      'frames, legal actions listed, temperature and limit given',
      [
        '--config',
        'preset=tiny-2',
        '--modality',
        'frame',
        '--list-legal',
        '--temperature',
        '0',
        '--max-tokens',
        '99',
      ],
    ],
  ] as const) {
    const before = await seen()
    const { code, out, err } = await kickpush([...game, ...words], key)
    const { requests, pictures, refused, openai } = await seen()
    const told = code === 0 ? JSON.parse(out) : {}
    claim(
      `a strict server with eyes, ${name}: nothing refused, every level solved`,
      code === 0 && refused === before.refused && told.success.mean === 1 && told.lenient === 0,
      code === 0
        ? `${requests - before.requests} requests by openai ${openai}'s types, ${pictures - before.pictures} PNGs`
        : err.trim(),
    )
  }
  const blind = await kickpush([...game, '--config', 'preset=tiny-1', '--modality', 'text'], key)
  claim('and without a picture it plays nothing', JSON.parse(blind.out || '{}').success?.mean === 0)
  const before = await seen()
  const extra = ['--modality', 'frame', '--extra-body', '{"top_k":3}']
  const refused = await kickpush([...game, ...extra], key)
  claim(
    'a key that the schema does not name is refused there, and told in one line',
    refused.code === 2 && /top_k: Extra inputs/.test(refused.err) && (await seen()).refused > before.refused,
    refused.err.trim().split('\n').at(-1),
  )
  stop()
}

/** Always says the same to the same chat, after a while. */
const player = ({ body }: Asked, response: ServerResponse): void => {
  const sum = [...JSON.stringify(body)].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003,
    7,
  )
  const action = ['Up', 'Right', '**Down**', 'hm', 'Left'][sum % 5]
  setTimeout(() => response.end(JSON.stringify(completion(`<think>a</think><answer>${action}</answer>`))), 20)
}

/** A command that is killed again and again comes out as if it had not been, and asks nothing twice. */
async function nothingTwice(
  folder: string,
  what: string,
  words: (agent: string) => string[],
  { kills, episodes, turns }: { kills: number; episodes: number; turns: number },
): Promise<void> {
  const server = await fakeChat(player)
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--json', '--resume']
  const command = (out: string) => [
    ...[...words(`chat:m@${server.origin}`), ...game],
    ...['--episodes', String(episodes), '--max-turns', String(turns), '--out', join(folder, out)],
  ]
  const [whole, killed] = [`${what}-whole`, `${what}-killed`]
  const undisturbed = await kickpush(command(whole))
  const wanted = server.asked.length
  claim(`${what} without a kill`, undisturbed.code === 0, `${wanted} requests`)

  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...command(killed)], {
      cwd: ROOT,
      stdio: 'ignore',
    })
    const before = server.asked.length
    const ended = new Promise((resolve) => child.once('exit', resolve))
    while (server.asked.length < before + 9 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill(kill % 2 === 0 ? 'SIGKILL' : 'SIGINT')
    await ended
  }
  const last = await kickpush(command(killed))
  claim(
    `${what}: ${kills} kills later it comes out the same`,
    last.out === undisturbed.out && last.out !== '',
    last.err.trim().split('\n').at(-1),
  )
  const twice = server.asked.length - 2 * wanted
  // What was in flight when it was killed had no answer yet, or one that nobody had read.
  claim(
    `${what}: and asked nothing twice but what was in flight`,
    twice <= 8 * kills,
    `${twice} requests, at most ${8 * kills}`,
  )
  const records = readdirSync(join(folder, killed, 'episodes')).map((name) =>
    join(folder, killed, 'episodes', name),
  )
  const verified = records.map((file) =>
    spawnSync(process.execPath, [join(ROOT, 'bin/kickpush.js'), 'replay', file, '--verify']),
  )
  claim(
    `${what}: and its records verify`,
    verified.every(({ status }) => status === 0),
    `${records.length} files`,
  )
  server.close()
}

await show(async (folder) => {
  await replies(folder)
  await servers(folder)
  await vision(folder)
  const small = { kills: 3, episodes: 6, turns: 4 }
  await nothingTwice(folder, 'eval', (agent) => ['eval', '--agent', agent], {
    kills: 20,
    episodes: 40,
    turns: 8,
  })
  await nothingTwice(folder, 'compare', (agent) => ['compare', agent, 'random'], small)
  await nothingTwice(folder, 'variants', (agent) => ['compare', agent, '--variant', 'mode=global'], small)
  await nothingTwice(folder, 'arena', (agent) => ['arena', agent, 'random', 'expert'], small)
})
