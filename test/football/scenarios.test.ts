import { expect, test } from 'vitest'
import type { Io } from '#core/env/command'
import { simulate } from '../../envs/football/commands/statistics.ts'
import { levelKey } from '../../envs/football/rules/insight.ts'
import { Scenario } from '../../envs/football/scenarios/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { commands } from '../../envs/football/tools.ts'
import { configOf, scenarioOf } from './matches.ts'

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
    document: async () => '',
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
  expect(match.steps).toBe(3001)
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
