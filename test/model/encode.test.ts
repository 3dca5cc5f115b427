import { describe, expect, it } from 'vitest'
import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import { Conversation, type PastTurn } from '#core/play/policy'
import { jitterFrame, jitterOf } from '../../agent/model/augment.ts'
import { encode, PATCH_BYTES, type Prompted } from '../../agent/model/encode.ts'
import type { Slots } from '../../agent/model/types.ts'
import { Vocabulary } from '../../agent/model/vocabulary.ts'
import { WORDS, XS } from './fixtures.ts'

const vocabulary = new Vocabulary(WORDS)
const TEXT = '##\n@.'
/** A frame of 2 x 2 patches; patch i is filled with 10 i. */
const FRAME = {
  width: 32,
  height: 32,
  data: Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return 10 * (2 * Math.floor(pixel / 512) + Math.floor((pixel % 32) / 16))
  }),
}

function request(conversation: Partial<Conversation>, history: readonly PastTurn[] = []): Prompted {
  const env = { id: 'toy' } as Prompted['env']
  const observation = { text: TEXT, frame: FRAME }
  return { env, conversation: Conversation.parse(conversation), observation, history }
}

function turn(actions: readonly string[], text: string): PastTurn {
  return { observation: { text }, response: '', actions, feedback: '' }
}

/** Slots as 'layer/row/column word', patches as their first byte. */
function shown(slots: Slots): string[] {
  return Array.from(slots.words, (word, i) => {
    const content = word < 0 ? slots.patches[PATCH_BYTES * (-1 - word)] : vocabulary.words[word]
    return `${slots.layers[i]}/${slots.rows[i]}/${slots.columns[i]} ${content}`
  })
}

describe('encode', () => {
  it('puts a text and a frame of the same state at the same places', () => {
    const text = encode(vocabulary, XS, request({ modality: 'text' }))
    const frame = encode(vocabulary, XS, request({ modality: 'frame' }))
    expect(shown(text)).toEqual([
      ...['0/0/0 <toy>', '0/0/1 <online>'],
      ...['1/0/0 #', '1/0/1 #', '1/1/0 @', '1/1/1 .'],
    ])
    expect(shown(frame)).toEqual([
      ...['0/0/0 <toy>', '0/0/1 <online>'],
      ...['1/0/0 0', '1/0/1 10', '1/1/0 20', '1/1/1 30'],
    ])
    expect([frame.layers, frame.rows, frame.columns]).toEqual([text.layers, text.rows, text.columns])
  })

  it('keeps each different patch once', () => {
    const data = FRAME.data.map((byte) => (byte === 30 ? 10 : byte))
    const twice = { ...request({ modality: 'frame' }), observation: { frame: { ...FRAME, data } } }
    const slots = encode(vocabulary, XS, twice)
    expect(slots.patches.length).toBe(3 * PATCH_BYTES)
    expect(shown(slots).slice(2)).toEqual(['1/0/0 0', '1/0/1 10', '1/1/0 20', '1/1/1 10'])
  })

  it('shows both, text first', () => {
    const both = shown(encode(vocabulary, XS, request({ modality: 'both' })))
    expect(both.slice(5)).toEqual(['1/1/1 .', '1/0/0 0', '1/0/1 10', '1/1/0 20', '1/1/1 30'])
  })

  it('remembers the newest turns first, as far as the conversation says', () => {
    const history = [turn(['Up'], '#'), turn([], '#'), turn(['Left', 'Up'], '..')]
    const slots = encode(vocabulary, XS, request({ memoryActions: 2, memoryObservations: 2 }, history))
    expect(shown(slots).slice(2, 6)).toEqual(['0/1/0 <ok>', '0/1/1 Left', '0/1/2 Up', '0/2/0 <bad>'])
    expect(shown(slots).slice(-2)).toEqual(['2/0/0 .', '2/0/1 .'])
  })

  it('says when a prompt does not fit', () => {
    const history = Array.from({ length: 40 }, () => turn(['Up'], '#'))
    expect(() => encode(vocabulary, XS, request({ memoryActions: 30 }, history))).toThrow(UserError)
    const small = { ...XS, context: 8 }
    expect(() => encode(vocabulary, small, request({ memoryActions: 5 }, history))).toThrow(
      'the prompt has 16 slots',
    )
    const odd = { ...request({ modality: 'frame' }), observation: { frame: { ...FRAME, width: 31 } } }
    expect(() => encode(vocabulary, XS, odd)).toThrow('31x32')
  })
})

describe('jitterFrame', () => {
  it('is the same for the same generator, and differs within its limits', () => {
    const jitter = { brightness: 9, tint: 3, noise: 2, shift: 0 }
    const once = jitterFrame(FRAME, seeded(1), jitter)
    expect(jitterFrame(FRAME, seeded(1), jitter).data).toEqual(once.data)
    expect(jitterFrame(FRAME, seeded(2), jitter).data).not.toEqual(once.data)
    for (const [i, byte] of once.data.entries())
      expect(Math.abs(byte - FRAME.data[i])).toBeLessThanOrEqual(14)
  })

  it('shifts by a pixel at most', () => {
    const shifts = new Set<number>()
    for (let seed = 0; seed < 40; seed++) {
      const { data } = jitterFrame(FRAME, seeded(seed), { brightness: 0, tint: 0, noise: 0, shift: 1 })
      shifts.add(Array.from({ length: 32 }, (_, x) => data[3 * x]).indexOf(10))
    }
    expect([...shifts].sort()).toEqual([15, 16, 17])
  })

  it('fades colours where it is told to, half of the time to grey', () => {
    const coloured = { ...FRAME, data: FRAME.data.map((byte, i) => (i % 3 === 0 ? 200 : byte)) }
    const apart = (seed: number) => {
      const none = { brightness: 0, tint: 0, noise: 0, shift: 0 }
      const { data } = jitterFrame(coloured, seeded(seed), { ...none, fade: 1 })
      return data[0] - data[1]
    }
    const differences = Array.from({ length: 60 }, (_, seed) => apart(seed))
    const grey = differences.filter((difference) => difference === 0).length
    expect(grey).toBeGreaterThan(18)
    expect(grey).toBeLessThan(42)
    expect(Math.max(...differences)).toBeLessThanOrEqual(200)
    expect(differences.some((difference) => difference > 100)).toBe(true)
    expect(jitterOf(false)).toBeUndefined()
    expect(jitterOf('wide')?.fade).toBeGreaterThan(0)
  })
})
