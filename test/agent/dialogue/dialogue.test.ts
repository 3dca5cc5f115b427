import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAnswer, writeAnswer } from '#agent/dialogue/answer'
import { dialogue, systemPrompt } from '#agent/dialogue/dialogue'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { observe } from '#core/env/observe'
import { Conversation, type PastTurn, type Request } from '#core/play/policy'
import { envs } from '#envs'

const NAMES = ['Up', 'Down', 'Left', 'Right']
const answer = (text: string, limit = 5) => parseAnswer(text, NAMES, limit)

describe('an answer', () => {
  test.each([
    ['<think>the box is right</think><answer>Right, Up</answer>', [3, 0]],
    [' <think></think>\n <answer> right || UP | down </answer> ', [3, 0, 1]],
    ['<think>a < b</think><answer>Left Left\nUp</answer>', [2, 2, 0]],
  ])('%s is read', (text, actions) => {
    expect(answer(text)).toMatchObject({ valid: true, actions })
  })

  test.each([
    ['Right', '<think> is missing'],
    ['<think>x</think>', '<answer> is missing'],
    ['<think>x</think><think>y</think><answer>Up</answer>', '<think> appears more than once'],
    ['<answer>Up</answer><think>x</think>', 'not in the order'],
    ['Sure! <think>x</think><answer>Up</answer>', "text outside the tags: 'Sure!'"],
    ['<think>x</think><answer></answer>', 'names no action'],
    ['<think>x</think><answer>Upp</answer>', "unknown action 'Upp'; did you mean 'Up'?"],
  ])('%s is refused, saying why', (text, reason) => {
    const read = answer(text)
    expect(read.valid).toBe(false)
    expect(read).toMatchObject({ reason: expect.stringContaining(reason) })
    expect(read).toMatchObject({ reason: expect.stringContaining('regenerate it, following the format') })
  })

  test('beyond the limit is not played, and is known', () => {
    expect(answer('<think></think><answer>Up, Up, Down</answer>', 2)).toMatchObject({
      actions: [0, 0],
      answered: [0, 0, 1],
    })
  })

  test('as an expert writes it is read back', () => {
    const actions = fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(actions, fc.stringMatching(/^[a-z ]*$/), (list, thought) => {
        const text = writeAnswer(
          thought,
          list.map((action) => NAMES[action]),
        )
        expect(answer(text, 9)).toMatchObject({ valid: true, actions: list, thought: thought.trim() })
      }),
    )
  })
})

describe('a dialogue', () => {
  const env = envs[0]
  const config = resolveConfig(env, {})
  const names = env.actions(config)

  function request(turns: number, given: Partial<Conversation>): Request {
    const conversation = Conversation.parse(given)
    const state = env.reset(config, 'dialogue')
    const history = Array.from(
      { length: turns },
      (_, i): PastTurn => ({
        observation: { text: `observation ${i}` },
        response: `response ${i}`,
        actions: [names[0]],
        feedback: `feedback ${i}`,
      }),
    )
    return {
      episode: 'e',
      env,
      state,
      seat: 0,
      turn: turns,
      conversation,
      limit: conversation.actionsPerTurn,
      observation: observe(env, state, 0, conversation.modality),
      history,
      random: seeded('d'),
    }
  }

  const written = (given: Request): string =>
    dialogue(given)
      .flatMap(({ role, content }) =>
        content.map((part) => `${role}: ${part.type === 'text' ? part.text : '<frame>'}`),
      )
      .join('\n')

  test('begins with the rules, the actions and the format', () => {
    const prompt = systemPrompt(env, config, Conversation.parse({ actionsPerTurn: 3 }))
    expect(prompt).toContain(env.prompt(config).rules)
    expect(prompt).toContain(names.join(', '))
    expect(prompt).toContain('1 to 3 actions')
    expect(prompt).toContain('<think>your reasoning</think><answer>')
    expect(systemPrompt(env, config, Conversation.parse({ mode: 'global' }))).toContain('whole sequence')
  })

  test('holds the last AM turns and the newest OM observations, each feedback after its turn', () => {
    const text = written(request(4, { memoryActions: 2, memoryObservations: 2 }))
    expect(text).not.toContain('response 1')
    expect(text).toContain('assistant: response 2')
    expect(text).toContain('assistant: response 3')
    expect(text).not.toContain('observation 2')
    expect(text).toContain('user: observation 3')
    expect(text.indexOf('feedback 3')).toBeGreaterThan(text.indexOf('response 3'))
    expect(text.endsWith(env.text(env.reset(config, 'dialogue'), 0))).toBe(true)
  })

  test('lists the legal actions of the turn where that is wished, at the very end', () => {
    const asked = request(1, { listLegal: true })
    const legal = env.legal!(asked.state, 0)
    const list = names.filter((_, action) => legal[action])
    expect(legal).toContain(false)
    expect(written(asked).endsWith(`\nuser: Legal now: ${list.join(', ')}.`)).toBe(true)
    expect(written(request(1, {}))).not.toContain('Legal now')
  })

  test('roles alternate, and the frame stands where the text would', () => {
    const messages = dialogue(request(3, { modality: 'frame' }))
    expect(messages.map(({ role }) => role)).toEqual([
      'system',
      ...Array.from({ length: 3 }, () => ['user', 'assistant']).flat(),
      'user',
    ])
    expect(messages.at(-1)?.content.at(-1)?.type).toBe('frame')
    expect(systemPrompt(env, config, Conversation.parse({ modality: 'frame' }))).toContain(
      env.prompt(config).frame,
    )
  })
})
