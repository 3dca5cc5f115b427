import { expect, test } from 'vitest'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { histogram } from '../../envs/sokoban/commands/histogram.ts'
import { readLevel, readLevels } from '../../envs/sokoban/levels/xsb.ts'
import { isSolved, replay } from '../../envs/sokoban/plan.ts'
import { commands } from '../../envs/sokoban/tools.ts'

/** Runs a command over files in memory. */
async function run(name: string, flags: Record<string, unknown>, files: Record<string, string> = {}) {
  const out: string[] = []
  const notes: string[] = []
  const io: Io = {
    async read(path) {
      if (!(path in files)) throw new UserError(`cannot read '${path}'`)
      return files[path]
    },
    async document(path) {
      return io.read(path)
    },
    files: (paths) => paths,
    async write(path, text) {
      files[path] = text
    },
    print: (line) => out.push(line),
    note: (line) => notes.push(line),
    now: () => performance.now(),
  }
  const code = await commands[name].run(flags, io)
  return { code, out, notes, files }
}

const CORNER = '#####\n#@ $#\n#.  #\n#####'
const LINE = '######\n#@$ .#\n######'
const MIRRORED = '######\n#. $@#\n######'

test('generate writes levels that can be read, the same for the same seed', async () => {
  const { out, notes } = await run('levels generate', { preset: 'tiny-2', count: '20', seed: '7' })
  expect(readLevels(out.join('\n')).map((entry) => entry.name)).toEqual(
    Array.from({ length: 20 }, (_, i) => `${i}`),
  )
  expect(notes[0]).toMatch(/^20 levels in .* s, \d+ duplicates$/)
  const again = await run('levels generate', { preset: 'tiny-2', count: '20', seed: '7', out: 'levels.txt' })
  expect(again.out).toEqual([])
  expect(readLevels(again.files['levels.txt'])).toEqual(readLevels(out.join('\n')))
})

test('generate --json knows the optimal lengths', async () => {
  const { out } = await run('levels generate', { count: '3', json: true, minLength: '8', maxLength: '12' })
  const rows = out.map((line) => JSON.parse(line))
  expect(rows.map((row) => row.index)).toEqual([0, 1, 2])
  for (const row of rows) {
    expect(row.boxes).toBe(2)
    expect(row.pushes).toBeLessThanOrEqual(row.moves)
    expect(row.moves).toBeGreaterThanOrEqual(8)
    expect(row.moves).toBeLessThanOrEqual(12)
    expect(row.canonical).toMatch(/^[0-9a-f]{16}$/)
    readLevel(row.level)
  }
})

test('generate --distinct leaves equal levels out', async () => {
  const flags = {
    preset: 'tiny-1',
    width: '5',
    height: '5',
    walls: '0',
    count: '200',
    distinct: true,
    json: true,
  }
  const { out, notes } = await run('levels generate', flags)
  const keys = out.map((line) => JSON.parse(line).canonical)
  expect(keys.length).toBeLessThan(200)
  expect(new Set(keys).size).toBe(keys.length)
  expect(notes[0]).toContain(`${200 - keys.length} duplicates left out`)
})

test('solve tells solutions, proofs and limits apart', async () => {
  const open = '#########\n#@      #\n# $ $ $ #\n#       #\n# $ $ $ #\n#   ... #\n#   ... #\n#########'
  const files = { 'a.txt': `; one\n${LINE}\n\n; two\n${CORNER}\n\n; three\n${open}\n` }
  const { out, code } = await run(
    'levels solve',
    { file: ['a.txt'], optimal: 'moves', limitNodes: '1000', json: true },
    files,
  )
  const rows = out.map((line) => JSON.parse(line))
  expect(code).toBe(0)
  expect(rows[0]).toMatchObject({ index: 0, name: 'one', solved: true, pushes: 2, moves: 2, solution: 'RR' })
  expect(rows[1]).toMatchObject({
    index: 1,
    solved: false,
    status: 'unsolvable',
    solution: null,
    moves: null,
  })
  expect(rows[2]).toMatchObject({ index: 2, solved: false, status: 'limit' })
  const end = replay(
    readLevel(LINE),
    [...rows[0].solution].map((letter) => 'UDLR'.indexOf(letter)),
  )
  expect(end !== null && isSolved(end)).toBe(true)
})

test('import drops duplicates up to symmetry', async () => {
  const { files, notes } = await run(
    'levels import',
    { _: ['a.txt', 'b.txt'], distinct: true, out: 'all.txt' },
    { 'a.txt': LINE, 'b.txt': `${MIRRORED}\n\n${CORNER}` },
  )
  expect(readLevels(files['all.txt']).length).toBe(2)
  expect(notes).toEqual(['3 levels read, 1 of them duplicates, 2 written'])
})

test('import chooses levels by boxes and by the length of their shortest solution', async () => {
  const longer = '########\n#@ $  .#\n########'
  const flags = { _: ['a.txt'], out: 'some.txt' }
  const choose = async (given: Record<string, unknown>) => {
    const { files, notes } = await run(
      'levels import',
      { ...flags, ...given },
      { 'a.txt': [LINE, CORNER, longer].map((level, i) => `; ${i}\n${level}\n`).join('\n') },
    )
    return [readLevels(files['some.txt']).map(({ name }) => name), notes[0]]
  }
  expect(await choose({ boxes: '2' })).toEqual([[], '3 levels read, 0 of them duplicates, 0 written'])
  expect((await choose({ solvable: true }))[0]).toEqual(['0', '2'])
  expect((await choose({ minLength: '3' }))[0]).toEqual(['2'])
  expect((await choose({ length: 'pushes', maxLength: '2' }))[0]).toEqual(['0'])
})

test('split keeps a level and its mirror image together', async () => {
  const { out } = await run('levels generate', { preset: 'small-v0', count: '60' })
  const levels = readLevels(out.join('\n'))
  const { files } = await run(
    'levels split',
    { _: ['a.txt', 'b.txt'], out: 'o' },
    {
      'a.txt': `${out.join('\n')}\n${LINE}`,
      'b.txt': MIRRORED,
    },
  )
  const sizes = ['train', 'valid', 'test'].map((split) => readLevels(files[`o/${split}.txt`]).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(levels.length + 2)
  expect(sizes[0]).toBeGreaterThan(35)
  const holding = Object.values(files).filter(
    (text, i) => i > 1 && (text.includes(LINE) || text.includes(MIRRORED)),
  )
  expect(holding.length).toBe(1)
})

test('stats counts levels, duplicates and lengths', async () => {
  const { out } = await run(
    'levels stats',
    { _: ['a.txt'], json: true },
    { 'a.txt': `${LINE}\n\n${MIRRORED}\n\n${CORNER}` },
  )
  expect(JSON.parse(out[0])).toMatchObject({
    levels: 3,
    duplicates: 1,
    sizes: { '3x6': 2, '4x5': 1 },
    pushes: [2, 2],
    moves: [2, 2],
    unsolved: { pushes: 1, moves: 1 },
  })
})

test('--skip-bad leaves bad levels out and says why; without it all are named', async () => {
  const files = { 'a.txt': `${LINE}\n\n#####\n#@@$.#\n#####\n\n${CORNER}\n\n####\n#@ #\n####` }
  await expect(run('levels stats', { _: ['a.txt'] }, files)).rejects.toThrow(
    'a.txt: line 6, level 2: a second player, in column 3; also level 4 (line 14) (--skip-bad',
  )
  const { out, notes } = await run('levels stats', { _: ['a.txt'], skipBad: true, json: true }, files)
  expect(JSON.parse(out[0]).levels).toBe(2)
  expect(notes.slice(0, 2)).toEqual([
    'a.txt: line 6, level 2: a second player, in column 3; left out',
    'a.txt: line 14, level 4: the level has no box ($ or *); left out',
  ])
})

test('histograms take any number of values', () => {
  const values = Array.from({ length: 300_000 }, (_, i) => i % 24)
  expect(histogram(values).length).toBe(12)
})

test.each([
  ['levels generate', { preset: 'smal-v0' }, "no preset 'smal-v0'; did you mean 'small-v0'?"],
  ['levels generate', { boxes: '0' }, "'boxes'"],
  ['levels generate', { layout: 'dug' }, "'layout'"],
  ['levels solve', {}, 'no level file is named'],
  ['levels solve', { _: ['empty.txt'] }, 'empty.txt: no level in it'],
  ['levels solve', { _: ['bad.txt'] }, 'bad.txt: line 2: a second player'],
  ['levels solve', { _: ['none.txt'] }, "cannot read 'none.txt'"],
])('%s %o is refused in one line', async (name, flags, message) => {
  const files = { 'empty.txt': 'nothing', 'bad.txt': '#####\n#@@$.#\n#####' }
  await expect(run(name, flags, files)).rejects.toThrow(message)
  await expect(run(name, flags, files)).rejects.toThrow(UserError)
})
