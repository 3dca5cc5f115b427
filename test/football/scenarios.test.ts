import { describe, expect, test } from 'vitest'
import type { Io } from '#core/command'
import { UserError } from '#core/errors'
import { commands } from '../../envs/football/commands/index.ts'
import { levelKey } from '../../envs/football/insight.ts'
import { readPython } from '../../envs/football/python.ts'
import { Scenario } from '../../envs/football/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios.ts'
import { simulate } from '../../envs/football/statistics.ts'
import { configOf, scenarioOf } from './matches.ts'

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

describe("Google Research Football's scenario files", () => {
  test('are read without being run', () => {
    expect(readPython(FILE, 'file.py')).toEqual({
      duration: 400,
      offsides: true,
      endOnScore: true,
      endOnOutOfPlay: false,
      endOnPossessionChange: false,
      ball: [0.02, -0.1],
      left: {
        difficulty: 1,
        players: [
          { role: 'GK', x: -1, y: 0, lazy: false, controllable: false },
          { role: 'CB', x: 0, y: 0.1, lazy: false, controllable: true },
        ],
      },
      right: {
        difficulty: 0.25,
        players: [
          { role: 'GK', x: -1, y: 0, lazy: false, controllable: true },
          { role: 'LB', x: -0.5, y: -0.2, lazy: true, controllable: true },
        ],
      },
    })
  })

  test.each([
    ['e_PlayerRole_CB)', 'e_PlayerRole_XX)', "line 19: no role 'XX'"],
    ['SetBallPosition(0.02', 'SetBallPosition(here', "line 16: 'here' is not a number"],
    ['SetTeam(first_team)', 'SetTeam(third_team)', "line 17: no team 'third_team'"],
    ['= True', '= Maybe', "line 8: 'Maybe' is neither True nor False"],
  ])('a wrong %s is named with its line', (from, to, message) => {
    expect(() => readPython(FILE.replace(from, to), 'file.py')).toThrow(UserError)
    expect(() => readPython(FILE.replace(from, to), 'file.py')).toThrow(message)
  })
})

test('every scenario is valid, and its players are counted', () => {
  expect(Object.keys(SCENARIOS)).toHaveLength(11 + 6 + 20)
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    expect(Scenario.parse(scenario)).toEqual(scenario)
    const sizes = [scenario.left.players.length, scenario.right.players.length]
    if (name.startsWith('11_vs_11')) expect(sizes).toEqual([11, 11])
    if (name.startsWith('academy_corner')) expect(sizes).toEqual([11, 11])
  }
})

/** What a command prints goes into `lines`. */
function printing(lines: string[]): Io {
  return {
    read: async () => '',
    write: async () => {},
    print: (line) => lines.push(line),
    note: () => {},
    now: () => 0,
  }
}

test('scenarios are listed by a part of their names, and a name that nothing contains is refused', async () => {
  const lines: string[] = []
  expect(await commands['scenarios list'].run({ _: ['counterattack'] }, printing(lines))).toBe(0)
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'academy_counterattack_easy',
    'academy_counterattack_hard',
  ])
  const refused = commands['scenarios list'].run({ _: ['acadmy_corner'] }, printing([]))
  await expect(refused).rejects.toThrow("no name contains 'acadmy_corner'; did you mean 'academy_corner'?")
})

test('the schema of a scenario names what one must say', async () => {
  const lines: string[] = []
  const code = await commands['scenarios schema'].run({}, printing(lines))
  expect(code).toBe(0)
  const schema = JSON.parse(lines.join('\n'))
  expect(schema.required).toEqual(['left', 'right'])
  expect(schema.properties.left.properties.players.items.required).toEqual(['role', 'x', 'y'])
})

test('starts differ from seed to seed, and levels have keys that know mirrors', () => {
  const config = configOf({ preset: 'academy_3_vs_1_with_keeper' })
  expect(levelKey(config, '1')).not.toBe(levelKey(config, '2'))
  expect(levelKey(config, '1')).toBe(levelKey(config, '1'))
  const up = configOf({ scenario: scenarioOf('GK -1 0, CB 0 0.2', 'GK -1 0', { ball: [0, 0.1] }), noise: 0 })
  const down = configOf({
    scenario: scenarioOf('GK -1 0, CB 0 -0.2', 'GK -1 0', { ball: [0, -0.1] }),
    noise: 0,
  })
  expect(levelKey(up, '1')).toBe(levelKey(down, '1'))
})

test('a match between built-in players is a match', () => {
  const match = simulate(configOf({ preset: '11_vs_11_stochastic', actionSet: 'full' }), 'plausible')
  expect(match.steps).toBe(3000)
  expect(match.passes[0] + match.passes[1]).toBeGreaterThan(60)
  expect(match.received[0] / match.passes[0]).toBeGreaterThan(0.4)
  expect(match.shots[0] + match.shots[1]).toBeGreaterThan(0)
  for (const team of [0, 1]) {
    expect(match.owned[team]).toBeGreaterThan(400)
    expect(match.run[team]).toBeGreaterThan(5000)
    expect(match.spread[team]).toBeGreaterThan(8)
    expect(match.spread[team]).toBeLessThan(30)
  }
})
