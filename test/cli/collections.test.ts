import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readRows } from '#agent/dataset/row'
import { io as terminal } from '#cli/io'
import { readableLevels } from '#cli/readable'
import { findEnv } from '#core/env/registry'
import { splitOf } from '#core/env/split'
import { Conversation, type Policy } from '#core/play/policy'
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

test('levels stats and levels solve take folders, too', async () => {
  const stats = await run('levels', 'stats', join(folder, 'pack'), '--json')
  expect(JSON.parse(stats.out[0])).toMatchObject({ levels: 4, pushes: [1, 2, 3, 4] })
  const solved = await run('levels', 'solve', join(folder, 'pack'), three, '--json')
  expect(solved.out.map((line) => JSON.parse(line).pushes)).toEqual([1, 2, 3, 4, 1, 2, 3])
  const named = solved.out.map((line) => JSON.parse(line)).map(({ file, number }) => [file, number])
  expect(named.slice(2, 5)).toEqual([
    [join(folder, 'pack/a.txt'), 3],
    [join(folder, 'pack/inner/b.xsb'), 1],
    [three, 1],
  ])
  const { out } = await run('levels', 'solve', join(folder, 'pack'))
  expect(out[3]).toBe(`${join(folder, 'pack/inner/b.xsb')}, level 1: 4 pushes, 4 moves: RRRR`)
  const empty = mkdtempSync(join(folder, 'nothing-'))
  const refused = await run('levels', 'stats', empty)
  expect([refused.code, refused.err]).toEqual([2, [`'${empty}' holds no file of levels`]])
})

test('an error over a folder names the bad levels of all its files, each in a line', async () => {
  const many = mkdtempSync(join(folder, 'many-'))
  const path = (index: number) => join(many, `${String(index).padStart(2, '0')}.txt`)
  for (let i = 0; i < 25; i++) {
    const second = i === 3 ? '#####\n#@@$.#\n#####' : '####\n#@ #\n####'
    writeFileSync(path(i), i === 1 ? corridor(2) : `${corridor(1)}\n\n${second}`)
  }
  for (const words of [
    ['levels', 'stats', many],
    ['eval', '--env', 'sokoban', '--agent', 'expert', '--levels', many],
  ]) {
    const { code, err } = await run(...words)
    expect([code, err.length]).toEqual([2, 21])
    expect(err[0]).toBe(
      `${path(0)}: line 5, level 2: the level has no box ($ or *) (--skip-bad leaves them out)`,
    )
    expect(err[2]).toContain(`${path(3)}: line 6, level 2: a second player, in column 3`)
    expect(err[20]).toBe('and 4 more')
    expect(err.join()).not.toContain(path(1))
  }
  expect(await steps('--levels', many, '--skip-bad')).toEqual([1, 2, ...new Array(23).fill(1)])
})

test('files without a level are left out with --skip-bad', async () => {
  const mixed = mkdtempSync(join(folder, 'mixed-'))
  writeFileSync(join(mixed, 'a.txt'), 'words')
  writeFileSync(join(mixed, 'b.txt'), corridor(2))
  writeFileSync(join(mixed, 'c.slc'), '<SokobanLevels><Level>')
  expect(await steps('--levels', mixed, '--skip-bad')).toEqual([2])
  const { code, err } = await run('eval', '--env', 'sokoban', '--agent', 'expert', '--levels', mixed)
  expect([code, err]).toEqual([
    2,
    [
      `${join(mixed, 'a.txt')}: it holds no level to play (--skip-bad leaves it out)`,
      `${join(mixed, 'c.slc')}: line 1: not well-formed XML (unclosed tag: Level)`,
    ],
  ])
})

test('levels that an agent cannot read are told by file and line, or left out', () => {
  const policy: Policy = {
    id: 'short-sighted',
    unreadable: ({ config }) => ((config as { level: string }).level.length > 30 ? 'more than 30' : null),
    act: async () => [],
  }
  const levels = [1, 9, 2, 8].map((length, i) => ({
    env: sokoban,
    config: { level: corridor(length) },
    seed: '1',
    place: { file: 'a.txt', number: i + 1, line: 4 * i + 1 },
  }))
  const notes: string[] = []
  const io = { ...terminal, note: (line: string) => notes.push(line) }
  const conversation = Conversation.parse({})
  expect(() => readableLevels(levels, [policy], conversation, false, io)).toThrow(
    'a.txt: line 5, level 2: short-sighted cannot read it: more than 30; also level 4 (line 13) (--skip-bad',
  )
  expect(readableLevels(levels, [policy], conversation, true, io)).toEqual([levels[0], levels[2]])
  expect(notes).toEqual(
    ['line 5, level 2', 'line 13, level 4'].map(
      (place) => `a.txt: ${place}: short-sighted cannot read it: more than 30; left out`,
    ),
  )
  expect(readableLevels(levels, [{ id: 'all', act: async () => [] }], conversation, false, io)).toBe(levels)
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
