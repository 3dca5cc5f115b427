import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { run } from './run.ts'

const level = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '3']
const before = process.cwd()
let home = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kickpush-unasked-'))
  process.chdir(home)
  process.env.KICKPUSH_KEEP = '1'
})

afterEach(() => {
  process.env.KICKPUSH_KEEP = '0'
  process.chdir(before)
  rmSync(home, { recursive: true })
})

/** Episodes of a run, which must all verify. */
function recorded(name: string): number {
  const files = readdirSync(join('runs', name, 'episodes')).map((file) =>
    join('runs', name, 'episodes', file),
  )
  const { episodes } = verifyRecord(files.map((file) => readFileSync(file, 'utf8')).join(''), envs)
  expect(episodes.filter(({ status, complete }) => status !== 'agrees' || !complete)).toEqual([])
  return episodes.length
}

test('what is played is kept under runs where that is there, and the oldest makes room', async () => {
  expect((await run('eval', ...level, '--agent', 'expert')).code).toBe(0)
  expect(existsSync('runs')).toBe(false)
  mkdirSync('runs')
  mkdirSync('runs/eval-1')
  writeFileSync('runs/eval-1/run.json', '{"mine":true}')
  const first = await run('eval', ...level, '--agent', 'expert', '--json')
  expect(first.err.at(-1)).toBe('kept: runs/eval-2')
  expect(recorded('eval-2')).toBe(3)
  expect(JSON.parse(readFileSync('runs/eval-2/run.json', 'utf8'))).toMatchObject({
    kind: 'evaluation',
    status: 'done',
    unasked: true,
  })
  process.env.KICKPUSH_KEEP = '0'
  await run('eval', ...level, '--agent', 'expert')
  process.env.KICKPUSH_KEEP = '1'
  expect(readdirSync('runs')).toHaveLength(2)
  for (let i = 0; i < 8; i++) expect((await run('eval', ...level, '--agent', 'random')).code).toBe(0)
  // Eight of those that nobody asked for; what somebody put there stays.
  expect(readdirSync('runs').sort()).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `eval-${n}`).sort())
  const compared = await run('compare', 'expert', 'random', ...level)
  expect(compared.err.at(-1)).toBe('kept: runs/compare-1')
  expect(recorded('compare-1')).toBe(6)
})

test('a batch is recorded where it is told to, or its beginning under runs', async () => {
  const lines = ['Right', 'sideways', 'Left'].map((action) =>
    JSON.stringify({ env: 'sokoban', config: { preset: 'tiny-1' }, seed: 3, actions: [action] }),
  )
  writeFileSync('batch.jsonl', `${lines.join('\n')}\n`)
  const plain = await run('play', '--batch', 'batch.jsonl')
  const asked = await run('play', '--batch', 'batch.jsonl', '--out', 'mine')
  expect(asked).toEqual(plain)
  expect(readFileSync('mine/episodes/batch-0.jsonl', 'utf8').match(/"type":"end"/g)).toHaveLength(2)
  mkdirSync('runs')
  const unasked = await run('play', '--batch', 'batch.jsonl')
  expect(unasked).toEqual({ ...plain, err: ['kept: runs/play-1'] })
  expect(recorded('play-1')).toBe(2)
  expect((await run('play', '--batch', 'batch.jsonl', '--out', 'mine')).code).toBe(2)
})
