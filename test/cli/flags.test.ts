import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseFlags } from '#cli/flags'
import { parseConfig } from '#cli/values'
import { UserError } from '#core/base/errors'

const schema = z.object({
  _: z.array(z.string()).default([]),
  keepEpisodes: z.coerce.number().int().min(0).default(8),
  agent: z.array(z.string()).default([]),
  json: z.boolean().default(false),
})
const one = z.object({ _: z.array(z.string()).max(1).default([]) })
const parsed = (...words: string[]) => parseFlags(schema, words, 'kickpush toy')

describe('flags', () => {
  it('come as words, with =, repeated and between positional words', () => {
    expect(parsed('a', '--keep-episodes', '3', '--agent=x', 'b', '--agent', 'y', '--json')).toEqual({
      _: ['a', 'b'],
      keepEpisodes: 3,
      agent: ['x', 'y'],
      json: true,
    })
  })

  it('name the flag, the value and what is allowed when they are wrong', () => {
    expect(() => parsed('--keep-episode', '3')).toThrow(
      /unknown flag --keep-episode; did you mean --keep-episodes\?/,
    )
    expect(() => parsed('--keep-episodes', '-3')).toThrow(/--keep-episodes must be at least 0 \(got "-3"\)/)
    expect(() => parsed('--keep-episodes')).toThrow('--keep-episodes needs a value')
    expect(() => parsed('--keep-episodes', ' ')).toThrow('--keep-episodes needs a value')
    expect(() => parsed('--agent', '--json')).toThrow('--agent needs a value')
    expect(() => parseFlags(one, ['a', 'b'], 'kickpush toy')).toThrow(/unexpected word 'b'$/)
    expect(() => parsed('--keep-episodes', '1', '--keep-episodes', '2')).toThrow('given twice')
    expect(() => parsed('--json=maybe')).toThrow('--json takes true or false')
  })

  it('say how one that may be repeated takes several values, as a shell writes them', () => {
    const files = z.object({ levels: z.array(z.string()).default([]), json: z.boolean().default(false) })
    const given = (...words: string[]) => parseFlags(files, words, 'kickpush toy')
    expect(given('--levels', 'a', '--levels', 'b').levels).toEqual(['a', 'b'])
    expect(() => given('--levels', 'a', 'b', 'c')).toThrow(/unexpected word 'b'; write --levels before each$/)
    expect(() => given('--levels', 'a', '--json', 'b')).toThrow(/unexpected word 'b'$/)
  })

  it('never fail with anything but a UserError', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('--json', '--agent', '--keep-episodes', '7'))),
        (words) => {
          try {
            parsed(...words)
          } catch (error) {
            expect(error).toBeInstanceOf(UserError)
          }
        },
      ),
    )
  })
})

describe('configs', () => {
  it('are JSON or pairs', () => {
    expect(parseConfig('preset=small-v0,maxSteps=50,fast=true')).toEqual({
      preset: 'small-v0',
      maxSteps: 50,
      fast: true,
    })
    expect(parseConfig('{"a":{"b":[1]}}')).toEqual({ a: { b: [1] } })
    expect(parseConfig('')).toEqual({})
    expect(() => parseConfig('{"a":')).toThrow(UserError)
    expect(() => parseConfig('preset')).toThrow(/key=value.*'preset'/)
  })
})
