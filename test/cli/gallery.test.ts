import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Card, Packed } from '#core/record/page'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-gallery-'))
const player = join(folder, 'player.js')
const records = ['1', '2', '3', '4'].map((seed) => join(folder, `${seed}.jsonl`))

beforeAll(async () => {
  writeFileSync(player, 'document.title = "</script>"')
  for (const [i, record] of records.entries()) {
    const game = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--seed', String(i + 1)]
    const agent = i === 2 ? 'random' : 'expert'
    expect((await run('play', ...game, '--agent', agent, '--record', record)).code).toBe(0)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a script of a gallery gives. */
function given<T>(file: string): T {
  return JSON.parse(/^kickpush\((.*)\)\n$/.exec(readFileSync(file, 'utf8'))?.[1] ?? '')
}

test('a gallery holds the whole records of what it keeps, in the order asked for', async () => {
  const out = join(folder, 'worst')
  const flags = ['--out', out, '--player', player, '--order', 'worst', '--limit', '2', '--title', 'A <b>']
  const { code, out: said } = await run('gallery', ...records, ...flags)
  expect({ code, said }).toEqual({
    code: 0,
    said: [`${join(out, 'index.html')}: 2 of 4 episodes, worst first`],
  })
  const cards = given<Card[]>(join(out, 'cards-000.js'))
  expect(cards.map(({ seed, agents }) => [seed, agents])).toEqual([
    ['3', ['random']],
    [expect.any(String), ['expert']],
  ])
  expect(cards[0].return).toBeLessThan(cards[1].return)
  const { record } = given<Packed>(join(out, cards[0].file))
  expect(inflateRawSync(Buffer.from(record, 'base64url')).toString()).toBe(readFileSync(records[2], 'utf8'))
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('<title>A &lt;b></title>')
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('the strangest is farthest from what is usual among its kin', async () => {
  const text = readFileSync(records[0], 'utf8')
  // Four that went alike, and one that took far more steps for the same return.
  const lines = text.trim().split('\n')
  const step = lines.find((line) => line.includes('"type":"step"'))!
  for (const i of [0, 1, 2, 3, 4]) {
    const more = i === 3 ? Array.from({ length: 40 }, () => step) : []
    const own = [...lines.slice(0, -1), ...more, lines.at(-1)!].map((line) =>
      line.replace(/"episode":"[^"]*"/, `"episode":"${i}"`),
    )
    writeFileSync(join(folder, `kin-${i}.jsonl`), `${own.join('\n')}\n`)
  }
  const kin = [0, 1, 2, 3, 4].map((i) => join(folder, `kin-${i}.jsonl`))
  const out = join(folder, 'strange')
  expect((await run('gallery', ...kin, '--out', out, '--player', player, '--order', 'strangest')).code).toBe(
    0,
  )
  const cards = given<Card[]>(join(out, 'cards-000.js'))
  expect(cards[0].steps - cards[1].steps).toBe(40)
  expect(cards.slice(1).every(({ strange }) => strange < cards[0].strange)).toBe(true)
})

test.each([
  [[], /which runs or records/],
  [['nowhere'], /there is no 'nowhere'/],
  [[join(folder)], /there is no '.*none.js'/],
])('%j is refused in a line', async (words, message) => {
  const script = message.source.includes('none') ? join(folder, 'none.js') : player
  const { code, err } = await run('gallery', ...words, '--out', join(folder, 'new'), '--player', script)
  expect(code).toBe(2)
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})

test('a folder that holds something is left as it is', async () => {
  const { code, err } = await run('gallery', ...records, '--out', folder, '--player', player)
  expect(code).toBe(2)
  expect(err[0]).toMatch(/must be a new or an empty folder/)
})
