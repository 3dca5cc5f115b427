import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSight, readSight } from '#core/record/sight'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-as-seat-'))
const [record, out] = ['episode.jsonl', 'seen.jsonl'].map((name) => join(folder, name))
beforeAll(async () => {
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--seed', 'the-seed']
  expect((await run('play', ...game, '--agent', 'expert', '--record', record)).code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a record is written as a seat saw it, without what it was made from', async () => {
  const { code, err } = await run('replay', record, '--as-seat', '0', '--out', out)
  expect({ code, err }).toEqual({ code: 0, err: [`as seat 0 saw it: ${out}`] })
  const text = readFileSync(out, 'utf8')
  expect(isSight(text)).toBe(true)
  expect(text).not.toContain('the-seed')
  const { seen, did, over } = readSight(text)
  expect(seen).toHaveLength(did.length + 1)
  expect(over).toMatchObject({ outcome: 'solved', success: true })
})

test.each([
  [[record, '--as-seat', '0'], /--as-seat and --out go together/],
  [[record, '--as-seat', '3', '--out', out], /seats 0 to 0 \(got 3\)/],
  [[out, '--verify'], /cannot be played again/],
])('%j is refused in a line', async (words, message) => {
  const { code, err } = await run('replay', ...words)
  expect(code).toBe(2)
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})
