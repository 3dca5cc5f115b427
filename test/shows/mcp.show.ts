/**
 * An agent harness plays through the Model Context Protocol: the protocol's official client, unmodified, over standard input
 * and output and over HTTP, with several harnesses at once; mistakes are told, steps taken back, records verify, and a person
 * watches in the viewer as it is played (in Chromium, where there is one).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { CHROMIUM, launch } from '../browser/browser.ts'
import { serve } from './serving.ts'
import { claim, kickpush, ROOT, show } from './show.ts'

interface Told {
  readonly content: readonly { readonly type: string; readonly text?: string; readonly data?: string }[]
  readonly structuredContent?: Record<string, unknown>
  readonly isError?: boolean
}

type Call = (name: string, given?: Record<string, unknown>) => Promise<Told>

const callsOf =
  (client: Client): Call =>
  async (name, given = {}) =>
    (await client.callTool({ name, arguments: given })) as Told

const textOf = ({ content }: Told): string => content.map(({ text }) => text ?? '').join('\n')

/** The expert's actions on a level, by name: what this harness thinks of. */
function solution(folder: string, seed: string): string[] {
  const file = join(folder, `expert-${seed}.jsonl`)
  kickpush(
    'play',
    '--env',
    'sokoban',
    '--config',
    'preset=tiny-1',
    '--seed',
    seed,
    '--agent',
    'expert',
    '--record',
    file,
  )
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"type":"turn"'))
    .flatMap((line) => (JSON.parse(line) as { actions: string[] }).actions)
}

/** Whether a record verifies, as `kickpush replay` says. */
function verifies(folder: string, text: string): string | undefined {
  const file = join(folder, 'record.jsonl')
  writeFileSync(file, text)
  const { code, out } = kickpush('replay', file, '--verify')
  return code === 0 ? out.trim().split('\n').at(-1) : undefined
}

/** Plays a level to its end with a mistake and a step back on the way. */
async function play(call: Call, folder: string, seed: string, what: string): Promise<string> {
  const begun = await call('reset', { game: 'sokoban', preset: 'tiny-1', seed })
  const { episode } = begun.structuredContent as { episode: string }
  const rules = textOf(await call('rules', { episode }))
  claim(
    `${what}: rules name the aim and the actions`,
    /target/.test(rules) && rules.includes('Up, Down, Left, Right'),
  )
  const seen = await call('look', { episode })
  const picture = Buffer.from(seen.content[1]?.data ?? '', 'base64')
  claim(
    `${what}: a look is a text and a PNG`,
    textOf(seen).includes('#######') && picture.subarray(1, 4).toString() === 'PNG',
    `${picture.length} bytes`,
  )
  const wrong = await call('act', { episode, actions: 'Upp' })
  claim(
    `${what}: a mistake is told in one line`,
    wrong.isError === true && !textOf(wrong).trim().includes('\n'),
    textOf(wrong),
  )
  const plan = solution(folder, seed)
  const { legal } = begun.structuredContent as { legal: string[] }
  const first = await call('act', { episode, actions: legal.find((name) => name !== plan[0]) ?? legal[0] })
  const back = await call('undo', { episode, step: 0 })
  claim(
    `${what}: a step is taken back`,
    first.structuredContent?.step === 1 &&
      back.structuredContent?.step === 0 &&
      back.structuredContent?.text === begun.structuredContent?.text,
  )
  const won = await call('act', { episode, actions: plan.join(', ') })
  claim(
    `${what}: the level is solved`,
    won.structuredContent?.success === true,
    `${plan.length} actions after the undo`,
  )
  const record = textOf(await call('record', { episode }))
  const verified = verifies(folder, record)
  claim(`${what}: its record verifies`, verified !== undefined, verified)
  return episode
}

/** A person at the viewer sees what a harness does, as it does it. */
async function watched(call: Call, folder: string, runs: string): Promise<void> {
  const viewer = await serve(['serve', '--runs', runs])
  const begun = await call('reset', { game: 'sokoban', preset: 'tiny-1', seed: 'watched' })
  const { episode } = begun.structuredContent as { episode: string }
  const plan = solution(folder, 'watched')
  await call('act', { episode, actions: plan[0] })
  const wanted = async (): Promise<{ id: string; steps: number; live: boolean } | undefined> => {
    const answer = await fetch(`${viewer.url}/api/episodes?run=mcp&live=true`)
    const { episodes } = (await answer.json()) as { episodes: { id: string; steps: number; live: boolean }[] }
    return episodes.find(({ id }) => id.includes(episode))
  }
  let live = await wanted()
  for (let i = 0; i < 200 && !live; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    live = await wanted()
  }
  claim('the episode is live in the viewer after its first step', live !== undefined, live?.id)
  const built = existsSync(join(ROOT, 'dist/client/index.html'))
  if (CHROMIUM && built && live) {
    const browser = await launch()
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
    page.setDefaultTimeout(180_000)
    await page.goto(`${viewer.url}/#/episode/${encodeURIComponent(live.id)}`)
    await page.waitForSelector('.episode canvas')
    const shows = (steps: number) => page.waitForSelector(`.episode :text-is("${steps} / ${steps}")`)
    await shows(1)
    for (const action of plan.slice(1)) await call('act', { episode, actions: action })
    await shows(plan.length)
    await page.waitForSelector('.episode .badge[data-verdict=verified]')
    claim('and its page in Chromium follows it to its end, and verifies it', true, `${plan.length} steps`)
    const at = process.argv.indexOf('--picture')
    if (at > 0) await page.screenshot({ path: process.argv[at + 1] })
    await browser.close()
  } else
    console.log(`skip its page: ${CHROMIUM ? 'npm run build builds the viewer' : 'there is no Chromium'}`)
  await viewer.stop()
}

await show(async (folder) => {
  const runs = join(folder, 'runs')
  const stdio = new Client({ name: 'show', version: '1' })
  const words = [join(ROOT, 'bin/kickpush.js'), 'mcp', '--record', join(runs, 'mcp')]
  await stdio.connect(new StdioClientTransport({ command: process.execPath, args: words, cwd: ROOT }))
  const { version, name } = stdio.getServerVersion() ?? {}
  const { tools } = await stdio.listTools()
  claim(
    'over standard input and output: seven tools',
    tools.length === 7,
    `${name} ${version}: ${tools.map((tool) => tool.name).join(' ')}`,
  )
  const call = callsOf(stdio)
  const games = textOf(await call('games'))
  claim(
    'every game is there, with its presets',
    ['sokoban', 'football', 'puzzles'].every((game) => games.includes(`${game}: `)),
  )
  await play(call, folder, 's', 'stdio')
  await watched(call, folder, runs)
  await stdio.close()

  const server = await serve(['mcp'])
  const clients = [new Client({ name: 'one', version: '1' }), new Client({ name: 'two', version: '1' })]
  for (const client of clients)
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
  const [one, two] = clients.map(callsOf)
  const [a, b] = await Promise.all([play(one, folder, 'a', 'HTTP, one'), two('reset', { game: 'football' })])
  const theirs = (b.structuredContent as { episode: string }).episode
  claim('HTTP: episodes of two harnesses do not mix', a !== theirs)
  const nameless = await two('act', { actions: 'Idle' })
  claim(
    'HTTP: who names no episode is refused where there are several',
    nameless.isError === true,
    textOf(nameless),
  )
  for (const client of clients) await client.close()
  claim('the server ends when it is told to', await server.stop(), server.err.join('').slice(-300))
})
