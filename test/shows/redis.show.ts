/**
 * Two viewer servers, two processes, one run, a real Redis: watchers on both get every event once, also across a restart of
 * Redis. Needs `redis-server` (apt install redis-server), @redis/client and @socket.io/redis-adapter.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import { hasRedis, redisServer } from '../server/redis.ts'
import { serve } from './serving.ts'
import { claim, ROOT, SKIPPED, show } from './show.ts'

interface Batch {
  readonly episode: string
  readonly take: string
  readonly seq: number
  readonly events: { readonly type: string }[]
}

/** Watches every episode of a run as a client of its own does: what is missing is asked for. */
class Watcher {
  readonly have = new Map<string, { take: string; events: { readonly type: string }[] }>()
  /** Episodes that it was too slow for: to be asked for again. */
  readonly behind = new Set<string>()
  readonly #socket: Socket
  readonly #url: string

  constructor(url: string) {
    this.#url = url
    this.#socket = io(url, { parser, transports: ['websocket'] })
    this.#socket.on('events', (batch: Batch) => this.#take(batch))
    this.#socket.on('behind', ({ episode }: Batch) => this.behind.add(episode))
  }

  async watch(episode: string): Promise<boolean> {
    const own = this.have.get(episode)
    const asked = { episode, after: own?.events.length ?? 0, take: own?.take }
    const answer = await this.#socket
      .timeout(10_000)
      .emitWithAck('watch', asked)
      .catch(() => ({ ok: false }))
    if (!answer.ok) {
      // What is too long for a socket comes over HTTP; then it is watched on from there.
      if (answer.error?.code === 'TOO_LARGE') await this.#fetch(episode, asked)
      this.behind.add(episode)
      return false
    }
    const { take, seq, events } = answer.result as Batch
    this.#take({ episode, take, seq: seq - events.length, events })
    return true
  }

  async #fetch(episode: string, { after, take = '' }: { after: number; take?: string }): Promise<void> {
    const query = `after=${after}${take && `&take=${encodeURIComponent(take)}`}`
    const answer = await fetch(`${this.#url}/api/episodes/${encodeURIComponent(episode)}?${query}`)
    if (!answer.ok) return
    const { take: of, seq, events } = (await answer.json()) as Batch
    this.#take({ episode, take: of, seq: seq - events.length, events })
  }

  async wall(): Promise<string[]> {
    const answer = await this.#socket
      .timeout(10_000)
      .emitWithAck('wall', {})
      .catch(() => ({ ok: false }))
    return answer.ok ? answer.result.episodes.map(({ id }: { id: string }) => id) : []
  }

  ended(): number {
    return [...this.have.values()].filter(({ events }) => events.at(-1)?.type === 'end').length
  }

  close(): void {
    this.#socket.close()
  }

  #take({ episode, take, seq, events }: Batch): void {
    const own = this.have.get(episode)
    if (!own || own.take !== take) {
      if (seq === 0) this.have.set(episode, { take, events: [...events] })
    } else if (seq <= own.events.length) own.events.push(...events.slice(own.events.length - seq))
    else void this.watch(episode)
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

await show(async (folder) => {
  if (!hasRedis) {
    console.log('skipped: redis-server is needed')
    process.exit(SKIPPED)
  }
  console.log(spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout.trim())
  const redis = await redisServer()
  const [runs, empty] = [join(folder, 'runs'), join(folder, 'empty')]
  mkdirSync(runs)
  mkdirSync(empty)
  const servers = [
    await serve(['serve', '--redis', redis.url, '--runs', runs]),
    await serve(['serve', '--redis', redis.url, '--runs', empty]),
  ]
  const watchers = servers.map(({ url }) => new Watcher(url))
  const words = [
    'eval',
    '--env',
    'sokoban',
    '--config',
    'preset=small-v0',
    '--agent',
    'random',
    '--max-turns',
    '400',
  ]
  const play = spawn(process.execPath, [
    ...[join(ROOT, 'bin/kickpush.js'), ...words, '--episodes', '40', '--out', join(runs, 'live')],
  ])
  const played = new Promise((resolve) => play.once('exit', resolve))
  const seen = new Set<string>()
  const look = async () => {
    for (const id of await watchers[0].wall()) if (id.startsWith('live/')) seen.add(id)
    for (const id of seen) {
      for (const watcher of watchers)
        if (watcher.behind.delete(id) || !watcher.have.has(id)) await watcher.watch(id)
    }
  }
  let over = false
  void played.then(() => {
    over = true
  })
  while (!over) {
    await look()
    await wait(200)
  }
  claim(
    'the wall of the server without runs shows them',
    (await watchers[1].wall()).some((id) => id.startsWith('live/')),
  )
  for (let i = 0; i < 600 && watchers.some((watcher) => watcher.ended() < seen.size); i++) {
    await look()
    await wait(200)
  }
  const [a, b] = watchers.map(({ have }) =>
    JSON.stringify([...have].map(([id, { events }]) => [id, events]).sort()),
  )
  claim(
    `${seen.size} episodes were watched on both servers to their end, every event once and alike`,
    seen.size > 0 && a === b && watchers.every((watcher) => watcher.ended() === seen.size),
  )
  const counts = [...watchers[1].have.values()].map(({ events }) => events.length)
  console.log(`     ${counts.reduce((sum, n) => sum + n, 0)} events came over Redis`)
  const record = await fetch(`${servers[1].url}/api/episodes/${encodeURIComponent([...seen][0])}/record`)
  claim(
    'the server without runs has their records',
    record.status === 200,
    `${(await record.text()).length} characters`,
  )
  for (const watcher of watchers) watcher.close()
  await redis.close()
  await wait(500)
  const health = await fetch(`${servers[0].url}/api/health`)
  claim('without Redis each server goes on with its own runs', health.status === 200)
  for (const server of servers) {
    claim('a server ends when it is told to', await server.stop(), server.err.join('').slice(-300))
  }
})
