import { mkdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeRunInfo } from '#server/info'
import { FileStore } from '#stores/files'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, picture } from './look.ts'
import { openSite, type Site } from './site.ts'
import { sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

const STAGES = ['fre', 'mgt']

describe.skipIf(!CHROMIUM)('training in Chromium', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', STAGES)
    await writeMetrics(done, STAGES, 40, 1)
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 0.7)])
    await writeRun(site.runs, 'empty', 'stopped', STAGES)
    // Written after all others, as an exhibition always is.
    await mkdir(`${site.runs}/exhibition/episodes`, { recursive: true })
    await writeRunInfo(new FileStore(site.runs), 'exhibition', 'running', 'exhibition')
    await writeEpisodes(`${site.runs}/exhibition`, 'show', 2, [sokoban('2', 1)])
  }, 600_000)

  afterAll(() => site?.close())

  test('opens on a run that has learnt, and an exhibition is none', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/training`)
    await page.waitForSelector('.chart canvas')
    const names = await page.$$eval('.run strong', (list) => list.map(({ textContent }) => textContent))
    expect(names.toSorted()).toEqual(['done-1', 'empty'])
    expect(await page.textContent('.run-toggle[aria-pressed=true]')).toContain('done-1')
    await page.click('.run-toggle[aria-pressed=true]')
    await page.waitForSelector('.notice:has-text("No run chosen")')
    await page.click('.run:has-text("empty") .run-toggle')
    await page.waitForSelector('.notice:has-text("No update yet")')
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('.replay')
    await expect.poll(() => page.locator('.replay').count(), PATIENCE).toBe(2)
    expect(await page.textContent('.replay')).toContain('done-1')
    expect(await page.title()).toBe('Replays · Kickpush')
    expect(errors).toEqual([])
    await page.close()
  })

  test('charts keep their zoom, draw a single point, smooth, and can be taken away', async () => {
    const { page, errors } = await openPage(site.browser)
    const one = await writeRun(site.runs, 'one', 'running', STAGES)
    await writeMetrics(one, STAGES, 1, 1)
    await page.goto(`${site.url}/#/training?run=one`)
    const chart = '.chart[data-metric="value/loss"]'
    const ink = () =>
      page.$eval(`${chart} canvas`, (element) => {
        // Read from a copy: Chromium warns of a canvas that is drawn on and read often.
        type Size = { width: number; height: number }
        type Painted = Size & { getContext(kind: '2d', how: object): Context }
        type Context = {
          drawImage(of: unknown, x: number, y: number): void
          getImageData(...place: number[]): { data: number[] }
        }
        const { width, height } = element as unknown as Size
        const copy = element.cloneNode() as unknown as Painted
        const context = copy.getContext('2d', { willReadFrequently: true })
        context.drawImage(element, 0, 0)
        const { data } = context.getImageData(0, 0, width, height)
        // The first series' colour, more or less.
        let count = 0
        for (let i = 0; i < data.length; i += 4)
          if (data[i] > 200 && data[i + 1] > 140 && data[i + 1] < 220 && data[i + 2] < 100) count++
        return count
      })
    await page.waitForSelector(`${chart} canvas`)
    await expect.poll(ink, PATIENCE).toBeGreaterThan(10)
    await page.goto(`${site.url}/#/training?run=done-1`)
    await page.waitForSelector(`${chart} canvas`)
    const over = await page.locator(`${chart} .u-over`).boundingBox()
    if (!over) throw new Error('the chart has a place')
    await page.mouse.move(over.x + over.width * 0.2, over.y + 40)
    await page.mouse.down()
    await page.mouse.move(over.x + over.width * 0.5, over.y + 40, { steps: 4 })
    await page.mouse.up()
    await page.mouse.move(5, 5)
    const zoomed = await ink()
    const before = await drawn(page, `${chart} canvas`)
    await page.fill('[aria-label=Smoothing]', '0.9')
    await expect.poll(() => page.url(), PATIENCE).toContain('smooth=0.9')
    await expect.poll(() => picture(page, `${chart} canvas`), PATIENCE).not.toBe(before)
    await page.fill('[aria-label=Smoothing]', '0')
    await expect.poll(ink, PATIENCE).toBe(zoomed)
    await writeMetrics(`${site.runs}/done-1`, STAGES, 1, 1)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('[aria-label="Save as CSV: value/loss"]'),
    ])
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^updates,done-1\n0,/)
    await page.click('[aria-label="Keep at the top: value/loss"]')
    await page.reload()
    await page.waitForSelector(`${chart} [aria-pressed=true]`)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a point of a curve leads to what was played then', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/training?run=done-1`)
    await page.waitForSelector('.chart .u-over')
    await page.click('.chart .u-over >> nth=0', { position: { x: 8, y: 60 } })
    await expect.poll(() => page.url(), PATIENCE).toMatch(/replays\?run=done-1&stage=fre&update=\d/)
    await page.waitForSelector('.news:has-text("update")')
    expect(errors).toEqual([])
    await page.close()
  })
})
