import { mkdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn } from './look.ts'
import { openSite, type Site } from './site.ts'
import { sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

const STAGES = ['fre', 'mgt']

describe.skipIf(!CHROMIUM)('every page in Chromium', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', STAGES)
    await writeMetrics(done, STAGES, 40, 1)
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 0.7), sokoban('2', 0.7)])
  }, 600_000)

  afterAll(() => site?.close())

  async function visit(hash: string, size: { width?: number; height?: number } = {}) {
    const { page, errors } = await openPage(site.browser, size)
    await page.goto(`${site.url}/${hash}`)
    return { page, errors }
  }

  test('the first load stays under 300 KB of compressed code', async () => {
    const { page } = await openPage(site.browser)
    const sizes = new Map<string, Promise<number>>()
    page.on('response', (response) => {
      if (/\.(js|css|html|svg)$|\/$/.test(new URL(response.url()).pathname))
        sizes.set(
          response.url(),
          response.body().then((body) => gzipSync(body).length),
        )
    })
    await page.goto(`${site.url}/#/`)
    // The first board is drawn: all that a first visit needs is here.
    await drawn(page, '.tile[data-step] canvas')
    await page.waitForLoadState('networkidle')
    const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(10_000)
    expect(total).toBeLessThan(300_000)
    await page.close()
  })

  test('who is on the way to another page is not brought back by what the page writes into its address', async () => {
    const { page } = await visit('#/')
    await page.waitForSelector('select')
    await page.evaluate(`
      const [select] = document.querySelectorAll('select')
      location.hash = '#/replays'
      select.selectedIndex = 1
      select.dispatchEvent(new Event('change', { bubbles: true }))
    `)
    await page.waitForSelector('.replay')
    expect(await page.evaluate('location.hash')).toBe('#/replays')
    await page.close()
  })

  test('no page is wider than a narrow phone', async () => {
    const episode = encodeURIComponent('done-1/fre-1-0')
    for (const [hash, content] of [
      ['#/', '.tile[data-step] canvas[height]'],
      ['#/replays', '.replay'],
      [`#/episode/${episode}`, '.episode .badge[data-verdict=verified]'],
      ['#/compare', '.versus option:nth-child(2)'],
      ['#/training?run=done-1', '.chart canvas'],
      ['#/play', '.stage canvas[height]'],
      ['#/nowhere', '.notice'],
      ['tab.html#/lab', 'button:has-text("Train in this tab"):enabled'],
    ] as const) {
      const { page, errors } = await visit(hash, { width: 360, height: 640 })
      await page.waitForSelector(content, { state: 'attached' })
      expect(await page.evaluate('document.documentElement.scrollWidth'), hash).toBe(360)
      expect(errors, hash).toEqual([])
      await page.close()
    }
  })
})
