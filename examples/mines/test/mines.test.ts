import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { check, makeEnv, play, verify } from 'kickpush'
import { parseRecipe } from 'kickpush/agent'
import { seeded } from 'kickpush/env'
import { test } from 'vitest'
import { mines } from '../src/index.ts'
import { determinize, expert } from '../src/players.ts'
import type { Mines } from '../src/state.ts'

test('keeps the contract', () => {
  const broken = check(mines).filter(({ status }) => status === 'broken')
  assert.deepEqual(broken, [])
})

test('a cell without mines around opens those around it; cells pay, a mine costs, a cleared field pays more', () => {
  const level = { mines: [0, 1], start: 8 }
  const game = makeEnv(mines, { size: 3, level })
  assert.equal(game.text(), 'dark dark dark\nn2 n2 n1\nn0 n0 n0')
  assert.deepEqual(game.step('C1'), [2])
  assert.deepEqual(game.outcome, { name: 'cleared', success: true })
  game.reset(1)
  assert.deepEqual(game.step('A1'), [-1])
  assert.deepEqual(game.outcome, { name: 'blown up', success: false })
})

test('the expert never looks at what is hidden: it opens the same in every field that looks the same', () => {
  const random = seeded('other')
  for (let seed = 0; seed < 20; seed++) {
    const state = makeEnv(mines, {}, seed).state as Mines
    const other = determinize(state, 0, random)
    assert.equal(mines.text(other, 0), mines.text(state, 0))
    assert.equal(expert(other), expert(state))
  }
})

test('the expert clears most fields, and its records verify', async () => {
  let cleared = 0
  for (let seed = 0; seed < 20; seed++) {
    const { episode, record } = await play({
      game: mines,
      config: { preset: 'easy' },
      seed,
      agents: 'expert',
    })
    if (episode.outcome.success) cleared++
    assert.equal(verify(record, [mines]).episodes[0].status, 'agrees')
  }
  assert.ok(cleared >= 15, `${cleared} of 20`)
})

test('its recipe is one, and pays for what a mine costs', () => {
  const recipe = parseRecipe(readFileSync(new URL('../recipe.yaml', import.meta.url), 'utf8'))
  assert.deepEqual(
    recipe.stages.map(({ kind }) => kind),
    ['sft', 'fre'],
  )
  const [, rl] = recipe.stages
  assert.equal('reward' in rl && rl.reward.measure, 'return')
})
