import assert from 'node:assert/strict'
import { check, makeEnv, play, verify } from 'kickpush'
import { test } from 'vitest'
import { fourInARow } from '../src/index.ts'
import type { Four } from '../src/state.ts'

test('keeps the contract', () => {
  const broken = check(fourInARow).filter(({ status }) => status === 'broken')
  assert.deepEqual(broken, [])
})

test('four across, up and along both diagonals win, for the seat that has them', () => {
  for (const columns of [
    [0, 0, 1, 1, 2, 2, 3],
    [0, 1, 0, 1, 0, 1, 0],
    [0, 1, 1, 2, 2, 3, 2, 3, 3, 0, 3],
    [4, 3, 3, 2, 2, 1, 2, 1, 1, 4, 1],
  ]) {
    const game = makeEnv(fourInARow)
    let rewards: readonly number[] = []
    for (const column of columns) {
      assert.equal(game.done, false, columns.join())
      const seat = game.env.toAct?.(game.state)[0]
      rewards = game.step(seat === 0 ? [column, -1] : [-1, column])
    }
    assert.deepEqual(game.outcome, { name: 'seat 0 wins', success: true, seats: [1, -1] })
    assert.deepEqual(rewards, [1, -1])
  }
})

test('greedy takes a win, and stops one', () => {
  const greedy = fourInARow.policies?.greedy(fourInARow.config.parse({}))
  const game = makeEnv(fourInARow)
  for (const [i, column] of [0, 4, 0, 4, 0].entries()) game.step(i % 2 === 0 ? [column, -1] : [-1, column])
  assert.deepEqual(greedy?.act(game.state as Four, 1, new Uint32Array(4)), [0])
  game.step([-1, 4])
  assert.deepEqual(greedy?.act(game.state as Four, 0, new Uint32Array(4)), [0])
})

/** A board after discs in these columns, in turn. */
function after(columns: readonly number[]): Four {
  const game = makeEnv(fourInARow)
  for (const [i, column] of columns.entries()) game.step(i % 2 === 0 ? [column, -1] : [-1, column])
  return game.state as Four
}

test('the text shows where a disc would fall', () => {
  assert.equal(
    fourInARow.text(after([0, 0, 2]), 1),
    'none none none none none\nnext none none none none\nme none next none none\nfoe next foe next next',
  )
})

test('a thought says of every column what a disc there would do, and false ones are found out', () => {
  const { think, truthful } = fourInARow
  // Three of seat 0 lie below, with a hole on either side; seat 1 stands on two of them.
  const state = after([1, 1, 2, 2, 3])
  assert.equal(think?.(state, 1, []), 'stop free free free stop')
  assert.equal(think?.(after([1, 1, 2, 2, 3, 3]), 0, []), 'win free free free win')
  for (const [thought, verdict] of [
    ['stop free free free stop', true],
    ['stop free free free free', false],
    ['', null],
  ] as const) {
    assert.equal(truthful?.(state, 1, thought, []), verdict)
  }
  // On top of a disc in the fourth column the other would complete a diagonal; the first is full.
  assert.equal(think?.(after([3, 1, 0, 0, 0, 3, 0, 1]), 0, []), 'full free gift free free')
})

test('with hints, text and frame mark where a disc would make four, and nothing is left to think', () => {
  const state = after([1, 1, 2, 2, 3])
  const hinted = { ...state, config: { ...state.config, hints: true } }
  assert.equal(fourInARow.text(hinted, 1).split('\n')[3], 'stop foe foe foe stop')
  assert.equal(fourInARow.text(hinted, 0).split('\n')[3], 'win me me me win')
  assert.equal(fourInARow.text(state, 1).split('\n')[3], 'next foe foe foe next')
  assert.equal(fourInARow.think?.(hinted, 1, []), '')
  const dots = (at: Four) => fourInARow.scene(at, 1).items.filter(({ shapes }) => shapes.length > 1).length
  assert.deepEqual([dots(hinted), dots(state)], [2, 0])
})

test('the expert mostly beats random play from both seats, and its records verify', async () => {
  let won = 0
  for (let seed = 0; seed < 10; seed++) {
    const seat = seed % 2
    const agents = seat === 0 ? ['expert', 'random'] : ['random', 'expert']
    const { episode, record } = await play({ game: fourInARow, seed, agents })
    if (episode.outcome.seats?.[seat] === 1) won++
    assert.equal(verify(record, [fourInARow]).episodes[0].status, 'agrees')
  }
  assert.ok(won >= 9, `${won} of 10`)
})
