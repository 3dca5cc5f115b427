/**
 * The servers' borders, each row an input and what it gives: work that clients ask for never holds the thread that
 * answers (the CPU time of that thread between asking for health and its answer is at most 50 ms), episodes have one
 * owner, and one rule says who may ask. OpenEnv's Python client plays, unmodified, with `--python <interpreter>` that
 * has `openenv-core` (0.3.0 was used).
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { type Server, serve } from './serving.ts'
import { claim, kickpush, run, show } from './show.ts'

/** CPU milliseconds of the answering thread that a health check may wait for. */
const MOST = 50
const CHECKS = 40

interface Answer {
  readonly status: number
  readonly body: Record<string, never> & { error?: { code: string; message: string } }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await fetch(url, { method: 'POST', body: text, headers })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

/**
 * Asks for health again and again over one connection, from a thread that does nothing else: what this process has to
 * do with the answers of others is no time of the server's. Tells the most CPU (ms, Linux) that the server's main
 * thread used between a question and its answer.
 */
const PROBER = `
const { parentPort, workerData: { host, port, path, pid, checks } } = require('node:worker_threads')
const { readFileSync } = require('node:fs')
const cpu = () => Number(readFileSync('/proc/' + pid + '/task/' + pid + '/schedstat', 'utf8').split(' ')[0]) / 1e6
let [most, done, over, before] = [0, 0, false, 0]
parentPort.on('message', () => { over = true })
const socket = require('node:net').connect(port, host)
const ask = () => {
  before = cpu()
  socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n')
}
socket.on('data', () => {
  most = Math.max(most, cpu() - before)
  if (++done >= checks && over) return parentPort.postMessage(most), socket.end(), parentPort.close()
  setTimeout(ask, 10)
})
socket.on('connect', ask)`

/** The most CPU that the answering thread used between asking for health and the answer, while `asking` goes on. */
async function worst(
  server: Server,
  path: string,
  ask: () => Promise<unknown>[],
): Promise<[number, unknown[]]> {
  const { hostname, port } = new URL(server.url)
  const workerData = { host: hostname, port: Number(port), path, pid: server.pid, checks: CHECKS }
  const prober = new Worker(PROBER, { eval: true, workerData })
  const told = new Promise<number>((resolve, reject) => prober.once('message', resolve).once('error', reject))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const answers = await Promise.allSettled(ask())
  prober.postMessage('over')
  return [await told, answers]
}

/** One row: what was asked, how it was answered, and what a health check cost meanwhile. */
async function row(server: Server, path: string, what: string, ask: () => Promise<Answer | Response>[]) {
  const [most, answers] = await worst(server, path, ask)
  const told = new Map<string, number>()
  for (const one of answers as PromiseSettledResult<Answer | Response>[]) {
    const answer = one.status === 'fulfilled' ? one.value : undefined
    const error = answer && 'error' in Object(answer.body) ? (answer as Answer).body.error : undefined
    const line = error ? `${answer!.status} ${error.message}` : String(answer?.status ?? 'broken off')
    told.set(line, (told.get(line) ?? 0) + 1)
  }
  const lines = [...told].map(([line, count]) => `${count} x ${line}`).join('; ')
  claim(
    `${what}: health within ${MOST} ms of CPU`,
    most <= MOST,
    `${most.toFixed(1)} ms; ${lines.slice(0, 160)}`,
  )
}

/** The inputs that used to hold a server for 10 to 20 CPU seconds. */
const HEAVY = [
  { width: 50, height: 50, boxes: 30 },
  { width: 20, height: 20, boxes: 8, layout: 'scattered', minLength: 300, maxLength: 400 },
  { width: 13, height: 13, boxes: 6, maxLength: 20 },
]

async function environment(folder: string): Promise<void> {
  const record = join(folder, 'runs', 'outside')
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-1']
  const server = await serve(['env-server', ...game, '--record', record])
  const resets = () => HEAVY.map((config, i) => post(`${server.url}/reset`, { seed: `h${i}`, config }))
  await row(server, '/health', 'env-server, three configs that are hard to make', resets)
  const flood = () => Array.from({ length: 300 }, (_, i) => post(`${server.url}/reset`, { seed: i }))
  await row(server, '/health', 'env-server, 300 resets at once', flood)
  const long = { action: { response: `<answer>${' '.repeat(99_000)}x` } }
  const { body } = await post(`${server.url}/reset`, { episode_id: 'long' })
  const steps = () =>
    Array.from({ length: 50 }, () => post(`${server.url}/step`, { ...long, episode_id: 'long' }))
  await row(server, '/health', 'env-server, 50 answers of 99,000 blanks', steps)
  claim('it still plays', Object(body).observation?.episode_id === 'long')
  await server.kill()
  await owners(folder)
}

async function owners(folder: string): Promise<void> {
  const record = join(folder, 'runs', 'owners')
  const server = await serve([
    'env-server',
    '--env',
    'sokoban',
    '--config',
    'preset=tiny-1',
    '--record',
    record,
  ])
  const say = async (socket: WebSocket, type: string, data: object = {}) => {
    const answer = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ type, data }))
    return JSON.parse(String(await answer)) as { type: string; data: { code?: string; message?: string } }
  }
  const connect = async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
    await new Promise((resolve) => socket.once('open', resolve))
    return socket
  }
  const [a, b] = [await connect(), await connect()]
  await say(a, 'reset', { episode_id: 'same' })
  const taken = await say(b, 'reset', { episode_id: 'same' })
  claim(
    'an episode id that another plays is refused',
    taken.data.code === 'SESSION_ERROR',
    taken.data.message,
  )
  for (let i = 0; i < 5; i++) {
    await say(a, 'step', { actions: 'Up' })
    await say(b, 'step', { actions: 'Down' })
  }
  a.close()
  b.close()
  const [one, two] = [await post(`${server.url}/reset`, {}), await post(`${server.url}/reset`, {})]
  const ids = [one, two].map(({ body }) => String(Object(body).observation.episode_id))
  claim('ids are random', ids[0] !== ids[1] && ids.every((id) => id.length === 36), ids.join(' '))
  const blind = await post(`${server.url}/step`, { action: { actions: 'Up' } })
  claim('a step without an id is refused while two are open', blind.status === 409, blind.body.error?.message)
  const named = await post(`${server.url}/step`, { action: { actions: 'Up' }, episode_id: ids[0] })
  claim('and plays with it', named.status === 200)
  await python(server)
  await server.kill()
  const verified = kickpush('replay', join(record, 'episodes', '0.jsonl'), '--verify', '--json')
  claim('every record verifies', verified.code === 0, verified.out.trim().split('\n').at(-1)?.slice(0, 120))
}

/** Plays an episode with OpenEnv's own client. */
async function python({ url }: Server): Promise<void> {
  const at = process.argv.indexOf('--python')
  if (at < 0) return console.log("skip OpenEnv's Python client: --python <interpreter with openenv-core>")
  const script = `
import asyncio, importlib.metadata
from openenv import GenericEnvClient
async def episode():
    async with GenericEnvClient(base_url='${url}') as env:
        result = await env.reset(seed=7, episode_id='by-python')
        turns = 0
        while not result.done:
            action = result.observation['actions'][turns % 4]
            result = await env.step({'response': f'<think>on</think><answer>{action}</answer>'})
            turns += 1
        state = await env.state()
        print(importlib.metadata.version('openenv-core'), state['episode_id'], state['step_count'], state['outcome'])
asyncio.run(episode())`
  const child = spawn(process.argv[at + 1], ['-c', script])
  let out = ''
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    out += text
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  claim(
    "OpenEnv's Python client plays word for word",
    code === 0 && out.includes('by-python'),
    out.trim().slice(-200),
  )
}

async function rewards(): Promise<void> {
  const server = await serve(['reward-server', '--env', 'sokoban'])
  const url = `${server.url}/get_reward`
  const task = (config: object) =>
    JSON.stringify({ env: 'sokoban', config, seed: '1', actions: 50, modality: 'text' })
  const batch = (label: string, count: number, said = '<think>on</think><answer>Up</answer>') =>
    post(url, {
      query: new Array(count).fill(`q${said}`),
      prompts: new Array(count).fill('q'),
      labels: new Array(count).fill(label),
    })
  await row(server, '/health', 'reward-server, tasks whose levels are hard to make', () =>
    HEAVY.map((one) => batch(task(one), 1)),
  )
  const easy = task({ level: '#######\n#@-$.-#\n#######' })
  await row(server, '/health', 'reward-server, 20 batches of 2,000', () =>
    Array.from({ length: 20 }, () => batch(easy, 2_000)),
  )
  const blanks = `${' '.repeat(100_000)}x`
  await row(server, '/health', 'reward-server, 100,000 blanks, then x', () => [batch(easy, 10, blanks)])
  const junk = `{"query":["${'x'.repeat(40 << 20)}"],"prompts":["q"]}`
  await row(server, '/health', 'reward-server, a body of 40 MB', () => [post(url, junk)])
  await server.kill()
}

async function viewer(folder: string): Promise<void> {
  const runs = join(folder, 'archive')
  const made = kickpush(
    ...['eval', '--env', 'sokoban', '--config', JSON.stringify({ level: '#######\n#@-$.-#\n#######' })],
    ...[
      '--split',
      'all',
      '--agent',
      'random',
      '--episodes',
      '2000',
      '--max-turns',
      '10',
      '--out',
      join(runs, 'many'),
    ],
  )
  claim('an archive of 2,000 episodes', made.code === 0, made.out.split('\n')[0])
  mkdirSync(join(runs, 'long'))
  const info = JSON.parse(readFileSync(join(runs, 'many', 'run.json'), 'utf8'))
  writeFileSync(join(runs, 'long', 'run.json'), JSON.stringify({ ...info, id: 'long' }))
  const rows = Array.from({ length: 100_000 }, (_, update) =>
    JSON.stringify({ update, stage: 'a', loss: 1 / (1 + update) }),
  )
  writeFileSync(join(runs, 'long', 'metrics.jsonl'), `${rows.join('\n')}\n`)

  const server = await serve(['serve', '--runs', runs], { KICKPUSH_TOKEN: 'show' })
  while (
    ((await (await fetch(`${server.url}/api/episodes?limit=1`)).json()) as { total: number }).total < 2000
  ) {
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const get = (path: string) =>
    fetch(`${server.url}${path}`).then(async (answer) => {
      await answer.text()
      return answer
    })
  const searches = ['search=a+b+c', 'sort=return&limit=1000', 'sort=steps&offset=1500', 'search=7&live=false']
  const many = () =>
    Array.from({ length: 100 }, (_, i) => get(`/api/episodes?${searches[i % searches.length]}`))
  await row(server, '/api/health', 'viewer, 100 searches at once', many)
  const pages = () => Array.from({ length: 50 }, (_, i) => get(`/api/runs/long/metrics?after=${i * 2_000}`))
  await row(server, '/api/health', 'viewer, 50 pages of 100,000 metrics', pages)
  const start = JSON.parse(readFileSync(join(runs, 'many', 'episodes', '0.jsonl'), 'utf8').split('\n')[0])
  const keep = (config: object) =>
    post(`${server.url}/api/records`, `${JSON.stringify({ ...start, config })}\n`, {
      authorization: 'Bearer show',
    })
  await row(server, '/api/health', 'viewer, records whose levels are hard to make', () => HEAVY.map(keep))
  const lines = () =>
    post(`${server.url}/api/records`, '{}\n'.repeat(1_000_000), { authorization: 'Bearer show' })
  await row(server, '/api/health', 'viewer, a record of a million {} lines', () => [lines()])
  await server.kill()
}

/** Status of a GET that names the server by `host`. */
function status(server: Server, path: string, host: string, token?: string): Promise<number> {
  const { port } = new URL(server.url)
  const headers = { host, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

async function access(folder: string): Promise<void> {
  const file = join(folder, 'token')
  writeFileSync(file, 'show-token\n')
  for (const [path, ...args] of [
    ['/api/runs', 'serve', '--runs', join(folder, 'none')],
    ['/metadata', 'env-server', '--env', 'sokoban'],
    ['/health', 'reward-server', '--env', 'sokoban'],
  ]) {
    const refused = kickpush(...args, '--port', '0', '--host', '0.0.0.0')
    claim(`${args[0]} --host 0.0.0.0`, refused.code === 2, refused.err.trim())
    const beyond = [
      '--host',
      '0.0.0.0',
      '--token-file',
      file,
      '--allow-host',
      'kickpush',
      '--allow-host',
      '*.example',
    ]
    const server = await serve([...args, ...beyond])
    const told = await Promise.all([
      status(server, path, 'localhost'),
      status(server, path, 'localhost', 'show-token'),
      status(server, path, 'kickpush', 'show-token'),
      status(server, path, 'a.tunnel.example:80', 'show-token'),
      status(server, path, 'evil.test', 'show-token'),
    ])
    const ps = run('ps', ['-o', 'args=', '-p', String(server.pid)]).out
    await server.kill()
    claim(
      '  without and with its token, by names that were allowed, by another',
      told.join() === '401,200,200,200,403',
      told.join(' '),
    )
    claim(
      '  warns, and its token is not in ps',
      server.err.join('').includes('warning: listening') && !ps.includes('show-token'),
    )
  }
}

await show(async (folder) => {
  await access(folder)
  await environment(folder)
  await rewards()
  await viewer(folder)
})
