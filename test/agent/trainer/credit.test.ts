import { describe, expect, test } from 'vitest'
import { ALGORITHMS, Algorithm, CREDITS_OF } from '#agent/algorithms/algorithm'
import { parseRecipe } from '#agent/recipe/recipe'
import { assignCredit } from '#agent/trainer/credit'
import { parse } from '#core/env/config'

/** An episode whose turns earn `rewards` and have as many tokens as `values` says, each with its estimate. */
const episode = (
  group: number,
  rewards: number[],
  values: number[][] = rewards.map(() => [0]),
  shown?: string[],
) => ({ group, rewards, values, bootstrap: 0, ...(shown ? { shown } : {}) })

/** Advantages of each episode, turn by turn, of the first token. */
const firsts = (credits: ReturnType<typeof assignCredit>): number[][] =>
  credits.map(({ turns }) => turns.map(({ advantages }) => advantages[0]))

function close(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  actual.forEach((row, i) => {
    row.forEach((x, j) => {
      expect(x).toBeCloseTo(expected[i][j], 10)
    })
  })
}

const by = (given: object) => Algorithm.parse(given)

describe('whole episodes compared', () => {
  const two = [episode(0, [0, 1], [[0, 0], [0]]), episode(0, [0])]

  test('grpo: every token has the normalised reward; equal groups are left out', () => {
    const credits = assignCredit([...two, episode(1, [1]), episode(1, [1], [[0, 0]])], by({}))
    expect(credits.map(({ used }) => used)).toEqual([true, true, false, false])
    expect([...credits[0].turns[0].advantages, ...credits[0].turns[1].advantages]).toEqual([1, 1, 1])
    expect([...credits[1].turns[0].advantages]).toEqual([-1])
  })

  test('the value head takes no part: the better episode is better, whatever is thought of it', () => {
    // Totals .5 and 1.5, estimates .2 and 1.8: with the estimates taken off, the worse one would win.
    for (const name of ALGORITHMS.filter((name) => name !== 'ppo')) {
      for (const credit of CREDITS_OF[name]) {
        const played = [episode(0, [0.5], [[0.2]], ['a']), episode(0, [1.5], [[1.8]], ['a'])]
        const [[worse], [better]] = firsts(assignCredit(played, by({ name, credit })))
        expect(worse, `${name} ${credit}`).toBeLessThan(0)
        expect(better, `${name} ${credit}`).toBeGreaterThan(0)
      }
    }
  })

  test('rloo: less the mean of the others, in units of the reward', () => {
    // 3 - (0 + 1.5) / 2 = 2.25; 0 - 2.25; 1.5 - 1.5.
    const played = [episode(0, [1, 2]), episode(0, [0]), episode(0, [1.5]), episode(1, [7])]
    close(firsts(assignCredit(played, by({ name: 'rloo' }))), [[2.25, 2.25], [-2.25], [0], [0]])
  })

  test('reinforce-baseline: less the mean of the level, over the deviation of the batch', () => {
    // Centred: 1, -1 and 3, -3; deviation sqrt(5).
    const r = Math.sqrt(5)
    const played = [episode(0, [2]), episode(0, [0]), episode(1, [6]), episode(1, [0])]
    close(firsts(assignCredit(played, by({ name: 'reinforce-baseline' }))), [
      [1 / r],
      [-1 / r],
      [3 / r],
      [-3 / r],
    ])
  })
})

describe('turns compared', () => {
  // Still to come: 2, 2 and 1, 0 and 0: the third has no second turn.
  const played = [episode(0, [0, 2]), episode(0, [1, 0]), episode(0, [0])]

  test('grpo: with the same turn of the others', () => {
    // First turns 2, 1, 0: mean 1, deviation sqrt(2/3). Second turns 2, 0: mean 1, deviation 1.
    const r = Math.sqrt(3 / 2)
    close(firsts(assignCredit(played, by({ credit: 'turn' }))), [[r, 1], [0, -1], [-r]])
  })

  test('rloo: the same, less the mean of the others', () => {
    close(firsts(assignCredit(played, by({ name: 'rloo', credit: 'turn' }))), [[1.5, 2], [0, -2], [-1.5]])
  })

  test('later rewards count less by gamma', () => {
    // Still to come with gamma .5: 1 and 1; nothing to tell them apart at the first turn, 2 and 0 at the second.
    const credits = assignCredit([episode(0, [0, 2]), episode(0, [1, 0])], by({ credit: 'turn', gamma: 0.5 }))
    close(firsts(credits), [
      [0, 1],
      [0, -1],
    ])
  })

  test('a level whose episodes earn the same at other times teaches; one where nothing differs does not', () => {
    const credits = assignCredit(
      [episode(0, [1, 0]), episode(0, [0, 1]), episode(1, [0, 1]), episode(1, [0, 1])],
      by({ credit: 'turn' }),
    )
    expect(credits.map(({ used }) => used)).toEqual([true, true, false, false])
    close(firsts(credits).slice(0, 2), [
      [0, -1],
      [0, 1],
    ])
    expect(assignCredit([episode(0, [1, 0]), episode(0, [0, 1])], by({})).every(({ used }) => !used)).toBe(
      true,
    )
  })
})

describe('gigpo', () => {
  test('adds what follows a state, compared with all turns of the level that were shown it', () => {
    // Episodes: 1 and -1. State s: turns of the first and second episode, 2 and 0 to come, and again at the second's
    // second turn, 1: mean 1, deviation sqrt(2/3). State t is seen once: 0.
    const played = [episode(0, [2], [[0]], ['s']), episode(0, [-1, 1, 0], [[0], [0], [0]], ['s', 's', 't'])]
    const r = Math.sqrt(3 / 2)
    close(firsts(assignCredit(played, by({ name: 'gigpo' }))), [[1 + r], [-1 - r, -1, -1]])
    close(firsts(assignCredit(played, by({ name: 'gigpo', stepWeight: 0 }))), [[1], [-1, -1, -1]])
  })

  test('states of other levels are others, and equal totals still teach where steps differ', () => {
    const played = [
      episode(0, [1, 0], [[0], [0]], ['s', 't']),
      episode(0, [0, 1], [[0], [0]], ['s', 't']),
      episode(1, [5], [[0]], ['s']),
      episode(1, [5], [[0]], ['s']),
    ]
    const credits = assignCredit(played, by({ name: 'gigpo' }))
    expect(credits.map(({ used }) => used)).toEqual([true, true, false, false])
    close(firsts(credits), [[0, -1], [0, 1], [0], [0]])
  })
})

describe('ppo', () => {
  test('has turns of its own accord, what is still to come less the estimate, standardised over the batch', () => {
    // Advantages per token 1, 0, 0, 0: mean 1/4, deviation sqrt(3)/4.
    const credits = assignCredit([episode(0, [1, 0]), episode(1, [0], [[0, 0]])], by({ name: 'ppo' }))
    const r = Math.sqrt(3)
    close(firsts(credits), [[r, -1 / r], [-1 / r]])
    expect([...credits[0].turns[0].returns, ...credits[0].turns[1].returns]).toEqual([1, 0])
    expect(credits[1].used).toBe(true)
  })

  test('per token: each token by its own estimate', () => {
    // One turn of two tokens with estimates 1 and 0 and reward 2: 2 - 1 and 2 - 0; another of one: 0 - 0.
    // Mean 1, deviation sqrt(2/3).
    const credits = assignCredit(
      [episode(0, [2], [[1, 0]]), episode(1, [0])],
      by({ name: 'ppo', credit: 'token' }),
    )
    const r = Math.sqrt(3 / 2)
    close([Array.from(credits[0].turns[0].advantages), ...firsts(credits).slice(1)], [[0, r], [-r]])
  })

  test('bi-level: the return of the turn, spread over its tokens', () => {
    // Turn: reward 2, estimate 1, so its return is 2; tokens with estimates 1, .5 and tokenLambda 0: .5 - 1, 2 - .5.
    // With an episode of 0: mean 1/3, deviation sqrt((.25 + 2.25) / 3 - 1/9).
    const options = by({ name: 'ppo', credit: 'bi-level', tokenLambda: 0 })
    const credits = assignCredit([episode(0, [2], [[1, 0.5]]), episode(1, [0])], options)
    const deviation = Math.sqrt(2.5 / 3 - 1 / 9)
    const at = (x: number) => (x - 1 / 3) / deviation
    close(
      [Array.from(credits[0].turns[0].advantages), ...firsts(credits).slice(1)],
      [[at(-0.5), at(1.5)], [at(0)]],
    )
  })

  test('counts on after the limit of turns only where that is asked for', () => {
    const cut = [{ ...episode(0, [0]), bootstrap: 4 }, episode(1, [2])]
    const returns = (options: object) =>
      assignCredit(cut, by({ name: 'ppo', ...options }))[0].turns[0].returns[0]
    expect(returns({})).toBe(0)
    expect(returns({ bootstrap: true })).toBe(4)
  })

  test('normalised rewards have a deviation of 1 over the batch, so that values have a scale', () => {
    const options = by({ name: 'ppo', normaliseRewards: true })
    // Totals 40 and 0: deviation 20.
    const credits = assignCredit([episode(0, [10, 30]), episode(1, [0])], options)
    expect(credits[0].turns.map(({ returns }) => returns[0])).toEqual([2, 1.5])
    const same = assignCredit([episode(0, [3]), episode(1, [3])], options)
    expect(same[0].turns[0].returns[0]).toBe(3)
  })
})

describe('what means nothing is refused, with the reason', () => {
  test.each([
    [
      { name: 'ppo', credit: 'episode' },
      /'credit': ppo takes turn, token, bi-level: .*value head \(got "episode"\)/,
    ],
    [{ name: 'grpo', credit: 'token' }, /'credit': grpo takes episode, turn: nothing to compare/],
    [{ name: 'rloo', credit: 'bi-level' }, /'credit': rloo takes/],
    [{ name: 'gigpo', credit: 'turn' }, /'credit': gigpo takes episode: /],
    [{ gamma: 0.9 }, /'gamma': no use in grpo with credit episode/],
    [{ lambda: 0.9 }, /'lambda': no use in grpo.*only ppo/],
    [{ bootstrap: true }, /'bootstrap': no use in grpo.*only ppo/],
    [{ name: 'ppo', tokenGamma: 0.9 }, /'tokenGamma': no use in ppo with credit turn/],
    [{ name: 'ppo', credit: 'token', tokenLambda: 0.9 }, /'tokenLambda': no use in/],
    [{ name: 'rloo', stepWeight: 2 }, /'stepWeight': no use in.*gigpo/],
  ])('%j', (given, message) => {
    expect(() => parse(Algorithm, given, 'algorithm')).toThrow(message)
  })

  test('every other pair of algorithm and credit is taken', () => {
    for (const name of ALGORITHMS) for (const credit of CREDITS_OF[name]) by({ name, credit })
  })

  test('a temperature that is sampled at and not learnt at', () => {
    const recipe = `{ name: x, data: [{ env: sokoban }], stages: [{ name: fre, kind: fre, updates: 1, temperature: 0.7, optimizer: { rate: 1 } }] }`
    expect(() => parseRecipe(recipe, [], 'x')).toThrow("'temperature' must be 1 (got 0.7)")
  })
})
