/** What reads texts from outside takes twice the work for twice the text, whatever the text is. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyse } from 'scslre'
import { parseAst } from 'vite'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { registryWords } from '#agent/model/vocabulary'
import { UserError } from '#core/base/errors'
import { envs } from '#envs'
import { many, READERS } from './readers.ts'
import { Work } from './work.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ROOMS = ['src', 'envs', 'agent', 'server', 'client', 'bench']

describe('regular expressions', () => {
  const kinds = { reportTypes: { Move: true, Self: true, Trade: true } } as const
  /** How a text could make it look at letters again and again; undefined where none can. */
  const slow = (source: string, flags: string): string | undefined =>
    analyse({ source, flags }, kinds).reports[0]?.type

  it('none can be made to look at the same letters again and again', () => {
    let seen = 0
    const found: string[] = []
    for (const room of ROOMS) {
      for (const path of readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })) {
        if (!path.endsWith('.ts') || path.includes('assembly')) continue
        const text = readFileSync(join(ROOT, room, path), 'utf8')
        const visit = (node: unknown): void => {
          if (typeof node !== 'object' || node === null) return
          const { regex } = node as { regex?: { pattern: string; flags: string } }
          if (regex) {
            seen++
            const how = slow(regex.pattern, regex.flags)
            if (how) found.push(`${room}/${path}: /${regex.pattern}/ (${how})`)
          }
          for (const child of Object.values(node)) visit(child)
        }
        visit(parseAst(text, { lang: 'ts' }).body)
      }
    }
    expect(found).toEqual([])
    expect(seen).toBeGreaterThan(80)
  })

  it('nor those that are put together when the code runs', async () => {
    const made: RegExp[] = []
    class Recorded extends RegExp {
      constructor(pattern: string | RegExp, flags?: string) {
        super(pattern, flags)
        made.push(new original(this.source, this.flags))
      }
    }
    const original = RegExp
    vi.resetModules()
    vi.stubGlobal('RegExp', Recorded)
    await import('#agent/dialogue/lenient')
    const { Vocabulary: Fresh } = await import('#agent/model/vocabulary')
    new Fresh(registryWords(envs))
    vi.unstubAllGlobals()
    expect(made.length).toBeGreaterThan(4)
    expect(made.flatMap(({ source, flags }) => (slow(source, flags) ? [source] : []))).toEqual([])
    const places = ROOMS.flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter(
          (path) => path.endsWith('.ts') && /\bRegExp\(/.test(readFileSync(join(ROOT, room, path), 'utf8')),
        )
        .map((path) => `${room}/${path}`),
    )
    // The others look for words of our own, or for words as they are written.
    expect(places.sort()).toEqual([
      'agent/dialogue/lenient.ts',
      'agent/model/vocabulary.ts',
      'server/query.ts',
      'src/cli/members.ts',
    ])
  })

  it('the check knows slow ones', () => {
    expect(slow('\\s+$', '')).toBe('Move')
    expect(slow('^(a+)+$', '')).toBe('Self')
    expect(slow('^;\\s*(.*)$', '')).toBe('Trade')
    expect(slow('^\\d+$', '')).toBeUndefined()
  })
})

describe('twice the text is twice the work:', () => {
  const work = new Work()
  afterAll(() => work.close())
  /** What is refused is read as well. */
  const measure = (read: (n: number) => unknown, n: number): number =>
    work.of(() => {
      try {
        read(n)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
      }
    })

  it.each(READERS)('%s', (_, n, read) => {
    measure(read, 10)
    const once = measure(read, n)
    const twice = measure(read, 2 * n)
    // A text that is refused for its size costs no more; nothing costs four times as much.
    expect(twice / once).toBeLessThan(2.5)
  })

  it('a report of marks that never close', async () => {
    // Its types are a browser's, which tests do not have.
    const file = new URL('../client/ui/markdown.ts', import.meta.url).href
    const { markdown } = (await import(file)) as { markdown(text: string, base: string): unknown }
    const text = { append: () => {}, setAttribute: () => {} }
    vi.stubGlobal('document', { createElement: () => text })
    vi.stubGlobal('Node', class {})
    for (const mark of ['[', '![', '**a', '`', '](', '[a](b ', '[a](']) {
      const read = (n: number) => markdown(mark.repeat(n), '')
      measure(read, 10)
      expect(measure(read, 4000) / measure(read, 2000), mark).toBeLessThan(2.5)
    }
    vi.unstubAllGlobals()
  })

  it('the counter sees loops, searches and expressions that are not linear', () => {
    const nested = (n: number) => {
      let sum = 0
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += j
      return sum
    }
    const searched = (n: number) => {
      const text = 'a'.repeat(n)
      for (let i = 0; i < n; i++) text.indexOf('b', i)
    }
    const copied = (n: number) => {
      let all: number[] = []
      for (let i = 0; i < n; i++) all = all.concat([i])
    }
    for (const read of [nested, searched, copied]) {
      expect(measure(read, 1000) / measure(read, 500)).toBeGreaterThan(3.5)
    }
    const linear = (n: number) =>
      many(n, String)
        .split('\n')
        .filter((line) => /^1/.test(line))
    const ratio = measure(linear, 4000) / measure(linear, 2000)
    expect(ratio).toBeGreaterThan(1.7)
    expect(ratio).toBeLessThan(2.3)
  })
})
