import { expect, test } from 'vitest'
import { run } from './run.ts'

const TWO = [
  ...['--env', 'football', '--config', 'preset=academy_3_vs_1_with_keeper,controlled=2'],
  ...['--max-turns', '3'],
]

test('eval plays every level from every seat against an opponent, and tells them apart', async () => {
  const { code, out } = await run(
    ...['eval', ...TWO, '--agent', 'expert', '--opponent', 'idle'],
    ...['--episodes', '2', '--json'],
  )
  expect(code).toBe(0)
  const { opponent, seats, episodes, perEpisode } = JSON.parse(out[0])
  expect({ opponent, episodes }).toEqual({ opponent: 'idle', episodes: 4 })
  expect(perEpisode.map(({ seat }: { seat: number }) => seat)).toEqual([0, 1, 0, 1])
  expect(seats.map(({ seat, episodes }: { seat: number; episodes: number }) => [seat, episodes])).toEqual([
    [0, 2],
    [1, 2],
  ])
  const told = await run('eval', ...TWO, '--agent', 'expert', '--opponent', 'idle', '--episodes', '2')
  expect(told.out[0]).toContain('expert against idle on football, 4 episodes')
  expect(told.out[1]).toMatch(/^ {2}seat 0 +wins \d.* draws \d.* losses \d.* %$/)
})

test('compare lets both play the same opponent', async () => {
  const { code, out } = await run(
    'compare',
    'expert',
    'random',
    ...TWO,
    '--opponent',
    'idle',
    '--episodes',
    '2',
  )
  expect(code).toBe(0)
  expect(out[0]).toContain('on the same 4 episodes of football, test levels against idle')
  expect(out.filter((line) => / in seat [01]: wins /.test(line))).toHaveLength(4)
})

test('play seats the opponent where nobody else is named', async () => {
  const { code, out } = await run('play', ...TWO, '--agent', '1=expert', '--opponent', 'idle', '--json')
  expect(code).toBe(0)
  expect(out.map((line) => JSON.parse(line).actions[0])).toEqual([0, 0, 0])
})

test('audit lets exploiters play against somebody', async () => {
  const { code, out } = await run(
    'audit',
    ...TWO,
    '--opponent',
    'idle',
    '--episodes',
    '2',
    '--mode',
    'online',
  )
  expect(code).toBe(0)
  expect(out[0]).toContain('against idle, online')
})

const ONE = ['--env', 'sokoban', '--config', 'preset=tiny-1']
test.each([
  [
    ['eval', ...ONE, '--agent', 'expert', '--opponent', 'random'],
    /^--opponent random: sokoban has one seat with this config, and nobody to play against$/,
  ],
  [
    ['compare', 'expert', 'random', ...ONE, '--opponent', 'random'],
    /^--opponent random: sokoban has one seat/,
  ],
  [['play', ...ONE, '--agent', 'expert', '--opponent', 'random'], /^--opponent random: sokoban has one seat/],
  [['audit', ...ONE, '--opponent', 'random'], /^--opponent random: sokoban has one seat/],
  [['audit', '--opponent', 'random'], /--opponent are of one environment; give --env/],
  [['eval', ...TWO, '--agent', '0=expert', '--opponent', 'idle'], /give one --agent, without a seat/],
  [['eval', ...TWO, '--agent', 'expert', '--opponent', 'nobody'], /football has no agent 'nobody'/],
])('%j is refused in one line', async (words, message) => {
  const { code, out, err } = await run(...words)
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err.join('\n').replace(/^kickpush: /, '')).toMatch(message)
})
