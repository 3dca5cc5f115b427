import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readRows } from '#agent/dataset/row'
import { findEnv } from '#core/env/registry'
import { splitOf } from '#core/env/split'
import { Conversation } from '#core/play/policy'
import { envs } from '#envs'
import { Session } from '#server/session'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'collections-'))
afterAll(() => rmSync(folder, { recursive: true }))
const sokoban = findEnv(envs, 'sokoban')

/** Corridors with the box so far from its target. */
const corridor = (length: number) =>
  `${'#'.repeat(length + 4)}\n#@$${' '.repeat(length - 1)}.#\n${'#'.repeat(length + 4)}`
mkdirSync(join(folder, 'pack/inner'), { recursive: true })
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const three = file('pack/a.txt', [1, 2, 3].map(corridor).join('\n\n'))
file('pack/inner/b.xsb', corridor(4))
file('pack/readme.md', 'not levels')
const solved = file('solved.txt', `${corridor(2)}\n\n#####\n#@ *#\n#####\n\n${corridor(3)}`)
const bad = file('bad.txt', `${corridor(2)}\n\n#####\n#@@$.#\n#####\n\n${corridor(3)}`)
const slc = file(
  'two.slc',
  `<?xml version="1.0" encoding="UTF-8"?><SokobanLevels><LevelCollection>${[2, 5]
    .map((length) => `<Level Id="x"><L>${corridor(length).replaceAll('\n', '</L><L>')}</L></Level>`)
    .join('')}</LevelCollection></SokobanLevels>`,
)

const steps = async (...words: string[]): Promise<number[]> => {
  const { code, out } = await run('eval', '--env', 'sokoban', '--agent', 'expert', '--json', ...words)
  expect(code).toBe(0)
  return JSON.parse(out[0]).perEpisode.map((result: { steps: number }) => result.steps)
}

describe('level files go where a config goes:', () => {
  test('eval plays files and folders, all levels of them', async () => {
    expect(await steps('--levels', three)).toEqual([1, 2, 3])
    expect(await steps('--levels', join(folder, 'pack'))).toEqual([1, 2, 3, 4])
    expect(await steps('--levels', three, '--levels', slc)).toEqual([1, 2, 3, 2, 5])
    expect(await steps('--levels', three, '--episodes', '2')).toEqual([1, 2])
  })

  test('splits of files are those of their levels', async () => {
    const many = file('many.txt', Array.from({ length: 30 }, (_, i) => corridor(i + 1)).join('\n\n'))
    const parts = []
    for (const split of ['train', 'valid', 'test']) {
      const { out } = await run(
        'eval',
        '--env',
        'sokoban',
        '--agent',
        'expert',
        '--levels',
        many,
        '--split',
        split,
        '--json',
      )
      if (out.length > 0)
        parts.push(...JSON.parse(out[0]).perEpisode.map((one: { steps: number }) => one.steps))
    }
    expect(parts.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
  })

  test('compare, audit', async () => {
    const { code, out } = await run(
      'compare',
      'expert',
      'random',
      '--env',
      'sokoban',
      '--levels',
      three,
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out[0]).episodes).toBe(3)
    const audited = await run(
      'audit',
      '--env',
      'sokoban',
      '--levels',
      three,
      '--mode',
      'global',
      '--max-turns',
      '2',
    )
    expect(audited.code).toBe(0)
    expect(audited.out[0]).toBe(`sokoban, global, 3 levels of ${three}`)
  })

  test('play takes one of them', async () => {
    for (const [index, length] of [
      ['1', 1],
      ['3', 3],
      ['4', 2],
      ['5', 5],
    ] as const) {
      const { out } = await run(
        'play',
        '--env',
        'sokoban',
        '--levels',
        three,
        '--levels',
        slc,
        '--index',
        index,
        '--agent',
        'expert',
        '--json',
      )
      expect(out.length).toBe(length)
    }
    const { code, err } = await run(
      'play',
      '--env',
      'sokoban',
      '--levels',
      three,
      '--index',
      '4',
      '--agent',
      'expert',
    )
    expect([code, err]).toEqual([2, [expect.stringContaining('--index 4 is beyond the 3 levels')]])
  })

  test('data sets, without rows whose answer fails', async () => {
    const out = join(folder, 'data')
    const { code, out: said } = await run(
      ...['dataset', 'export', '--env', 'sokoban', '--levels', join(folder, 'pack'), '--modality', 'text'],
      ...['--split', 'train', '--actions', '3', '--out', out, '--json'],
    )
    expect(code).toBe(0)
    const { file: path, rows, leftOut } = JSON.parse(said[0])
    const train = [1, 2, 3, 4].filter(
      (length) => splitOf(sokoban.levelKey?.({ level: corridor(length) } as never, '') ?? '') === 'train',
    )
    expect(readRows(readFileSync(path, 'utf8'), path).map(({ answer }) => answer.split(', ').length)).toEqual(
      train.filter((length) => length <= 3),
    )
    expect([rows, leftOut]).toEqual([
      train.filter((length) => length <= 3).length,
      train.filter((length) => length > 3).length,
    ])
  })

  test('the environment server: the seed draws one, or a reset names it', async () => {
    const levels = [1, 2, 3].map((length) => ({ level: corridor(length) }))
    const conversation = Conversation.parse({})
    const game = {
      env: sokoban,
      config: {},
      levels,
      conversation,
      messages: () => [],
      read: () => ({ valid: false, actions: [] }),
    }
    const shown = async (data: { index?: number }, seed: string) =>
      (await new Session(game).reset(data, 'e', seed)).observation.text?.split('\n')[1]
    expect(await shown({ index: 3 }, '1')).toBe('#@$--.#')
    const drawn = await Promise.all(Array.from({ length: 20 }, (_, i) => shown({}, String(i))))
    expect(new Set(drawn).size).toBe(3)
    expect(await shown({}, '7')).toBe(await shown({}, '7'))
    await expect(shown({ index: 4 }, '1')).rejects.toThrow("'index' is at most 3")
  })
})

test('levels that start solved are left out and said; nothing stops', async () => {
  const { code, out, err } = await run(
    'eval',
    '--env',
    'sokoban',
    '--agent',
    'expert',
    '--levels',
    solved,
    '--json',
  )
  expect(code).toBe(0)
  expect(JSON.parse(out[0]).episodes).toBe(2)
  expect(err).toContain(`${solved}: line 5, level 2: every box stands on a target already; left out`)
})

test('bad levels are an error that names them, or left out', async () => {
  const refused = await run('eval', '--env', 'sokoban', '--agent', 'expert', '--levels', bad)
  expect(refused.code).toBe(2)
  expect(refused.err.join()).toContain(
    'line 6, level 2: a second player, in column 3 (--skip-bad leaves them out)',
  )
  expect(await steps('--levels', bad, '--skip-bad')).toEqual([2, 3])
})

test.each([
  ['nothing.txt', 'cannot read'],
  ['.', 'holds no level to play'],
  [join(folder, 'pack/readme.md'), 'holds no level to play'],
])('%s is refused in one line', async (path, message) => {
  const from = path === '.' ? mkdtempSync(join(folder, 'empty-')) : path
  if (path === '.') writeFileSync(join(from, 'x.txt'), 'words')
  const { code, err } = await run('eval', '--env', 'sokoban', '--agent', 'expert', '--levels', from)
  expect([code, err.length]).toEqual([2, 1])
  expect(err[0]).toContain(message)
})
