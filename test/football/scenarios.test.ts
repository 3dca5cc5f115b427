import { describe, expect, test } from 'vitest'
import { seeded } from '#core/base/random'
import type { Io } from '#core/env/command'
import { simulate } from '../../envs/football/commands/statistics.ts'
import { expert } from '../../envs/football/players/expert.ts'
import { reset } from '../../envs/football/reset.ts'
import { levelKey, outcome } from '../../envs/football/rules/insight.ts'
import { DRILLS } from '../../envs/football/scenarios/drills.ts'
import { DRILL_NAMES, Scenario } from '../../envs/football/scenarios/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { save } from '../../envs/football/state.ts'
import { step } from '../../envs/football/step.ts'
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
    files: (paths) => paths,
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
  const drills: string[] = []
  expect(await commands['scenarios list'].run({ _: ['drill_pass'] }, printing(drills))).toBe(0)
  expect(drills).toEqual([expect.stringMatching(/^drill_pass +drawn from the seed: a player on a wing/)])
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

describe.each(DRILL_NAMES)('the drill %s', (drill) => {
  const config = configOf({ preset: `drill_${drill}` })
  const seeds = Array.from({ length: 80 }, (_, i) => `drill/${i}`)
  const drawn = seeds.map((seed) => reset(config, seed).config.scenario)

  test('draws valid exercises that differ in places and, where it says so, in numbers', () => {
    for (const scenario of drawn) {
      expect(Scenario.parse(scenario)).toEqual(scenario)
      expect(scenario.endOnScore && scenario.endOnPossessionChange).toBe(true)
    }
    const fewest = (team: 'left' | 'right') =>
      Math.min(...drawn.map((scenario) => scenario[team].players.length))
    expect([fewest('left'), fewest('right')]).toEqual(DRILLS[drill].fewest)
    expect(new Set(drawn.map((scenario) => JSON.stringify(scenario))).size).toBeGreaterThan(60)
    const sides = drawn.map(({ ball }) => Math.sign(ball[1]))
    expect(sides).toEqual(expect.arrayContaining([-1, 1]))
  })

  test('is played again from the config that it was drawn into, with the same key for any shift of its start', () => {
    for (const seed of seeds.slice(0, 20)) {
      const first = reset(config, seed)
      expect(save(reset(first.config, seed))).toEqual(save(first))
      const shifted = reset(first.config, `${seed}/other`)
      expect(shifted.config.scenario).toEqual(first.config.scenario)
      expect([...shifted.x]).not.toEqual([...first.x])
      expect(levelKey(first.config, `${seed}/other`)).toBe(levelKey(config, seed))
    }
  })

  test('has a key for each exercise, and one for it and its mirror', () => {
    const keyOf = (scenario: Scenario) => levelKey(configOf({ scenario }), '1')
    const texts = new Map<string, string>()
    for (const scenario of drawn) {
      const known = texts.get(keyOf(scenario))
      const both = [JSON.stringify(scenario), JSON.stringify(mirrored(scenario))]
      if (known !== undefined) expect(both).toContain(known)
      texts.set(keyOf(scenario), both[0])
      expect(keyOf(mirrored(scenario))).toBe(keyOf(scenario))
    }
    expect(texts.size).toBeGreaterThan(60)
  })

  test('can be won by who plays well, and gives no more seats than it always has', async () => {
    const given = DRILLS[drill].fewest[0]
    expect(() => configOf({ preset: `drill_${drill}`, controlled: given + 1 })).toThrow(
      `the left team has ${given} players that a seat may control`,
    )
    expect(reset(configOf({ preset: `drill_${drill}`, controlled: given }), '1').seatPlayer).toHaveLength(
      given,
    )
    let goals = 0
    for (const seed of seeds.slice(0, 6)) {
      const state = reset(config, seed)
      const random = seeded(seed)
      const agent = expert(state.config)
      while (!state.terminated && !state.truncated) {
        for (const action of agent.act(state, 0, random)) step(state, [action])
      }
      if (outcome(state).success) goals++
    }
    expect(goals).toBeGreaterThanOrEqual(2)
  })
})

/** The other way round about the long axis. */
function mirrored(scenario: Scenario): Scenario {
  const team = ({ difficulty, players }: Scenario['left']) => ({
    difficulty,
    players: players.map((player) => ({ ...player, y: -player.y || 0 })),
  })
  const [x, y] = scenario.ball
  return { ...scenario, ball: [x, -y || 0], left: team(scenario.left), right: team(scenario.right) }
}
