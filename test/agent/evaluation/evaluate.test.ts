import { expect, test } from 'vitest'
import { evaluate, Result, summarise } from '#agent/evaluation/evaluate'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { Conversation, type Policy } from '#core/play/policy'
import { envs } from '#envs'
import { respond } from '../../../agent/dialogue/respond.ts'
import { toy } from '../../toy.ts'

/** Says the same things in every episode, one per turn. */
const says = (...answers: string[]): Policy => ({
  id: 'says',
  act: async (requests) => requests.map((request) => respond(answers[request.turn], request)),
})

const conversation = Conversation.parse({ maxTurns: 3 })

test('an evaluation tells the turn that lost a level, thoughts and broken answers', async () => {
  const sokoban = findEnv(envs, 'sokoban')
  // The second push puts the box against a wall that has no target.
  const config = resolveConfig(sokoban, { level: '#######\n#     #\n# @$  #\n#   . #\n#######' })
  const policy = says(
    '<think>one two three</think><answer>Right</answer>',
    '<think></think><answer>Right</answer>',
    '<think>lost',
  )
  const level = { env: sokoban, config, seed: '1' }
  const results = await evaluate({ levels: [level, level], policies: [policy], conversation, sampling: 's' })
  expect(results[0]).toMatchObject({ stuck: 2, malformed: 1, thoughts: 3, words: 4, success: false })
  expect(summarise(results)).toMatchObject({
    stuck: { mean: 1 },
    stuckTurn: 2,
    thought: 4 / 3,
    malformed: 1 / 3,
  })
})

test('several seats share what is counted; a level can be lost before it begins', async () => {
  const config = resolveConfig(toy, { preset: 'pair', maxSteps: 3, level: { beacon: 8, starts: [0, 7] } })
  const policy = says('I go East', 'I go East', 'I go East')
  const results = await evaluate({
    levels: [{ env: toy, config, seed: '1' }],
    policies: [policy],
    conversation,
    sampling: 's',
  })
  expect(results[0]).toMatchObject({ stuck: 0, turns: 3, malformed: 3 })
  expect(summarise(results).malformed).toBe(1)
})

test('results of earlier releases are read, and nothing is made up for what they do not tell', () => {
  const { stuck, thoughts, words, ...old } = Result.parse({
    index: 0,
    seed: 's/0',
    success: true,
    return: 1,
    score: null,
    steps: 1,
    turns: 1,
    malformed: 0,
    claims: 0,
    truths: 0,
    outcome: 'solved',
  })
  expect([stuck, thoughts, words]).toEqual([undefined, 0, 0])
  const summary = summarise([Result.parse(old)])
  expect(Object.keys(summary)).not.toContain('stuck')
  expect(Object.keys(summary)).not.toContain('thought')
})

test('episodes without a known score are counted, not averaged', () => {
  const result = (score: number | null) =>
    Result.parse({
      index: 0,
      seed: 's/0',
      success: true,
      return: 1,
      score,
      steps: 1,
      turns: 1,
      malformed: 0,
      claims: 0,
      truths: 0,
      outcome: 'solved',
    })
  expect(summarise([result(100), result(null), result(50)])).toMatchObject({
    score: { mean: 75 },
    unscored: 1,
  })
  expect(Object.keys(summarise([result(100)]))).not.toContain('unscored')
})
