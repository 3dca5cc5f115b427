import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { run } from './run.ts'
import { serving } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-token-'))
afterEach(() => {
  delete process.env.KICKPUSH_TOKEN
})
afterAll(() => rmSync(folder, { recursive: true }))

const SERVERS = [
  ['serve', '--runs', folder],
  ['env-server', '--env', 'sokoban'],
  ['reward-server', '--env', 'sokoban'],
]

it.each(SERVERS)('%s takes its token from a file or the environment, never from a flag', async (...words) => {
  const [name] = words
  const beyond = [...words, '--port', '0', '--host', '0.0.0.0']
  const refused = await run(...beyond)
  expect(refused).toEqual({ code: 2, out: [], err: [expect.stringContaining('--open')] })
  expect((await run(...beyond, '--token', 'x')).err).toEqual([
    expect.stringContaining(`kickpush ${name}: unknown flag --token; did you mean --token-file`),
  ])

  const file = join(folder, 'token')
  for (const [text, says] of [
    ['', /must hold one word/],
    ['two words', /must hold one word/],
    ['umlaut-ü', /must hold one word/],
  ] as const) {
    writeFileSync(file, text)
    expect((await run(...beyond, '--token-file', file)).err).toEqual([expect.stringMatching(says)])
  }
  expect((await run(...beyond, '--token-file', join(folder, 'none'))).err).toEqual([
    expect.stringContaining('cannot read'),
  ])

  writeFileSync(file, 'secret\n')
  process.env.KICKPUSH_TOKEN = 'another'
  for (const [flags, token] of [
    [['--token-file', file], 'secret'],
    [[], 'another'],
  ] as const) {
    const server = await serving(...beyond, ...flags)
    const { port } = new URL(server.url)
    const path = name === 'serve' ? '/api/health' : '/health'
    const ask = (authorization: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } }).then(({ status }) => status)
    expect(await ask(`Bearer ${token}`)).toBe(200)
    expect(await ask('Bearer secre')).toBe(401)
    expect(server.err.join('\n')).toContain('warning: listening on 0.0.0.0')
    expect([...server.err, ...server.out].join('\n')).not.toContain(token)
    expect(await server.stop()).toBe(0)
  }
})
