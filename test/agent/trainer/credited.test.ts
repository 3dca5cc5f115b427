import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CreditLine } from '#core/record/credit'
import { readRecord } from '#core/record/jsonl'
import { scratch, toy, trainIn } from '../toy.ts'

const few = ['stages.imitation.updates=3', 'stages.fre.updates=2', 'stages.shuffled.updates=1', 'shards=2']

test('what training used of every recorded episode stands beside it, whole distributions included', async () => {
  using place = scratch()
  const out = join(place.folder, 'run')
  const ppo = { name: 'ppo', credit: 'token' }
  const recipe = toy(...few, `stages.fre.algorithm=${JSON.stringify(ppo)}`)
  await trainIn(out, { recipe, workers: 0, keepEpisodes: 3 })
  const names = readdirSync(join(out, 'credit')).sort()
  expect(names).toEqual(['0000003.jsonl', '0000004.jsonl', '0000005.jsonl'])
  for (const name of names) {
    const { events } = readRecord(readFileSync(join(out, 'episodes', name), 'utf8'))
    const turns = events.flatMap(({ event }) => (event.type === 'turn' ? [event] : []))
    const lines = readFileSync(join(out, 'credit', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => CreditLine.parse(JSON.parse(line)))
    expect(lines.map(({ episode }) => episode).sort()).toEqual(
      [...new Set(turns.map(({ episode }) => episode))].sort(),
    )
    for (const line of lines) {
      const own = turns.filter(({ episode }) => episode === line.episode)
      expect(line.turns).toHaveLength(own.length)
      let words = 0
      let surprise = 0
      for (const [i, turn] of line.turns.entries()) {
        const { tokens = [], logprobs = [], entropy = [], actions = [], terms } = turn
        const count = tokens.length
        expect(count).toBeGreaterThan(0)
        for (const list of [logprobs, entropy, turn.values, turn.returns, turn.advantages])
          expect(list).toHaveLength(count)
        expect(turn.reward).toBeCloseTo(
          Object.values(terms).reduce((sum, term) => sum + term, 0),
          10,
        )
        for (const bits of entropy) {
          expect(bits).toBeGreaterThanOrEqual(-1e-4)
          expect(bits).toBeLessThan(Math.log(2000))
        }
        words += count
        surprise -= logprobs.reduce((sum, x) => sum + x, 0)
        // Where a word of the answer is an action, its probability is the one it was drawn with.
        const begin = tokens.indexOf('<answer>') + 1
        const end = tokens.indexOf('</answer>')
        const places = begin > 0 ? tokens.slice(begin, end < 0 ? undefined : end) : []
        const named = places.flatMap((word, at) =>
          word.toLowerCase() in lower(actions[0] ?? {}) ? [begin + at] : [],
        )
        if (actions.length === 0) continue
        expect(named).toHaveLength(actions.length)
        for (const [which, at] of named.entries()) {
          const map = lower(actions[which])
          expect(Object.keys(map).sort()).toEqual(['down', 'left', 'right', 'up'])
          expect(Object.values(map).reduce((sum, p) => sum + p, 0)).toBeLessThan(1.0001)
          expect(map[tokens[at].toLowerCase()]).toBeCloseTo(Math.exp(logprobs[at]), 3)
        }
        if (own[i].valid) expect(actions.length).toBeGreaterThanOrEqual(own[i].actions.length)
      }
      expect(line.surprise).toBeCloseTo(surprise / words, 3)
      expect(line.algorithm).toBe(line.episode.startsWith('fre') ? 'ppo' : 'grpo')
    }
  }
  // Records themselves are as they were: what training used is in files of its own.
  expect(readFileSync(join(out, 'episodes', names[0]), 'utf8')).not.toContain('advantage')
})

const lower = (map: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(map).map(([name, p]) => [name.toLowerCase(), p]))
