import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toy, trainIn } from '../agent/toy.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE } from './look.ts'
import { openSite, type Site } from './site.ts'

describe.skipIf(!CHROMIUM)('what one debugs agents with, in Chromium', { timeout: 240_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const recipe = toy(
      'stages.imitation.updates=16',
      'stages.fre.updates=4',
      'stages.shuffled.updates=1',
      'stages.fre.algorithm={"name":"ppo","credit":"token"}',
    )
    await trainIn(join(site.runs, 'toy'), { recipe, workers: 0, keepEpisodes: 2, watchLevels: 2 })
  }, 240_000)

  afterAll(() => site?.close(), 60_000)

  test('the list is sorted by what surprised the learner, and an episode shows what training used', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/replays?run=toy&sort=surprise`)
    await page.waitForSelector('.replay:has-text("surprise")')
    const figures = await page.$$eval('.replay-stage', (rows) =>
      rows.map(({ textContent }) => Number(/surprise ([\d.]+)/.exec(textContent ?? '')?.[1])),
    )
    expect(figures.length).toBeGreaterThan(4)
    expect(figures).toEqual(figures.toSorted((a, b) => b - a))
    await page.selectOption('[aria-label="Order"]', 'disadvantage')
    await page.waitForSelector('.replay:has-text("advantage")')
    expect(page.url()).toContain('sort=disadvantage')

    await page.goto(`${site.url}/#/episode/${encodeURIComponent('toy/fre-2-0-0')}?step=0`)
    await page.waitForSelector('[aria-label="What training used"] .token')
    const words = await page.$$eval('.token', (list) => list.map(({ textContent }) => textContent))
    expect(words).toContain('<answer>')
    const panel = page.locator('[aria-label="What training used"]')
    for (const said of ['ppo · token', 'Reward by the rule', 'Return target', 'Entropy'])
      expect(await panel.textContent()).toContain(said)
    // All four actions, however unlikely, where the record keeps the likeliest.
    expect(await page.$$eval('.bar dt', (list) => list.map(({ textContent }) => textContent))).toEqual(
      expect.arrayContaining(['Up', 'Down', 'Left', 'Right']),
    )
    await page.waitForSelector('.curve-head:has-text("Advantage")')
    await page.selectOption('[aria-label="Words are coloured by"]', 'entropy')
    await page.click('.credit summary')
    await expect.poll(() => page.locator('.credit-table tbody tr').count(), PATIENCE).toBe(words.length)
    expect(errors).toEqual([])
    await page.close()
  })

  test('one level is a strip of boards over all updates, and each leads to its episode', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/training?run=toy`)
    await page.click('.run >> text=Watch it learn')
    await page.waitForSelector('.strip .tile')
    const numbers = () =>
      page.$$eval('.strip .tile strong', (list) => list.map(({ textContent }) => Number(textContent)))
    // Before the first update, and after each of 21.
    await expect.poll(numbers, PATIENCE).toEqual(Array.from({ length: 22 }, (_, i) => i))
    expect(await page.$$eval('.strip-stage', (list) => list.map(({ textContent }) => textContent))).toEqual([
      expect.stringContaining('imitation'),
      expect.stringContaining('fre'),
      expect.stringContaining('shuffled'),
    ])
    await page.keyboard.press('End')
    await expect.poll(() => page.getAttribute('main', 'data-step'), PATIENCE).not.toBe('0')
    await page.selectOption('[aria-label="Level"]', '1')
    await page.click('.strip .tile >> nth=0')
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(decodeURIComponent(page.url())).toContain('toy/watch-0-1')
    expect(errors).toEqual([])
    await page.close()
  })

  test('a point of a later stage leads to the episodes of its own update', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/training?run=toy&metric=reward.format`)
    const chart = page.locator('.chart[data-metric="reward.format"] .u-over')
    await chart.waitFor()
    const box = await chart.boundingBox()
    if (!box) throw new Error('the chart has a place')
    await page.mouse.click(box.x + box.width - 2, box.y + box.height / 2)
    await expect.poll(() => page.url(), PATIENCE).toContain('replays?run=toy&stage=shuffled&update=0')
    await page.waitForSelector('.replay:has-text("shuffled")')
    expect(errors).toEqual([])
    await page.close()
  })
})
