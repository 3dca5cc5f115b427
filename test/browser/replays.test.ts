import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLine } from '#core/record/jsonl'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE } from './look.ts'
import { openSite, type Site } from './site.ts'
import { record, sokoban, writeEpisodes, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('replays in Chromium', { timeout: 600_000 }, () => {
  let site: Site
  let page: Page
  let errors: string[]
  let run: string

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    run = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    const two = { ...sokoban('3', 1), config: { preset: 'tiny-2' } }
    const many = Array.from({ length: 30 }, (_, seed) => sokoban(String(seed), 0.6))
    await writeEpisodes(run, 'fre', 1, [...many, two])
  }, 600_000)

  afterAll(() => site?.close())

  async function visit(hash: string): Promise<void> {
    const opened = await openPage(site.browser, { height: 500 })
    page = opened.page
    errors = opened.errors
    await page.goto(`${site.url}/${hash}`)
  }

  const column = (name: string) =>
    page.$$eval(`.replay .replay-${name}`, (cells) => cells.map(({ textContent }) => textContent ?? ''))
  const inOrder = async (name: string) => {
    const items = await page.$$eval(
      '.replay',
      (rows, cell) => {
        const read = (row: (typeof rows)[number]) => row.querySelector(cell)?.textContent ?? ''
        return rows.map((row) => [Number(row.getAttribute('aria-posinset')), read(row)] as const)
      },
      `.replay-${name}`,
    )
    return items
      .toSorted((a, b) => a[0] - b[0])
      .map(([, text]) => Number(text.replace('−', '-').split(' ')[0]))
  }

  test('heads sort by their column, both ways, and rows say when they were written', async () => {
    await visit('#/replays')
    await page.waitForSelector('.replay')
    expect((await column('time')).every((text) => /^(now|\d+ (s|min|h|d))$/.test(text))).toBe(true)
    for (const [up, down, name] of [
      ['shortest', 'steps', 'steps'],
      ['lowest', 'return', 'return'],
    ] as const) {
      const head = page.locator(`.replay-heads .replay-${name}`)
      await head.click()
      await expect.poll(() => page.url(), PATIENCE).toContain(`sort=${down}`)
      await expect
        .poll(async () => {
          const all = await inOrder(name)
          return all.length > 5 && all.every((value, i) => i === 0 || value <= all[i - 1])
        }, PATIENCE)
        .toBe(true)
      await head.click()
      await expect.poll(() => page.url(), PATIENCE).toContain(`sort=${up}`)
      await expect
        .poll(async () => {
          const all = await inOrder(name)
          return all.length > 5 && all.every((value, i) => i === 0 || value >= all[i - 1])
        }, PATIENCE)
        .toBe(true)
    }
    expect(errors).toEqual([])
    await page.close()
  })

  test('new episodes are heard of, and Back returns to where one was', async () => {
    await visit('#/replays')
    await expect.poll(() => page.textContent('.head'), PATIENCE).toContain('31 episodes')
    await writeEpisodes(run, 'fre', 2, [sokoban('40', 1)])
    await expect.poll(() => page.textContent('.head'), PATIENCE).toContain('32 episodes')
    await page.waitForSelector('.replay[aria-posinset="1"]:has-text("update 2")')
    await page.evaluate('scrollTo(0, 900)')
    const row = page.locator('.replay[aria-posinset="20"]')
    await row.waitFor()
    const scroll = await page.evaluate('scrollY')
    expect(scroll).toBeGreaterThan(300)
    await expect.poll(() => page.evaluate('history.state?.scroll'), PATIENCE).toBe(scroll)
    await writeEpisodes(run, 'fre', 3, [sokoban('41', 1)])
    await page.waitForSelector('.news:has-text("1 new episode")')
    expect(await page.evaluate('scrollY')).toBe(scroll)
    await row.locator('a').click()
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(await page.title()).toBe('tiny-1 · Kickpush')
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('MAIN')
    await page.goBack()
    await page.waitForSelector('.replay[aria-posinset="20"]')
    expect(await page.evaluate('scrollY')).toBe(scroll)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a file with several episodes is a list of them', async () => {
    await visit('#/replays')
    const labels = { run: 'x', stage: 'fre', update: 0 }
    const three = await Promise.all(
      ['5', '6', '7'].map((seed) => record(sokoban(seed, 1), `e${seed}`, labels)),
    )
    await page.waitForSelector('input[type=file]', { state: 'attached' })
    await page.setInputFiles('input[type=file]', {
      name: 'three.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(three.flat().map(writeLine).join('')),
    })
    await page.waitForSelector('.sources [aria-current]:has-text("three.jsonl · 3 episodes")')
    await expect.poll(() => page.locator('.replay').count(), PATIENCE).toBe(3)
    await page.fill('.search', 'e6')
    await expect.poll(() => page.locator('.replay').count(), PATIENCE).toBe(1)
    await page.click('.replay a')
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(errors).toEqual([])
    await page.close()
  })

  test('episodes of other levels are offered as such for a comparison', async () => {
    await visit(`#/compare?a=${encodeURIComponent('done-1/fre-1-3')}`)
    await page.waitForSelector('.opponents:has-text("The same seed, but other levels")')
    expect(await page.textContent('.opponents li:last-child')).toContain('tiny-2')
    await page.close()
  })
})
