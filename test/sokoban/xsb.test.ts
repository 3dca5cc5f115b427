import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import { sokoban } from '../../envs/sokoban/index.ts'
import { canonicalKey, interior, type Level, WALL } from '../../envs/sokoban/levels/level.ts'
import {
  readCollection,
  readLevel,
  readLevels,
  writeLevel,
  writeLevels,
} from '../../envs/sokoban/levels/xsb.ts'
import { anyLevel, turned } from './levels.ts'

const LEVEL = '#####\n#@$.#\n#####'

test.each([
  ['header before (Boxoban)', `; 7\n${LEVEL}\n\n; 8\n${LEVEL}\n`, ['7', '8']],
  ['header after (Microban)', `; A collection\n\n${LEVEL}\n; 1\n\n${LEVEL}\n; 2\n`, ['1', '2']],
  ['headers without blank lines', `; 1\n${LEVEL}\n; 2\n${LEVEL}`, ['1', '2']],
  ['titles', `${LEVEL}\nTitle: First\nAuthor: Somebody\n\n${LEVEL}\n'Second'\n`, ['First', 'Second']],
  ['numbers', `Level 1\n${LEVEL}\n\nMaze: 2\n${LEVEL}\n`, ['1', '2']],
  [
    'comments without end',
    `${LEVEL}\nTitle: 1\nComment:\nwords\n\n${LEVEL}\nTitle: 2\nComment:\nx\nComment-End:\n\n${LEVEL}\nTitle: 3\nComment:\n`,
    ['1', '2', '3'],
  ],
  ['comments', `Comment:\n# not a row #\nComment-End:\n; 1\n${LEVEL}\nAuthor: #1\n`, ['1']],
  ['a byte order mark', `\ufeff${LEVEL}`, [undefined]],
  ['blanks after rows', LEVEL.replaceAll('\n', ' \t\n'), [undefined]],
  ['CRLF', LEVEL.replaceAll('\n', '\r\n'), [undefined]],
  ['run-length encoding', '5#|#@$.#|5#', [undefined]],
  ['run-length encoding by rows', '5#\n#@$.#\n5#', [undefined]],
  ['a title, a blank line, the level', `; One\n\n${LEVEL}\n\n; Two\n\n${LEVEL}\n`, ['One', 'Two']],
  [
    'titles with other lines below them',
    `Set: x\nTitle: One\n\n${LEVEL}\nAuthor: y\n\nMaze: 2\nSize X: 5\n\n${LEVEL}\n`,
    ['One', '2'],
  ],
  [
    'comments above no level of theirs',
    `; words\n; and words\n\n${LEVEL}\n\n${LEVEL}\n; 2\n`,
    [undefined, '2'],
  ],
  ['lines that begin with a tab', `\t${LEVEL.replaceAll('\n', '\n\t')}`, [undefined]],
  ['spaces that do not break', LEVEL.replace('@', '@\u00a0').replaceAll('#####', '######'), [undefined]],
  ['line ends of other systems', LEVEL.replace('\n', '\u0085').replace('\n', '\u2028'), [undefined]],
  ['letters', '######\n#pb-o#\n######\n\n######\n#PbB-#\n######', [undefined, undefined]],
  ['letters, run-length encoded', '6#|#pb-o#|6#', [undefined]],
  ['words of those letters', `Pop #2, bob\n#bob\n\n${LEVEL}\n`, [undefined]],
  ['dashes and underscores', '######\n#@$.-#\n#_--_#\n######', [undefined]],
] as const)('reads %s', (_name, text, names) => {
  expect(readLevels(text).map((entry) => entry.name)).toEqual(names)
})

test('ragged rows are filled, and the floor outside becomes wall', () => {
  const level = readLevel('  ####\n###  #\n#@$ .#\n######')
  expect(writeLevel(level)).toBe('######\n###  #\n#@$ .#\n######')
})

test('encoded and plain rows are the same level', () => {
  expect(writeLevel(readLevel('  ####|###  #|#@$ .#|6#'))).toBe('######\n###  #\n#@$ .#\n######')
  expect(writeLevel(readLevel('7#|#.@-#-#|#$*2-$#|#3-$-#|#-2.2-#|#*3-*#|7#'))).toBe(
    '#######\n#.@ # #\n#$*  $#\n#   $ #\n# ..  #\n#*   *#\n#######',
  )
  expect(writeLevel(readLevel('2(5#|)#@$.#|5#'))).toBe('#####\n#####\n#@$.#\n#####')
})

test('letters stand for the symbols of other programs', () => {
  expect(writeLevel(readLevel('#######\n#p bBo #\n########'))).toBe('########\n#@ $*. #\n########')
  expect(writeLevel(readLevel('#######\n#P b B#\n#######'))).toBe('#######\n#+ $ *#\n#######')
  // A capital O is a target where the counts agree.
  expect(writeLevel(readLevel('######\n#pb O#\n######'))).toBe('######\n#@$ .#\n######')
  expect(() => readLevel('######\n#pbOo#\n######')).toThrow('line 1: 1 boxes but 2 targets')
})

test.each([
  ['no player', '#####\n#-$.#\n#####', 'line 1: the level has no player'],
  ['two players', '\n######\n#@$.@#\n######', 'line 3: a second player, in column 5'],
  ['unequal', '; x\n######\n#@$..#\n######', 'line 2: 1 boxes but 2 targets'],
  ['no box', '####\n#@ #\n####', 'line 1: the level has no box'],
  ['open wall', '#####\n#@$. \n#####', 'line 2: the wall is open at row 2, column 5'],
  ['open below', '#####\n#@$.#\n## ##', 'line 3: the wall is open at row 3, column 3'],
  ['a stranger', '#####\n#@$x#\n#####', "line 2: unknown symbol 'x'"],
  ['a stranger at the end', '######\n#@ $.x\n######', "line 2: unknown symbol 'x'"],
  ['a tab', '######\n\t#@$.#\n######', "line 2: unknown symbol '\\t'"],
  ['a row without walls', '; x\n######\n @ $. \n######', 'line 3: the wall is open at row 2, column 1'],
  ['a mistake in encoded rows', '6#\n#@-$.#\n#@3-#\n6#', 'line 3: a second player, in column 2'],
  ['a box outside', ' #####\n$#@$.#\n.#####', 'line 2: a box or target outside the walls'],
  ['too large', `${'#'.repeat(81)}\n#@$.#`, 'more than 80 x 80'],
  ['too long a run', '999999999#', 'larger than 80 x 80'],
  ['brackets', '(5#|#@$.#', 'unbalanced brackets'],
  ['no level', 'hello', 'no level in the text'],
])('refuses %s, naming the line', (_name, text, message) => {
  expect(() => readLevel(text)).toThrow(UserError)
  expect(() => readLevel(text)).toThrow(message)
})

test.each([
  [
    'one bad level',
    [LEVEL, '#####\n#@@$.#\n#####', LEVEL],
    ['line 6, level 2: a second player, in column 3'],
  ],
  ['a blank row', ['#####\n#@  #\n\n#$ .#\n#####'], ['line 3: a blank row inside the level']],
  [
    'two blank rows',
    ['#####\n#@  #\n \n#   #\n\n#$ .#\n#####', LEVEL],
    ['line 3, level 1: a blank row inside the level'],
  ],
  [
    'bad levels apart',
    [LEVEL, '####\n#@ #\n####', '####\n# $#\n####'],
    ['level 2: the level has no box', '; also level 3 (line 9)'],
  ],
  ['a stranger', [LEVEL, '#####\n#@$x#\n#####'], ["line 6, level 2: unknown symbol 'x'"]],
  [
    'many',
    [LEVEL, ...Array.from({ length: 9 }, () => '####\n# $#\n####')],
    ['line 5, level 2: the level has no player', '; also level 3, 4, 5, 6, 7, 8, 9, 10 (line 9, 13, 17'],
  ],
])('names all that is bad: %s', (_name, levels, parts) => {
  const text = levels.join('\n\n')
  const { entries, faults } = readCollection(text)
  expect(entries.length).toBe(levels.filter((level) => level === LEVEL).length)
  expect(entries.length + faults.length).toBe(levels.length)
  for (const part of parts) expect(() => readLevels(text)).toThrow(part)
})

test('the good levels of a damaged file are those of the sound file', () => {
  const wrong = fc.constantFrom(
    '####\n#@ #\n####',
    '#####\n#@@$.#\n#####',
    '######\n#@ $x#\n######',
    '#####\n#@ $.',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(anyLevel, fc.option(wrong)), { minLength: 1, maxLength: 4 }), (parts) => {
      const sound = parts.map(([level]) => `; x\n${writeLevel(level)}\n`).join('\n')
      const damaged = parts.map(
        ([level, bad]) => `; x\n${writeLevel(level)}\n${bad ? `\n; bad\n${bad}\n` : ''}`,
      )
      const { entries, faults } = readCollection(damaged.join('\n'))
      expect(entries.map(({ level }) => level)).toEqual(readLevels(sound).map(({ level }) => level))
      expect(faults.length).toBe(parts.filter(([, bad]) => bad !== null).length)
    }),
    { numRuns: 60 },
  )
})

test('reads the elements of an SLC file, with titles and lines', () => {
  const row = (text: string, line: number) => ({ name: 'L', attributes: {}, children: [text], line })
  const level = (id: string, rows: string[], line: number) => ({
    name: 'Level',
    attributes: { Id: id },
    children: ['\n', ...rows.map((text, i) => row(text, line + i))],
    line,
  })
  const collection = {
    name: 'LevelCollection',
    attributes: {},
    children: [level('a', LEVEL.split('\n'), 4), '\n', level('b', ['#####', '#@$ #', '#####'], 9)],
    line: 3,
  }
  // As programs write it that take no care of capitals, or name no level.
  const lower = { ...level('b', LEVEL.split('\n'), 1), name: 'level', attributes: { id: 'b' } }
  const plain = { ...level('c', LEVEL.split('\n'), 1), attributes: {} }
  const others = { name: 'levels', attributes: {}, children: [lower, plain], line: 1 }
  expect(readLevels(others).map(({ name }) => name)).toEqual(['b', undefined])
  const { entries, faults } = readCollection({
    name: 'SokobanLevels',
    attributes: {},
    children: [collection],
    line: 1,
  })
  expect(entries.map(({ name }) => name)).toEqual(['a'])
  expect(faults).toEqual([{ number: 2, line: 9, name: 'b', bad: true, reason: '1 boxes but 0 targets' }])
})

test('levels of 80 x 80 with thousands of boxes are played', () => {
  const rows = ['#'.repeat(80), `#@${'-'.repeat(77)}#`]
  for (let row = 2; row < 79; row++)
    rows.push(`#-${(row % 2 ? '.' : '$').repeat(row < 78 ? 76 : 0).padEnd(77, '-')}#`)
  rows.push('#'.repeat(80))
  const state = sokoban.reset(resolveConfig(sokoban, { level: rows.join('\n') }) as never, '1')
  expect(state.board.boxes).toBe(38 * 76)
  expect(sokoban.load(sokoban.save(state))).toEqual(state)
})

test('a collection tells levels that start solved, and plays the others', () => {
  const { levels, faults } = sokoban.levels?.(`${LEVEL}\n\n#####\n#@ *#\n#####\n\n${LEVEL}`) ?? {
    levels: [],
    faults: [],
  }
  expect(levels.map(({ number, line }) => [number, line])).toEqual([
    [1, 1],
    [3, 9],
  ])
  expect(faults).toEqual([{ number: 2, line: 5, bad: false, reason: 'every box stands on a target already' }])
})

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.array(anyLevel, { minLength: 1, maxLength: 3 }), (levels) => {
      const entries = readLevels(writeLevels(levels.map((level) => ({ level }))))
      expect(entries.map((entry) => entry.level)).toEqual(levels)
      expect(entries.map((entry) => entry.name)).toEqual(levels.map((_, i) => String(i)))
    }),
    { numRuns: 40 },
  )
})

test('any text is read or refused with one line', () => {
  const noise = fc.string({ unit: fc.constantFrom(..."#####@$.*+-_ \n\n\r|(){}0129;x:T'"), maxLength: 120 })
  fc.assert(
    fc.property(fc.oneof(noise, fc.string({ unit: 'binary', maxLength: 80 })), (text) => {
      try {
        for (const { level } of readLevels(text)) expect(canonicalKey(level)).toMatch(/^[0-9a-f]{16}$/)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
        expect((error as Error).message).not.toContain('\n')
      }
    }),
    { numRuns: 800 },
  )
})

test('long lines are read quickly', () => {
  const lines = [
    '#'.repeat(200_000),
    `${'#'.repeat(200_000)}x`,
    `${'1'.repeat(200_000)}#`,
    '('.repeat(200_000),
    '2550(##)'.repeat(600),
  ]
  for (const line of lines) expect(() => readLevel(line)).toThrow(UserError)
})

test('a damaged level is read or refused with one line', () => {
  fc.assert(
    fc.property(anyLevel, fc.nat(), fc.constantFrom(...'#@$.*+- \n;|3'), (level, place, symbol) => {
      const text = writeLevel(level)
      const at = place % text.length
      try {
        readLevels(text.slice(0, at) + symbol + text.slice(at + 1))
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }),
    { numRuns: 300 },
  )
})

test('the canonical key is equal under the 8 symmetries and different otherwise', () => {
  fc.assert(
    fc.property(anyLevel, anyLevel, fc.integer({ min: 0, max: 7 }), (level, other, symmetry) => {
      const key = canonicalKey(level)
      expect(canonicalKey(turned(level, symmetry))).toBe(key)
      const images = Array.from({ length: 8 }, (_, i) => trimmed(turned(level, i)))
      expect(canonicalKey(other) === key).toBe(images.includes(trimmed(other)))
      // One cell of floor more or less is another level.
      const cells = level.cells.slice()
      const floor = cells.findIndex((flags, cell) => flags === 0 && cell !== level.player)
      if (floor < 0) return
      cells[floor] = 2
      expect(canonicalKey({ ...level, cells })).not.toBe(key)
    }),
    { numRuns: 200 },
  )
})

test('the canonical key ignores walls around a level and floor nobody can reach', () => {
  const plain = readLevel('#####\n#@$.#\n#####')
  const wide = readLevel('########\n########\n###@$.##\n########\n#  #####\n########')
  expect(canonicalKey(wide)).toBe(canonicalKey(plain))
})

/** Without rows and columns of wall around, and with bare floor that nobody can reach as wall. */
function trimmed(level: Level): string {
  const inside = interior(level)
  const cells = level.cells.map((flags, cell) => (flags === 0 && !inside[cell] ? WALL : flags))
  const rows = writeLevel({ ...level, cells }).split('\n')
  const used = rows.filter((row) => /[^#]/.test(row))
  const left = Math.min(...used.map((row) => row.search(/[^#]/)))
  const right = Math.max(...used.map((row) => row.search(/#*$/)))
  const top = rows.indexOf(used[0])
  const bottom = rows.lastIndexOf(used[used.length - 1])
  return rows
    .slice(top, bottom + 1)
    .map((row) => row.slice(left, right))
    .join('\n')
}
