import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AskedMove } from '#core/record/wire'
import { toy, trainIn } from '../agent/toy.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, picture } from './look.ts'
import { openSite, type Site } from './site.ts'

describe.skipIf(!CHROMIUM)('what one debugs agents with, in Chromium', { timeout: 600_000 }, () => {
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
  }, 600_000)

  afterAll(() => site?.close())

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
    await chart.click({ position: { x: box.width - 2, y: box.height / 2 } })
    await expect.poll(() => page.url(), PATIENCE).toContain('replays?run=toy&stage=shuffled&update=0')
    await page.waitForSelector('.replay:has-text("shuffled")')
    expect(errors).toEqual([])
    await page.close()
  })

  test('a model is looked through: what mattered to a word, and what it would do wherever it stood', async () => {
    // High, so that the board is in sight beside the panel.
    const { page, errors } = await openPage(site.browser, { height: 2600 })
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('toy/fre-2-0-0')}?step=0`)
    const whose = page.locator('[aria-label="Whose eyes"]')
    await expect.poll(() => whose.inputValue(), PATIENCE).toBe('run:toy')
    await page.selectOption('[aria-label="What mattered in the observation"]', 'occlusion')
    await page.waitForSelector('.sight-text .token')
    const rows = await page.$$eval('.sight-text > div', (list) => list.map(({ textContent }) => textContent))
    expect(rows).toEqual(['#######', '#-@$-.#', '#######'])
    await expect
      .poll(() => page.textContent('[aria-label="What it sees"] [role=status]'), PATIENCE)
      .toMatch(/%: without what is green it is less likely.*newest weights of toy/)
    const board = '.stage canvas'
    const plain = await drawn(page, board)
    await page.click('text=Arrows and values')
    await expect.poll(() => picture(page, board), PATIENCE).not.toBe(plain)
    await page.click('text=Arrows and values')
    await expect.poll(() => picture(page, board), PATIENCE).toBe(plain)
    await page.click('text=Visits')
    await expect.poll(() => picture(page, board), PATIENCE).not.toBe(plain)
    // The expert needs no model.
    await page.selectOption('[aria-label="Whose eyes"]', 'script:expert')
    await page.waitForSelector('[aria-label="What it sees"] >> text=A script has no eyes')
    // A model that comes with Kickpush sees this corridor, too.
    await page.selectOption('[aria-label="Whose eyes"]', 'shipped:sokoban-base')
    await page.selectOption('[aria-label="What mattered in the observation"]', 'attention')
    await expect
      .poll(() => page.textContent('[aria-label="What it sees"] [role=status]'), PATIENCE)
      .toContain('attention where it is chosen')
    expect(errors).toEqual([])
    await page.close()
  })

  test('a model of the server plays on from a step, and is told what was played before', async () => {
    const { page, errors } = await openPage(site.browser)
    const asked: AskedMove[] = []
    await page.route('**/api/agents', (route) => {
      if (route.request().method() === 'GET')
        return route.fulfill({ json: [{ name: 'mini:boxes', envs: ['sokoban'] }] })
      asked.push(JSON.parse(route.request().postData() ?? '') as AskedMove)
      return route.fulfill({ json: { valid: true, actions: [3, 3, 3, 3], thought: 'on we go' } })
    })
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('toy/watch-16-0')}?step=1`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.selectOption('[aria-label="Who plays on"]', 'mini:boxes')
    await page.click('text=Let it play on')
    await page.waitForSelector('.duel [aria-label="Episode B"] .badge[data-verdict=verified]')
    expect(asked[0]).toMatchObject({ agent: 'mini:boxes', seat: 0 })
    expect(asked[0].steps).toHaveLength(1)
    expect(asked[0].turns.map(({ t }) => t)).toEqual([0])
    expect(errors).toEqual([])
    await page.close()
  })
})
