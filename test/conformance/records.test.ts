import { describe, expect, test } from 'vitest'
import { below } from '#core/base/random'
import { subjectOf } from '#core/check/support'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { toy } from '../toy.ts'

/** Answers random actions, and now and then nothing that can be read. */
const walker: Policy = {
  id: 'walker',
  act: async (requests) =>
    requests.map(({ env, state, limit, random }) => ({
      valid: below(random, 8) > 0,
      actions: Array.from({ length: limit }, () => below(random, env.actions(state.config).length)),
    })),
}

async function record(env: Env, example: object, talk: object): Promise<RecordEvent[]> {
  const { config, seats } = subjectOf(env, example)
  const events: RecordEvent[] = []
  const match = {
    episode: 'e',
    env,
    config,
    seed: 'record',
    policies: new Array<Policy>(seats).fill(walker),
    conversation: Conversation.parse(talk),
  }
  // Benchmark scores may take a solver, and are compared elsewhere.
  await play([match], { onEvent: (event) => events.push(event), score: env.id === toy.id })
  return events
}

describe.each([toy, ...envs].map((env: Env) => [env.id, env] as const))('records of %s', (_, env) => {
  const talks: object[] = [
    { maxTurns: 30, modality: 'both' },
    { mode: 'global', maxTurns: 40, modality: 'frame' },
    { maxTurns: 12, actionsPerTurn: 4 },
    ...Object.keys(env.macros ?? {}).map((macro) => ({ macro, maxTurns: 20 })),
  ]

  test('are verified', async () => {
    for (const example of env.examples) {
      for (const talk of talks) {
        const [episode] = verifyRecord(
          (await record(env, example, talk)).map(writeLine).join(''),
          envs.concat(toy),
        ).episodes
        expect(episode).toMatchObject({ status: 'agrees', complete: true })
      }
    }
  })

  test('are refused at the step that was altered', async () => {
    const events = await record(env, env.examples[0], talks[0])
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []))
    const step = steps[steps.length >> 1]
    const count = env.actions(subjectOf(env, env.examples[0]).config).length
    const changes = [
      { what: 'actions', actions: step.actions.with(0, (step.actions[0] + 1) % count) },
      { what: 'rewards', rewards: step.rewards.with(0, step.rewards[0] + 1e-9) },
      { what: 'hash', hash: step.hash.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) },
    ]
    for (const { what, ...change } of changes) {
      const altered = events.map((event) => (event === step ? { ...event, ...change } : event))
      const [episode] = verifyRecord(altered.map(writeLine).join(''), envs.concat(toy)).episodes
      expect(episode.difference).toMatchObject({ t: step.t, what, line: events.indexOf(step) + 1 })
    }
  })
})
