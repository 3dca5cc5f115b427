import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { seeded } from '#core/base/random'
import { Conversation, type Request } from '#core/play/policy'
import { chooseBackend } from '../../agent/hosts/node/backend.ts'
import { modelNamed } from '../../agent/hosts/node/models.ts'
import { AdamW } from '../../agent/kernels/ops.ts'
import { encodeModel } from '../../agent/model/checkpoint.ts'
import { encode } from '../../agent/model/encode.ts'
import { gradients } from '../../agent/model/gradients.ts'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import type { Trace } from '../../agent/model/types.ts'
import { loadMini, mini } from '../../agent/policies/mini.ts'
import { WORDS, XS } from './fixtures.ts'

const NAMES = ['Up', 'Down', 'Left', 'Right']

/** What a policy reads of a request to a game that is nothing but a line of text. */
function request(text: string, seed: string, limit = 2): Request {
  const env = { id: 'toy', actions: () => NAMES } as Partial<Request['env']> as Request['env']
  const state = { config: {} } as Request['state']
  const conversation = Conversation.parse({ actionsPerTurn: limit })
  const observation = { text }
  const rest = { episode: seed, seat: 0, turn: 0, history: [] }
  return { env, state, conversation, limit, observation, random: seeded(seed), ...rest }
}

describe('mini', () => {
  let model: MiniLMM
  /** Taught to answer '#' with Left, Up and '.' with Right. */
  beforeAll(async () => {
    await chooseBackend('wasm')
    model = MiniLMM.create(XS, WORDS, 'mini')
    const lessons = [
      ['#', '<think>the box</think><answer>Left, Up</answer>'],
      ['.', '<think>push</think><answer>Right</answer>'],
    ]
    const batch = lessons.map(([text, response]) => ({
      prompt: encode(model.words, XS, request(text, 'lesson')),
      response: model.words.encodeResponse(response),
    }))
    const optimizer = new AdamW(model.weights)
    for (let update = 0; update < 20; update++) {
      const step = gradients(model.weights, () => tf.neg(tf.mean(model.score(batch).logprobs)) as tf.Scalar)
      await optimizer.update(step.gradients, 2e-2)
      tf.dispose([step.loss, step.gradients])
    }
    optimizer.dispose()
  })
  afterAll(() => model.dispose())

  it('cannot begin an answer with what is not legal, and says the probabilities of what it could', async () => {
    const masked = (seed: string, legal: readonly boolean[], wish = true): Request => {
      const one = request('#', seed)
      const env = { ...one.env, legal: () => [...legal] }
      return { ...one, env, conversation: { ...one.conversation, ...(wish && { mask: true }) } }
    }
    // It would say Left, which is not legal; the second action may be anything.
    const greedy = mini(model, { id: 'mini:test' })
    const [free, held] = await greedy.act([
      masked('a', [true, true, false, true], false),
      masked('a', [true, true, false, true]),
    ])
    expect(free.actions).toEqual([2, 0])
    expect(held.actions[0]).not.toBe(2)
    expect(held.probabilities?.[0].Left).toBeUndefined()

    const sampled = mini(model, { id: 'mini:test', temperature: 1 })
    const requests = Array.from({ length: 200 }, (_, i) => masked(String(i), [true, true, false, true]))
    const answers = await sampled.act(requests)
    const begun = answers.filter(({ valid }) => valid)
    expect(begun.length).toBeGreaterThan(0)
    expect(begun.map(({ actions }) => actions[0])).not.toContain(2)
    const traces = answers.map(({ trace }) => trace as Trace)
    const scores = tf.tidy(() =>
      model
        .score(
          traces.map(({ prompt, generation, banned }) => ({ prompt, response: generation.tokens, banned })),
        )
        .logprobs.arraySync(),
    )
    const written = traces.flatMap(({ generation }) => [...generation.logprobs])
    for (const [i, logprob] of scores.entries()) expect(logprob).toBeCloseTo(written[i], 3)

    // Where nothing is legal, or everything, nothing is masked.
    for (const all of [true, false]) {
      const [same] = await greedy.act([masked('a', [all, all, all, all])])
      expect(same.actions).toEqual([2, 0])
    }
  })

  it('says what it has learnt, as thought, actions, value and probabilities', async () => {
    const [first, second] = await mini(model, { id: 'mini:test' }).act([request('#', 'a'), request('.', 'b')])
    expect(first).toMatchObject({ valid: true, actions: [2, 0], thought: 'the box' })
    expect(second).toMatchObject({ valid: true, actions: [3], thought: 'push' })
    expect(first.text).toBe('<think>the box</think><answer>Left, Up</answer>')
    expect(first.value).toBe((first.trace as Trace).generation.values[0])
    expect(first.probabilities?.length).toBe(2)
    expect(first.probabilities?.[0].Left).toBeGreaterThan(0.5)
    expect(first.probabilities?.[1].Up).toBeGreaterThan(0.5)
  })

  it('whose weights stay as they are writes an answer once, and says what it would have written again', async () => {
    const plain = mini(model, { id: 'mini:test' })
    const frozen = mini(model, { id: 'mini:test', frozen: true })
    const masked = request('#', 'c')
    const env = { ...masked.env, legal: () => [true, true, false, true] }
    const banning = { ...masked, env, conversation: { ...masked.conversation, mask: true } }
    const rounds = [
      [request('#', 'a'), request('.', 'b'), request('#', 'c')],
      [request('.', 'd'), banning, request('.#', 'e', 1), request('#', 'f', 1)],
      [banning, request('.#', 'g')],
    ]
    const expected: unknown[] = []
    for (const round of rounds) expected.push(await plain.act(round))
    const generate = vi.spyOn(model, 'generate')
    const answers: unknown[] = []
    for (const round of rounds) answers.push(await frozen.act(round))
    const written = generate.mock.calls.map(([prompts]) => prompts.length)
    generate.mockRestore()
    expect(answers).toEqual(expected)
    // What may not begin an answer parts equal prompts.
    expect(written.filter((count) => count > 0)).toEqual([2, 2])
    // Where answers are drawn, every one is.
    const drawn = mini(model, { id: 'mini:test', frozen: true, temperature: 1 })
    const seeds = Array.from({ length: 20 }, (_, i) => request('..', String(i)))
    expect(new Set((await drawn.act(seeds)).map(({ text }) => text)).size).toBeGreaterThan(1)
  })

  it('says probabilities of those episodes alone that are looked at, and answers alike', async () => {
    const requests = ['a', 'b', 'c'].map((seed) => request('#', seed))
    const all = await mini(model, { id: 'mini:test' }).act(requests)
    const some = await mini(model, { id: 'mini:test', probabilities: (episode) => episode === 'b' }).act(
      requests,
    )
    expect(some.map(({ probabilities }) => probabilities !== undefined)).toEqual([false, true, false])
    expect(some[1]).toEqual(all[1])
    expect(some.map(({ text, value }) => [text, value])).toEqual(all.map(({ text, value }) => [text, value]))
  })

  it('plays no more than the limit', async () => {
    const [response] = await mini(model, { id: 'mini:test' }).act([request('#', 'a', 1)])
    expect(response.actions).toEqual([2])
    expect(response.probabilities?.length).toBe(1)
  })

  it('reads requests that see the same as one prompt, and says which tokens it wrote', async () => {
    const requests = ['#', '#', '.'].map((text, i) => request(text, `c${i}`))
    const responses = await mini(model, { id: 'mini:test', temperature: 1 }).act(requests)
    const traces = responses.map(({ trace }) => trace as Trace)
    expect(traces[0].prompt).toBe(traces[1].prompt)
    expect(traces[0].prompt).not.toBe(traces[2].prompt)
    for (const [i, { generation }] of traces.entries()) {
      expect(model.words.write(generation.tokens)).toBe(responses[i].text)
    }
  })

  it('gives no actions and a reason when its response cannot be read', async () => {
    const fresh = MiniLMM.create(XS, WORDS, 'fresh')
    const [response] = await mini(fresh, { id: 'mini:fresh' }).act([request('#', 'd')])
    expect(response).toMatchObject({ valid: false, actions: [] })
    expect(response.reason).toBeTruthy()
    fresh.dispose()
  })
})

it('refuses a game whose words the model never learnt', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-'))
  const file = join(folder, 'toy.safetensors')
  const model = MiniLMM.create(XS, WORDS, 'toy')
  const { shape, vocabulary } = model
  writeFileSync(file, encodeModel({ shape, vocabulary, weights: await model.read() }, { envs: {}, seen: '' }))
  model.dispose()
  const env = { id: 'chess' } as Request['env']
  const means = { model: modelNamed, chooseBackend }
  await expect(loadMini(file, { env, backend: 'wasm' }, means)).rejects.toThrow('has no words for chess')
  const policy = await loadMini(file, { env: { ...env, id: 'toy' }, backend: 'wasm' }, means)
  expect(policy.id).toBe(`mini:${file}`)
  policy.dispose?.()
  rmSync(folder, { recursive: true })
})
