import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeOf, SPECIALS, Vocabulary } from '../../agent/model/vocabulary.ts'
import { WORDS } from './fixtures.ts'

const vocabulary = new Vocabulary(WORDS)
const token = (word: string) => vocabulary.token(word)

describe('Vocabulary', () => {
  it('writes a response as a large model would', () => {
    const words = [
      '<think>',
      'push',
      'the',
      'box',
      '</think>',
      '<answer>',
      'Left',
      'Up',
      '</answer>',
      '<end>',
    ]
    const text = '<think>push the box</think><answer>Left, Up</answer>'
    expect(vocabulary.write(words.map(token))).toBe(text)
    expect([...vocabulary.encodeResponse(text)]).toEqual(words.map(token))
  })

  it('reads back whatever it writes, well formed or not', () => {
    const tokens = fc.array(fc.nat(WORDS.length - 1).filter((i) => i !== vocabulary.special('<end>')))
    fc.assert(
      fc.property(tokens, (body) => {
        const response = [...body, vocabulary.special('<end>')]
        expect([...vocabulary.encodeResponse(vocabulary.write(response))]).toEqual(response)
      }),
    )
  })

  it('reads any text, and its own writing of that text the same way', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const tokens = vocabulary.encode(text)
        expect(vocabulary.encode(vocabulary.write([...tokens, 3]))).toEqual(tokens)
      }),
    )
  })

  it('takes the longest word, and one <unk> for a stretch that nobody knows', () => {
    expect(vocabulary.encode('##@.')).toEqual(['#', '#', '@', '.'].map(token))
    expect(vocabulary.encode('Left?!Up zebra')).toEqual(['Left', '<unk>', 'Up', '<unk>'].map(token))
  })

  it('refuses words it could not read back', () => {
    expect(() => new Vocabulary([...SPECIALS, 'two words'])).toThrow('holds a space or comma')
    expect(() => new Vocabulary([...SPECIALS, 'a', 'a'])).toThrow("'a' is listed twice")
    expect(() => new Vocabulary(['a'])).toThrow('word 0 must be <pad>')
  })

  it('knows the words that name rows and columns', () => {
    expect(placeOf('r1')).toEqual({ axis: 'rows', index: 0 })
    expect(placeOf('c13')).toEqual({ axis: 'columns', index: 12 })
    for (const word of ['r', 'c0', 'rows', 'r1c1', '3']) expect(placeOf(word)).toBeUndefined()
  })
})
