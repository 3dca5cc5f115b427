import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { readPython } from '../../envs/football/python/index.ts'
import { ROLES } from '../../envs/football/scenarios/scenario.ts'
import { commands } from '../../envs/football/tools.ts'

const FILE = `
# Copyright
from . import *

def build_scenario(builder):
  builder.config().game_duration = 400
  builder.config().deterministic = False
  builder.config().end_episode_on_score = True
  builder.config().right_team_difficulty = 0.25  # easy
  if builder.EpisodeNumber() % 2 == 0:
    first_team = Team.e_Left
    second_team = Team.e_Right
  else:
    first_team = Team.e_Right
    second_team = Team.e_Left
  builder.SetBallPosition(0.02, -0.1)
  builder.SetTeam(first_team)
  builder.AddPlayer(-1.0, 0.0, e_PlayerRole_GK, controllable=False)
  builder.AddPlayer(0.0, 0.1, e_PlayerRole_CB)
  builder.SetTeam(second_team)
  builder.AddPlayer(-1.0, 0.0,
                    e_PlayerRole_GK)
  builder.AddPlayer(-0.5, -0.2, e_PlayerRole_LB, True)
`

/** A file whose `build_scenario` has these lines; the first is line 3. */
function file(...lines: string[]): string {
  return `from . import *\ndef build_scenario(builder):\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

/** Where the players of both teams stand. */
function places(text: string, episode = 0): [number, number][] {
  const { left, right } = readPython(text, 'file.py', episode)
  return [...left.players, ...right.players].map(({ x, y }) => [x, y])
}

test("Google Research Football's scenario files are read without being run", () => {
  const left = {
    difficulty: 1,
    players: [
      { role: 'GK', x: -1, y: 0, lazy: false, controllable: false },
      { role: 'CB', x: 0, y: 0.1, lazy: false, controllable: true },
    ],
  }
  const right = {
    difficulty: 0.25,
    players: [
      { role: 'GK', x: -1, y: 0, lazy: false, controllable: true },
      { role: 'LB', x: -0.5, y: -0.2, lazy: true, controllable: true },
    ],
  }
  const rules = {
    duration: 400,
    offsides: true,
    endOnScore: true,
    endOnOutOfPlay: false,
    endOnPossessionChange: false,
    ball: [0.02, -0.1],
  }
  expect(readPython(FILE, 'file.py')).toEqual({ ...rules, left, right })
  const swapped = readPython(FILE, 'file.py', 1)
  expect(swapped.left.players).toEqual(right.players)
  expect(swapped.right.players).toEqual(left.players)
})

describe('values are known before the file is run:', () => {
  const GK = 'e_PlayerRole_GK'
  test.each([
    [
      'only the branch that is taken',
      ['if 1 < 2 < 2:', '  x = 0.1', 'elif not False:', '  x = 0.2', 'else:', '  x = 0.3'],
    ],
    ['nothing of if False', ['x = 0.2', 'if False:', '  x = 0.3']],
    [
      'the config by another name',
      ['cfg = builder.config()', 'cfg.game_duration = 77', 'x = 0.2 if cfg.game_duration == 77 else 0.3'],
    ],
    ['brackets in texts', ['"""(', '[ two"""', "y = ':('", 'x = 0.2']],
    ['arithmetic', ['a, b = 7, 3', 'x = -(a // -b) % 2 / 5 + True - 1']],
    ['lists and loops', ['for i, x in enumerate([0.1, 0.2, 0.3]):', '  if i == 1:', '    break']],
    ['and, or and in', ['x = (0 or 0.2) and 0.2 if 3 in range(4) and 5 not in (1, 2) else 0.3']],
    ['lines that go on', ['x = (0.1 +', '0.1)']],
    ['what follows a return is not played', ['x = 0.2', `builder.AddPlayer(x, 0, ${GK})`, 'return']],
  ])('%s', (_, lines) => {
    expect(places(file(...lines, `builder.AddPlayer(x, 0, ${GK})`))[0]).toEqual([expect.closeTo(0.2, 9), 0])
  })

  test('of any number of players, however they are written', () => {
    const coordinate = fc.integer({ min: -40, max: 40 }).map((n) => n / 100)
    const player = fc.record({
      x: coordinate,
      y: coordinate,
      role: fc.constantFrom(...ROLES),
      lazy: fc.boolean(),
      form: fc.constantFrom('plain', 'named', 'variables', 'branch', 'loop', 'lines'),
    })
    const python = (value: boolean) => (value ? 'True' : 'False')
    const written = ({
      x,
      y,
      role,
      lazy,
      form,
    }: {
      x: number
      y: number
      role: string
      lazy: boolean
      form: string
    }) => {
      const name = `e_PlayerRole_${role}`
      const call = (a: string | number, b: string | number) =>
        `builder.AddPlayer(${a}, ${b}, ${name}, ${python(lazy)})`
      if (form === 'named') return [`builder.AddPlayer(role=${name}, lazy=${python(lazy)}, y=${y}, x=${x})`]
      if (form === 'variables')
        return [`x, y = ${x}, ${y}`, `add = builder.AddPlayer`, `add(x, y, ${name}, ${python(lazy)})`]
      if (form === 'branch') return [`if ${x} <= ${y}:`, `  ${call(x, y)}`, 'else:', `  ${call(x, y)}`]
      if (form === 'loop') return [`for x, y in [(${x}, ${y})]:`, `  ${call('x', 'y')}  # )`]
      if (form === 'lines')
        return ['builder.AddPlayer(', `${x},  # (`, `${y}, ${name},`, `lazy=${python(lazy)})`]
      return [call(x, y)]
    }
    fc.assert(
      fc.property(fc.array(player, { minLength: 1, maxLength: 11 }), (players) => {
        const found = readPython(file(...players.flatMap(written)), 'file.py').left.players
        const wanted = players.map(({ x, y, role, lazy }) => ({ x, y, role, lazy, controllable: true }))
        expect(found).toEqual(wanted)
      }),
      { numRuns: 50 },
    )
  })

  test('an empty team gets a lonely keeper, as in the original', () => {
    expect(readPython(file('pass'), 'file.py').right.players).toEqual([
      { role: 'GK', x: -1, y: 0.42, lazy: true, controllable: true },
    ])
  })
})

describe('what cannot be known is refused with its line:', () => {
  test.each([
    [
      'import random',
      'builder.SetBallPosition(random.uniform(0, 1), 0)',
      "line 4: what 'random.uniform' gives is not known",
    ],
    ['x = 0.1', 'while x < 1:\n    x += 0.1', "line 4: cannot read 'while x < 1:'"],
    ['builder.SetTeam(Team.e_Left)', 'builder.SetTeam(constructor)', "line 4: no name 'constructor'"],
    ['x = builder', 'x.AddPlayer(0, 0, e_PlayerRole_XX)', "line 4: no name 'e_PlayerRole_XX'"],
    ['pass', 'builder.SetBallPosition(0.1)', "line 4: SetBallPosition needs 'ball_y'"],
    ['pass', 'builder.SetBallPosition(2, 0)', 'line 4: the ball cannot be [2, 0]'],
    ['pass', 'builder.AddPlayer(0, 3, e_PlayerRole_GK)', 'line 4: y cannot be 3'],
    ['pass', 'builder.AddPlayer(0, 0, 0)', 'line 4: 0 is not a role'],
    ['pass', "builder.AddPlayer('0', 0, e_PlayerRole_GK)", "line 4: x is '0', not a number"],
    ['pass', 'builder.AddBall(0)', "line 4: the builder has no 'AddBall'"],
    ['pass', 'builder.config().offsides = 2', 'line 4: offsides is 2, neither True nor False'],
    ['pass', 'builder.config().game_duration = 0', 'line 4: game_duration cannot be 0'],
    ['pass', 'for x in 3:\n    pass', 'line 4: cannot loop over 3'],
    ['pass', 'x = 1 / 0', 'line 4: division by zero'],
    ['pass', 'x = (1', 'not Python'],
    ['from helpers import place', 'builder.AddPlayer(*place(1))', 'line 4: cannot read the argument'],
    ['x = [1]', 'builder.AddPlayer(x[1], 0, e_PlayerRole_GK)', 'line 4: no item 1 in a list of 1'],
    ['for i in range(9999):', '  for j in range(9999):\n      pass', 'more than 10000 statements'],
  ])('%s, %s', (first, second, message) => {
    const read = () => readPython(file(first, second), 'file.py')
    expect(read).toThrow(UserError)
    expect(read).toThrow(message)
  })

  test('and so is a file without build_scenario, and one that is nested beyond measure', () => {
    expect(() => readPython('x = 1', 'file.py')).toThrow('file.py: no function build_scenario')
    expect(() => readPython(file(`x = ${'('.repeat(12_000)}1${')'.repeat(12_000)}`), 'file.py')).toThrow(
      UserError,
    )
  })

  test('whatever a file holds, it is read or refused in one line', () => {
    const line = fc.constantFrom(
      ...FILE.split('\n'),
      'x = [',
      ')',
      '"""',
      'if x:',
      '  else:',
      '\t\tpass',
      'return',
      '*a',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        try {
          expect(readPython(lines.join('\n'), 'file.py').left.players.length).toBeGreaterThan(0)
        } catch (problem) {
          expect(problem).toBeInstanceOf(UserError)
          expect((problem as Error).message).not.toContain('\n')
        }
      }),
      { numRuns: 300 },
    )
  })
})

test('of several files the readable ones are written, the others named, and the exit code is 2', async () => {
  const files: Record<string, string> = {
    'a/good.py': FILE,
    'bad.py': file('while True:', '  pass'),
    'b/good.py': FILE,
    '__proto__.py': FILE,
  }
  const written: Record<string, string> = {}
  const notes: string[] = []
  const io: Io = {
    read: async (path) => files[path],
    document: async (path) => files[path],
    files: (paths) => paths,
    write: async (path, text) => {
      written[path] = text
    },
    print: () => {},
    note: (line) => notes.push(line),
    now: () => 0,
  }
  const run = commands['scenarios import'].run
  expect(await run({ _: Object.keys(files), out: 'all.json' }, io)).toBe(2)
  expect(Object.keys(JSON.parse(written['all.json']))).toEqual(['good', '__proto__'])
  expect(notes).toEqual([
    '2 scenarios written to all.json',
    "bad.py, line 3: cannot read 'while True:' without running it",
    "b/good.py: a scenario named 'good' was read already",
  ])
  expect(await run({ _: ['a/good.py'], episode: '1' }, io)).toBe(0)
})
