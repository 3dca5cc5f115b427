import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { fakeChat } from '../chat-server.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-rescore-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A run of one episode of two pushes to the right, answered so. */
async function played(name: string, ...answers: string[]): Promise<string> {
  const server = await fakeChat(...answers)
  onTestFinished(() => server.close())
  const out = join(folder, name)
  const game = ['--env', 'sokoban', '--config', JSON.stringify({ level: '#######|#@-$.-#|#######' })]
  const flags = [
    '--episodes',
    '1',
    '--split',
    'all',
    '--actions-per-turn',
    '2',
    '--max-turns',
    '3',
    '--out',
    out,
  ]
  const { code, err } = await run('eval', ...game, '--agent', `chat:m@${server.origin}`, ...flags)
  expect({ code, err: err.filter((line) => !line.includes('of the first')) }).toEqual({ code: 0, err: [] })
  return out
}

async function rescored(...words: string[]) {
  const { code, out } = await run('rescore', ...words, '--json')
  expect(code).toBe(0)
  return JSON.parse(out[0])
}

const STRICT = '<think>push</think><answer>Right, Right</answer>'

it('applies another rule to answers that were given', async () => {
  const out = await played('strict', STRICT)
  const told = await rescored(out)
  expect(told).toMatchObject({ rule: 'format-accuracy', episodes: 1, cut: 0, terms: { format: 0.5 } })
  expect(told.reward.mean).toBeCloseTo(0.5 + 0.1 * 10.8)
  expect((await rescored(out, '--reward', 'rule=format-accuracy,alpha=2')).terms.format).toBe(2)
  expect((await rescored(join(out, 'episodes/0.jsonl'))).perEpisode).toEqual(told.perEpisode)
  const { out: lines } = await run('rescore', out, '--reward', 'magebench')
  expect(lines[0]).toBe('magebench on 1 recorded episodes, answers read as they were')
})

it('reads them anew, and tells where an episode would have gone on otherwise', async () => {
  const out = await played('lenient', '**Right**', STRICT)
  const lenient = await rescored(out, '--reader', 'lenient')
  expect(await rescored(out)).toMatchObject({ perEpisode: lenient.perEpisode })
  expect(lenient).toMatchObject({ cut: 0, terms: { format: expect.closeTo(0.5 - 0.5) } })
  const strict = await rescored(out, '--reader', 'strict')
  expect(strict).toMatchObject({ cut: 1, perEpisode: [{ cut: true }] })
  expect(strict.reward.mean).toBeLessThan(lenient.reward.mean)
})

it.each([
  [['rescore'], /which run\?/],
  [['rescore', '/nowhere'], /cannot read/],
  [['rescore', folder], /holds no episode/],
  [['rescore', folder, '--reward', 'magebnch'], /magebench|holds no episode/],
])('%j is refused in one line', async (words, message) => {
  const { code, err } = await run(...words)
  expect(code).toBe(2)
  expect(err).toEqual([expect.stringMatching(message)])
})
