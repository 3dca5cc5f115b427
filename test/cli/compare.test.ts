import { describe, expect, it } from 'vitest'
import { compare } from '#agent/evaluation/compare'
import type { Result } from '#agent/evaluation/evaluate'
import { run } from './run.ts'

const result = (index: number, given: Partial<Result>): Result => ({
  index,
  seed: `s/${index}`,
  success: false,
  return: 0,
  score: null,
  steps: 1,
  turns: 1,
  malformed: 0,
  thoughts: 0,
  words: 0,
  claims: 0,
  truths: 0,
  outcome: 'over',
  ...given,
})

describe('paired results', () => {
  it('are won by success first, then by return, and listed by how far they are apart', () => {
    const a = [
      result(0, { success: true, return: -3 }),
      result(1, { return: 1 }),
      result(2, { return: 0.1 + 0.2 }),
      result(3, { return: -9, score: 4 }),
    ]
    const b = [
      result(0, { return: 2 }),
      result(1, { return: 0 }),
      result(2, { return: 0.3 }),
      result(3, { return: 0, score: 1 }),
    ]
    const { wins, losses, ties, differ, score, ...figures } = compare(a, b)
    expect({ wins, losses, ties }).toEqual({ wins: 2, losses: 1, ties: 1 })
    expect(differ.map(({ index, winner }) => [index, winner])).toEqual([
      [3, 'b'],
      [0, 'a'],
      [1, 'a'],
    ])
    expect(figures.return.difference.mean).toBeCloseTo((-5 + 1 + 0 - 9) / 4)
    expect(score?.difference.mean).toBe(3)
  })

  it('must be on the same levels', () => {
    expect(() => compare([result(0, {})], [])).toThrow(RangeError)
    expect(() => compare([result(0, {})], [result(1, {})])).toThrow('the same levels')
  })
})

const line = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '12', '--max-turns', '20']

describe('kickpush compare', () => {
  it('finds the expert better than random on the same seeds', async () => {
    const { code, out } = await run('compare', 'expert', 'random', ...line, '--json')
    const told = JSON.parse(out[0])
    expect(code).toBe(0)
    expect(told).toMatchObject({ agents: ['expert', 'random'], episodes: 12, losses: 0 })
    expect(told.success.difference.low).toBeGreaterThan(0)
    expect(told.differ[0]).toMatchObject({ winner: 'a', a: { outcome: 'solved' } })
    expect(told.differ[0].a.seed).toBe(told.differ[0].b.seed)
    const turned = JSON.parse((await run('compare', 'random', 'expert', ...line, '--json')).out[0])
    expect(turned.return.difference.mean).toBeCloseTo(-told.return.difference.mean)
    expect(turned.losses).toBe(told.wins)
  })

  it('finds no difference between an agent and itself', async () => {
    const { out } = await run('compare', 'random', 'random', ...line)
    expect(out.find((text) => text.includes('are equal'))).toMatch(/on 0, .* on 0, 12 are equal/)
    expect(out.some((text) => text.includes('seeds where they differ'))).toBe(false)
  })

  it.each([
    [['compare', 'expert', '--env', 'sokoban'], /give two agents.*got 1/],
    [['compare', 'expert', 'random'], /--env is missing.*sokoban/],
    [['compare', 'expert', 'randm', '--env', 'sokoban'], /did you mean 'random'/],
    [
      ['compare', 'expert', 'random', '--env', 'sokoban', '--episodes', '0'],
      /--episodes must be at least 1 \(got "0"\)/,
    ],
    [['compare', 'expert', 'random', '--env', 'sokoban', '--macro', 'adapt'], /no macro 'adapt'/],
  ])('%j is refused in one line', async (words, message) => {
    const { code, out, err } = await run(...words)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
  })
})
