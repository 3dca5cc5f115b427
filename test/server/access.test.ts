import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Access } from '#server/access'
import type { Serving } from '#server/listen'
import { serveEnv } from '#server/openenv'
import { serveRewards } from '#server/reward'
import { serve } from '#server/server'
import { toyWork } from './toy-game.ts'

const TOKEN = 'a-token-nobody-guesses'
const folder = mkdtempSync(path.join(tmpdir(), 'kickpush-access-'))

interface Kind {
  readonly name: string
  readonly path: string
  start(options: { port: number; log: (line: string) => void } & Access): Promise<Serving>
}

const KINDS: Kind[] = [
  { name: 'viewer', path: '/api/runs', start: (options) => serve({ runs: folder, ...options }) },
  {
    name: 'environment server',
    path: '/metadata',
    start: (options) => serveEnv({ ...toyWork('one'), sessions: 2, ...options }),
  },
  {
    name: 'reward server',
    path: '/health',
    start: (options) =>
      serveRewards({
        work: { entry: new URL('./score-thread.ts', import.meta.url) },
        threads: 1,
        ...options,
      }),
  },
]

let serving: Serving | undefined
let lines: string[] = []
afterEach(async () => {
  await serving?.close()
  serving = undefined
  lines = []
  rmSync(folder, { recursive: true, force: true })
})

function open(kind: Kind, access: Access): Promise<Serving> {
  return kind.start({ port: 0, log: (line) => lines.push(line), ...access })
}

/** Status of a request to this machine that names the server by `host`. */
function status(target: string, host: string, authorization?: string): Promise<number> {
  const { port } = new URL(serving!.url)
  const headers = { host, ...(authorization === undefined ? {} : { authorization }) }
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: target, headers }, (answer) => {
      answer.resume()
      const { 'www-authenticate': challenge } = answer.headers
      if ((answer.statusCode === 401) !== (challenge !== undefined))
        reject(new Error('401 and its challenge'))
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe.each(KINDS)('$name', (kind) => {
  test('on this machine needs no token, and answers under its own names only', async () => {
    serving = await open(kind, { token: TOKEN })
    expect(await status(kind.path, 'localhost')).toBe(200)
    expect(await status(kind.path, '127.0.0.1:1')).toBe(200)
    expect(await status(kind.path, 'evil.example')).toBe(403)
    expect(lines).toEqual([])
  })

  test('does not listen beyond this machine without a token', async () => {
    await expect(open(kind, { host: '0.0.0.0' })).rejects.toThrow(
      '--host 0.0.0.0 is beyond this machine: give --token-file or KICKPUSH_TOKEN, or let everybody in with --open',
    )
    await expect(open(kind, { host: '::' })).rejects.toThrow('beyond this machine')
  })

  test('beyond this machine warns, and every request needs the token', async () => {
    serving = await open(kind, { host: '0.0.0.0', token: TOKEN })
    expect(lines).toEqual([expect.stringMatching(/^warning: listening on 0.0.0.0, beyond this machine/)])
    for (const wrong of [
      undefined,
      'Bearer',
      'Bearer wrong',
      `Bearer ${TOKEN}x`,
      basic(`${TOKEN}:x`),
      basic(':'),
      'Basic %',
      `Digest ${TOKEN}`,
    ]) {
      expect([wrong, await status(kind.path, 'localhost', wrong)]).toEqual([wrong, 401])
    }
    for (const right of [
      `Bearer ${TOKEN}`,
      `bearer ${TOKEN}`,
      basic(`kickpush:${TOKEN}`),
      basic(`${TOKEN}:`),
    ]) {
      expect([right, await status(kind.path, 'localhost', right)]).toEqual([right, 200])
    }
  })

  test('where there is nothing to listen on nothing is warned of', async () => {
    // An address for documentation, which no machine has.
    await expect(open(kind, { host: '203.0.113.1', open: true })).rejects.toThrow(
      'cannot listen on 203.0.113.1',
    )
    expect(lines).toEqual([])
  })

  test('is open where it was told to be, and says so', async () => {
    serving = await open(kind, { host: '0.0.0.0', open: true })
    expect(lines).toEqual([expect.stringMatching(/^warning: .*open: whoever reaches it needs no token$/)])
    expect(await status(kind.path, 'localhost')).toBe(200)
    expect(await status(kind.path, 'evil.example')).toBe(403)
  })

  test('answers under the names it was told, of a tunnel with the token', async () => {
    serving = await open(kind, { hosts: ['kickpush', '*.Tunnel.example'], token: TOKEN })
    for (const name of ['kickpush', 'Kickpush:8000', 'a.b.tunnel.example']) {
      expect([name, await status(kind.path, name)]).toEqual([name, 401])
      expect([name, await status(kind.path, name, `Bearer ${TOKEN}`)]).toEqual([name, 200])
    }
    for (const name of ['tunnel.example', 'eviltunnel.example', 'kickpush.evil.example']) {
      expect([name, await status(kind.path, name, `Bearer ${TOKEN}`)]).toEqual([name, 403])
    }
    expect(await status(kind.path, 'localhost')).toBe(200)
  })

  test.each(['', '*', 'http://a', 'a/b', 'a b', '*.'])('%j is no name to answer under', async (name) => {
    await expect(open(kind, { hosts: [name] })).rejects.toThrow(/^--allow-host takes a name/)
  })
})

test('a WebSocket carries the token in its address, as clients of OpenEnv write it', async () => {
  serving = await open(KINDS[1], { host: '0.0.0.0', token: TOKEN })
  const { port } = new URL(serving.url)
  const closed = (address: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(address)
      socket.once('open', () => {
        socket.close()
        resolve('open')
      })
      socket.once('error', (error) => resolve(error.message))
    })
  expect(await closed(`ws://127.0.0.1:${port}/ws`)).toContain('401')
  expect(await closed(`ws://kickpush:wrong@127.0.0.1:${port}/ws`)).toContain('401')
  expect(await closed(`ws://kickpush:${TOKEN}@127.0.0.1:${port}/ws`)).toBe('open')
})
