import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReply } from '#agent/dialogue/read'
import { opensThought, type Reply, withoutEndTokens } from '#agent/dialogue/reply'

const NAMES = ['Up', 'Down', 'Left', 'Right']
const LONG_NAMES = ['idle', 'top_left', 'short_pass']
const read = (reply: Reply | string, names = NAMES) =>
  readReply(typeof reply === 'string' ? { text: reply } : reply, names, 9)

/** What kept the format, and what it thought. */
const strict = (actions: number[], thought: string) => ({ valid: true, format: 'strict', actions, thought })

describe('strict', () => {
  test.each<[string, Reply, number[], string]>([
    ['as asked', { text: '<think>a</think><answer>Up, Left</answer>' }, [0, 2], 'a'],
    [
      'the thought apart',
      { text: '<answer>Up</answer>', reasoning: 'a <answer> tag\n' },
      [0],
      'a <answer> tag',
    ],
    ['thoughts apart, and in it', { text: '<think>a</think><answer>Up</answer>', reasoning: 'b' }, [0], 'a'],
    ['begun by the prompt', { text: 'a</think>\n<answer>Up</answer>', opened: true }, [0], 'a'],
    ['begun by both', { text: '\n<think>a</think><answer>Up</answer>', opened: true }, [0], 'a'],
    [
      'cut off where it was over',
      { text: '<think>a</think><answer>Up</answer>', stopped: 'cut off' },
      [0],
      'a',
    ],
  ])('%s', (_, reply, actions, thought) => {
    expect(read(reply)).toEqual(strict(actions, thought))
  })

  test.each(
    '<|im_end|> </s> <eos> <end_of_turn> <|eot_id|> <|endoftext|> <｜end▁of▁sentence｜> <pad><pad> [EOS] <turn|> <|return|> <extra_id_1>'.split(
      ' ',
    ),
  )('with the end token %s', (token) => {
    expect(read(`<think>a</think><answer>Up</answer>${token}\n${token} `)).toEqual(strict([0], 'a'))
  })
})

describe('lenient', () => {
  const thought = '<think>a</think>'
  test.each<[string, string, number[]]>([
    ['begins inside the thought', 'a</think><answer>Up, Left</answer>', [0, 2]],
    [
      'thinks before it thinks',
      '<think>an <answer>Up</answer></think>\n<think>a</think><answer>Left</answer>',
      [2],
    ],
    ['thinks in its own tags', '<thinking>a</thinking>\n\n<answer>Left</answer>', [2]],
    ['thinks in brackets', '[THINK]a[/THINK]<answer>Left</answer>', [2]],
    [
      'thinks in channels',
      '<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Left',
      [2],
    ],
    ['forgets to end its thought', '<think>a <answer>Left</answer>', [2]],
    ['does not think', '<answer>Left</answer>', [2]],
    ['forgets to end its answer', `${thought}<answer>Left, Up`, [2, 0]],
    ['is polite', `Sure! ${thought} Here: <answer>Left</answer> Good luck!`, [2]],
    ['corrects itself', `${thought}<answer>Up</answer> No: <answer>Left</answer>`, [2]],
    ['shouts', '<THINK>a</THINK><ANSWER>LEFT</ANSWER>', [2]],
    ['fences', `${thought}\n<answer>\n\`\`\`text\nDown\n\`\`\`\n</answer>`, [1]],
    ['is bold', `${thought}<answer>**Down**, __Up__</answer>`, [1, 0]],
    ['ends in a full stop', `${thought}<answer>Down.</answer>`, [1]],
    ['quotes', `${thought}<answer>"Down", 'Up', “Left”</answer>`, [1, 0, 2]],
    ['brackets', `${thought}<answer>[Down, Up]</answer>`, [1, 0]],
    ['brackets each', `${thought}<answer>(Down) {Up}</answer>`, [1, 0]],
    ['lists by number', `${thought}<answer>\n1. Down\n2) Up\n</answer>`, [1, 0]],
    ['lists by dashes', `${thought}<answer>\n- Down\n* Up\n• Left</answer>`, [1, 0, 2]],
    ['lists by steps', `${thought}<answer>Step 1: Down\nStep 2: Up</answer>`, [1, 0]],
    ['draws arrows', `${thought}<answer>Down -> Up → Left</answer>`, [1, 0, 2]],
    ['joins', `${thought}<answer>Down, then Up and Left</answer>`, [1, 0, 2]],
    ['writes JSON', `${thought}<answer>["Down", "Left"]</answer>`, [1, 2]],
    ['writes an object', `${thought}<answer>{"actions": ["Down", 2]}</answer>`, [1, 2]],
    ['writes all in JSON', '{"thought": "a", "answer": "Down, Left"}', [1, 2]],
    ['fences all its JSON', '```json\n{"reasoning": "a", "action": "Down"}\n```', [1]],
    ['answers without tags', `${thought}\nDown, Left`, [1, 2]],
    ['labels its answer', 'The box is near.\n**Answer:** Down', [1]],
    ['boxes its answer', 'So it is $\\boxed{\\text{Down}}$', [1]],
    ['fences its answer', 'I go down.\n```\nDown\n```\n', [1]],
    [
      'writes a tool call',
      '<tool_call>\n{"name": "play", "arguments": {"actions": ["Down"]}}\n</tool_call>',
      [1],
    ],
  ])('%s', (_, text, actions) => {
    expect(read(text)).toMatchObject({ valid: true, format: 'lenient', actions })
  })

  test('the thought is kept, wherever it stood', () => {
    expect(read('a</think><answer>Up</answer>').thought).toBe('a')
    expect(read('<think>x</think><think>a</think><answer>Up</answer>').thought).toBe('a')
    expect(read('<thinking>a</thinking>Up').thought).toBe('a')
    expect(read('<think>a <answer>Left</answer>').thought).toBe('a')
    expect(read('{"thought": "a", "answer": "Down"}').thought).toBe('a')
    expect(read({ text: 'Up', reasoning: 'a' }).thought).toBe('a')
  })

  test.each([
    ['Top-Left, short pass', [1, 2]],
    ['`short_pass` → TOP LEFT', [2, 1]],
    ['1. Short Pass\n2. top_left', [2, 1]],
  ])('names of several words: %s', (text, actions) => {
    expect(read(`<answer>${text}</answer>`, LONG_NAMES)).toMatchObject({ format: 'lenient', actions })
  })

  test.each<[string, Reply['calls'], number[]]>([
    ['arguments as text', [{ name: 'play', arguments: '{"actions": ["Up", "Left"]}' }], [0, 2]],
    ['arguments read', [{ name: 'play', arguments: { move: 'up, left' } }], [0, 2]],
    [
      'one call an action',
      [
        { name: 'up', arguments: '{}' },
        { name: 'left', arguments: '' },
      ],
      [0, 2],
    ],
    ['any one key', [{ name: 'play', arguments: '{"thought": "a", "direction": "Left"}' }], [2]],
  ])('a tool called, %s', (_, calls, actions) => {
    expect(read({ text: '', calls })).toMatchObject({
      valid: true,
      format: 'lenient',
      end: 'tool call',
      actions,
    })
  })
})

describe('what cannot be played says how it ended', () => {
  test.each<[string, Reply]>([
    ['cut off', { text: '<think>first I go to the left, then', stopped: 'cut off' }],
    ['cut off', { text: '<think>a</think><answer>Up, Le', stopped: 'cut off' }],
    ['cut off', { text: 'a</think>Up', stopped: 'cut off' }],
    ['cut off', { text: '', reasoning: 'hm', stopped: 'cut off' }],
    ['refused', { text: '', stopped: 'refused' }],
    ['refused', { text: '<answer>Up</answer>', stopped: 'refused' }],
    ['filtered', { text: '<think>a</think><answer>Up</answer>', stopped: 'filtered' }],
    ['tool call', { text: '', calls: [{ name: 'search', arguments: '{"query": "sokoban"}' }] }],
    ['tool call', { text: '', calls: [{ name: 'play', arguments: '{"actions": [' }] }],
    ['malformed', { text: '' }],
    ['malformed', { text: '<think>nothing to do</think><answer></answer>' }],
    ['malformed', { text: '<think>fly</think><answer>Fly</answer>' }],
    ['malformed', { text: 'I would not go Up, but Left is fine.' }],
    ['malformed', { text: '<answer>Up, but only if it is free</answer>' }],
    ['malformed', { text: '<think>I never stop: Up' }],
    ['malformed', { text: `<answer>${'['.repeat(10_000)}` }],
    ['malformed', { text: '{"actions": 7}' }],
    ['malformed', { text: 'null' }],
  ])('%s: %j', (end, reply) => {
    expect(read(reply)).toMatchObject({ valid: false, end, reason: expect.stringContaining('format') })
  })
})

test('what was answered is found however it is dressed, and nothing else is', () => {
  const dresses: ((names: string[]) => string)[] = [
    (names) => names.join(', '),
    (names) => names.map((name) => `**${name}**`).join(' '),
    (names) => names.map((name, i) => `${i + 1}. ${name}.`).join('\n'),
    (names) => names.map((name) => `- "${name}"`).join('\n'),
    (names) => JSON.stringify(names),
    (names) => JSON.stringify({ actions: names }),
    (names) => `\`\`\`\n${names.join('\n')}\n\`\`\``,
    (names) => `[${names.join(' | ')}]`,
  ]
  const frames: ((list: string) => string)[] = [
    (list) => `<answer>${list}</answer>`,
    (list) => `go <think> on</think><answer>${list}</answer>`,
    (list) => `<think>x</think>${list}`,
    (list) => `Well. <think>x</think><think>y</think><answer>${list}</answer> So be it.`,
  ]
  const answered = fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      answered,
      fc.constantFrom(...dresses),
      fc.constantFrom(...frames),
      (actions, dress, frame) => {
        expect(read(frame(dress(actions.map((action) => NAMES[action]))))).toMatchObject({
          valid: true,
          actions,
        })
      },
    ),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, opened) => {
      const reading = read({ text, opened })
      if (reading.valid) for (const action of reading.actions) expect(NAMES[action]).toBeDefined()
      expect(withoutEndTokens(withoutEndTokens(text))).toBe(withoutEndTokens(text))
    }),
  )
})

test('a prompt begins the thought, or does not', () => {
  expect(opensThought('<|im_start|>assistant\n<think>\n')).toBe(true)
  expect(opensThought('write <think>your reasoning</think>')).toBe(false)
})

test('long replies are read in linear work', () => {
  const n = 200_000
  for (const text of [
    `${' '.repeat(n)}x`,
    `<answer>${'.'.repeat(n)}x</answer>`,
    `<answer>${'_'.repeat(n)}x</answer>`,
    `<answer>${' '.repeat(n)}-</answer>`,
    `<answer>${'Up, '.repeat(n)}</answer>`,
    '<think>'.repeat(n / 7),
    '<'.repeat(n),
    '\n'.repeat(n),
    `<answer>${'<pad>'.repeat(n / 5)}`,
    '<tool_call>'.repeat(n / 11),
    '\nanswer'.repeat(n / 7),
    '```'.repeat(n / 3),
    `[${'"Up",'.repeat(n / 5)}`,
  ]) {
    read(text) // a quadratic reading of any of these takes minutes
  }
})
