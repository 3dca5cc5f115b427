import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type GoldenKind, golden, hashOfTable, isLong, readTable, writeRow } from '#agent/golden/golden'
import { node } from '#agent/hosts/node/index'
import { MemoryStore } from '#stores/memory'
import { run } from '../cli/run.ts'
import { scratch } from './toy.ts'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const published = readTable(read('docs/determinism.md'))

async function table(...kinds: GoldenKind[]): Promise<Map<string, string>> {
  const lines: string[] = []
  const tell = (row: Parameters<typeof writeRow>[0]) => void lines.push(writeRow(row))
  await golden({
    host: node,
    recipe: read('recipes/quick.yaml'),
    store: new MemoryStore('golden'),
    workers: 0,
    kinds,
    tell,
  })
  return readTable(lines.join('\n'))
}

/** Rows that are not as published. */
const differing = (rows: ReadonlyMap<string, string>): string[] =>
  [...rows].filter(([of, hash]) => published.get(of) !== hash).map(([of]) => of)

test('this Node computes the published table, which has rows of every kind', async () => {
  const rows = await table('numbers', 'game', 'training')
  expect(differing(rows)).toEqual([])
  expect([...published.keys()].filter((of) => !rows.has(of) && !isLong(of))).toEqual([])
  for (const kind of ['numbers', 'game', 'training'])
    expect([...rows.keys()].some((of) => of.startsWith(`${kind}: `))).toBe(true)
  expect(hashOfTable([...rows].map(([of, hash]) => `${hash}  ${of}`))).toMatch(/^[0-9a-f]{16}$/)
})

describe('an engine is told from others', () => {
  afterEach(() => vi.restoreAllMocks())

  test('that loses the sign of a zero', async () => {
    const { round } = Math
    vi.spyOn(Math, 'round').mockImplementation((x) => round(x) + 0)
    expect(differing(await table('numbers'))).toEqual(['numbers: signed zeros: bits'])
  })

  test('that writes other bits for what is no number', async () => {
    const { setFloat64, setUint32 } = DataView.prototype
    vi.spyOn(DataView.prototype, 'setFloat64').mockImplementation(function (this: DataView, at, x, little) {
      setFloat64.call(this, at, x, little)
      if (Number.isNaN(x)) setUint32.call(this, at, 1, little)
    })
    expect(differing(await table('numbers'))).toEqual(['numbers: no numbers: bits'])
  })

  test('that sorts equals in another order', async () => {
    const { sort } = Array.prototype
    vi.spyOn(Array.prototype, 'sort').mockImplementation(function (
      this: unknown[],
      compare?: (a: unknown, b: unknown) => number,
    ) {
      return compare ? sort.call(this.reverse(), compare) : sort.call(this)
    } as never)
    expect(differing(await table('numbers'))).toEqual(['numbers: order of equals: bits'])
  })
})

test('the command says which row differs, and what is published, with exit code 1', async () => {
  const good = await run('golden', '--only', 'numbers')
  expect(good).toMatchObject({ code: 0, err: [] })
  expect(good.out.some((line) => line.endsWith('numbers: digits: bits'))).toBe(true)
  using place = scratch()
  const other = join(place.folder, 'table.txt')
  const [hash] = good.out.find((line) => line.endsWith('chance: bits'))!.split(' ')
  writeFileSync(other, `0123456789abcdef  numbers: digits: bits\n${hash}  numbers: chance: bits\n`)
  const { code, out } = await run('golden', '--only', 'numbers', '--json', '--table', other)
  expect(code).toBe(1)
  const rows = out.map((line) => JSON.parse(line))
  expect(rows.find(({ name }) => name === 'digits')).toMatchObject({
    published: '0123456789abcdef',
    verdict: 'differs',
  })
  expect(rows.find(({ name }) => name === 'chance')?.verdict).toBe('same')
  expect(rows.find(({ name }) => name === 'functions')?.verdict).toBe('not published')
  expect(rows.at(-1)).toMatchObject({ rows: 6, differ: 1 })
})
