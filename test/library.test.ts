import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const snippets = [...page.matchAll(/^## (.*)\n[^#]*?```js\n([\s\S]*?)```/gm)].map(([, title, code]) => ({
  title,
  code,
}))

describe('the snippets of docs/library.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-library-'))
  beforeAll(() => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder)
  })
  afterAll(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  test('are all there', () => {
    expect(snippets.map(({ title }) => title)).toEqual([
      'A game in a variable',
      'An episode and its record',
      'A game of your own',
      'Training',
      'The viewer',
    ])
    expect(page.match(/```js/g)).toHaveLength(snippets.length)
  })

  test.each(snippets)('$title: what it prints is what is written beside it', async ({ title, code }) => {
    const printed: unknown[][] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words))
    const file = join(folder, `${title.replaceAll(' ', '-')}.mjs`)
    writeFileSync(file, code.replaceAll("'runs", `'${folder}/runs`))
    await import(pathToFileURL(file).href)
    log.mockRestore()
    const told = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, text]) =>
      text.replace('... ', ''),
    )
    const lines = printed.map((words) => JSON.stringify(words).replaceAll(/["'\s]/g, ''))
    for (const text of told) {
      const wanted = text.replaceAll(/["'\s]/g, '')
      expect(
        lines.some((line) => line.includes(wanted)),
        `${text} in ${lines.join(' ')}`,
      ).toBe(true)
    }
  })
})

test('every entrance that package.json has is on the page, and nothing else is', () => {
  const names = Object.keys(manifest.exports)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => name.replace('.', 'kickpush'))
  const told = [...page.matchAll(/`(kickpush[\w/]*)`/g)].map(([, name]) => name)
  expect([...new Set(told)].sort()).toEqual([...names].sort())
})
