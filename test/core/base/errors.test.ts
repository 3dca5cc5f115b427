import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, legible, shown, UserError, UserErrors, visible } from '#core/base/errors'
import { own } from '#core/base/own'

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.constantFrom('\n', '\u001b[2J', '\u202e', '\u2028', 'a', '💥', '\ud800', '\0'), {
      maxLength: 300,
    })
    .map((all) => all.join('')),
)

describe('a message', () => {
  it('is one visible line of less than 200 characters, whatever it echoes', () => {
    fc.assert(
      fc.property(text, (given) => {
        const { message } = new UserError(`no '${given}' here`)
        expect(message).not.toMatch(UNSEEN)
        expect(message.length).toBeLessThan(200)
        // Told again as part of another, it does not change its letters.
        expect(legible(message, 199)).toBe(message)
      }),
    )
  })

  it('keeps its beginning and its end where it is too long', () => {
    const { message } = new UserError(`unknown word '${'x'.repeat(1000)}' (allowed: a, b)`)
    expect(message).toMatch(/^unknown word 'xxx.*\.\.\..*xxx' \(allowed: a, b\)$/)
  })

  it('shows what cannot be seen as its code', () => {
    expect(legible('a\nb\t\u001b[31m\u202e\u2028', 99)).toBe('a\\nb\\t\\u001b[31m\\u202e\\u2028')
  })
})

describe('several mistakes', () => {
  it('are one line: all of them, or the first and the names of the others', () => {
    expect(new UserErrors(['a: no x (allowed: y)', 'b: no z (allowed: y)']).message).toBe('a: no x; b: no z')
    const many = Array.from({ length: 30 }, (_, i) => `stages.${i}.kind: no 'x'`)
    const { message, lines } = new UserErrors([`data: ${'long '.repeat(60)}`, ...many])
    expect(lines).toHaveLength(31)
    expect(message.length).toBeLessThan(200)
    expect(message).toMatch(/^data: long .*\.\.\..*; also stages\.0\.kind, stages\.1\.kind, .*, \.\.\.$/)
  })
})

describe('a value', () => {
  it('is shown short, of whatever kind it is', () => {
    const circle: unknown[] = []
    circle.push(circle)
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    const values = [circle, deep, undefined, 10n, Symbol('s'), Object.create(null), { toString: 1 }, () => 1]
    for (const value of values) expect(shown(value)).toMatch(/^.{1,60}$/)
    expect(shown({ a: 'x'.repeat(100) })).toMatch(/^\{"a":"x+\.\.\.x+"\}$/)
  })
})

describe('text for a terminal', () => {
  it('keeps lines, moves no cursor, and is the same JSON', () => {
    expect(visible('a\n\tb\u001b[2J')).toBe('a\n\tb\\u001b[2J')
    fc.assert(
      fc.property(text, (given) => {
        expect(JSON.parse(visible(JSON.stringify({ given })))).toEqual({ given })
      }),
    )
  })
})

describe('did you mean', () => {
  it('guesses what is near, and lists what there is room for', () => {
    expect(didYouMean('trian', ['train', 'eval'])).toBe("; did you mean 'train'? (allowed: train, eval)")
    expect(didYouMean('tr', ['train', 'eval'])).toMatch(/did you mean 'train'/)
    expect(didYouMean('zzzzzz', ['train'])).toBe(' (allowed: train)')
    expect(didYouMean('x', [])).toBe('')
    const many = Array.from({ length: 1000 }, (_, i) => `name-${i}`)
    expect(didYouMean('nme-7', many)).toMatch(
      /^; did you mean 'name-7'\? \(allowed: name-0, .{50,90}, \.\.\.\)$/,
    )
  })
})

it('a record holds its own names only', () => {
  const record = { a: 1, ['__proto__']: 2 }
  expect(own(record, 'a')).toBe(1)
  expect(own(record, '__proto__')).toBe(2)
  for (const name of Object.getOwnPropertyNames(Object.prototype)) expect(own({ a: 1 }, name)).toBeUndefined()
  expect(own(undefined, 'a')).toBeUndefined()
})
