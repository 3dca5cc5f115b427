import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '#core/errors'
import { canonicalKey, interior, type Level, WALL } from '../../envs/sokoban/level.ts'
import { readLevel, readLevels, writeLevel, writeLevels } from '../../envs/sokoban/xsb.ts'
import { anyLevel, turned } from './levels.ts'

const LEVEL = '#####\n#@$.#\n#####'

test.each([
  ['header before (Boxoban)', `; 7\n${LEVEL}\n\n; 8\n${LEVEL}\n`, ['7', '8']],
  ['header after (Microban)', `; A collection\n\n${LEVEL}\n; 1\n\n${LEVEL}\n; 2\n`, ['1', '2']],
  ['headers without blank lines', `; 1\n${LEVEL}\n; 2\n${LEVEL}`, ['1', '2']],
  ['titles', `${LEVEL}\nTitle: First\nAuthor: Somebody\n\n${LEVEL}\n'Second'\n`, ['First', 'Second']],
  ['numbers', `Level 1\n${LEVEL}\n\nMaze: 2\n${LEVEL}\n`, ['1', '2']],
  ['comments', `Comment:\n# not a row #\nComment-End:\n; 1\n${LEVEL}\nAuthor: #1\n`, ['1']],
  ['a byte order mark', `\ufeff${LEVEL}`, [undefined]],
  ['blanks after rows', LEVEL.replaceAll('\n', ' \t\n'), [undefined]],
  ['CRLF', LEVEL.replaceAll('\n', '\r\n'), [undefined]],
  ['run-length encoding', '5#|#@$.#|5#', [undefined]],
  ['run-length encoding by rows', '5#\n#@$.#\n5#', [undefined]],
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
  ['too large', `${'#'.repeat(51)}\n#@$.#`, 'more than 50 x 50'],
  ['too long a run', '999999999#', 'larger than 50 x 50'],
  ['brackets', '(5#|#@$.#', 'unbalanced brackets'],
  ['no level', 'hello', 'no level in the text'],
])('refuses %s, naming the line', (_name, text, message) => {
  expect(() => readLevel(text)).toThrow(UserError)
  expect(() => readLevel(text)).toThrow(message)
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
