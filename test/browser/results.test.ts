import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE } from './look.ts'
import { openSite, type Site } from './site.ts'
import { sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('results in Chromium', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const trained = await writeRun(site.runs, 'trained', 'done', ['fre'])
    await writeMetrics(trained, ['fre'], 3, 1)
    const both = await writeRun(site.runs, 'both', 'done', [])
    for (const [stage, skill] of [
      ['a', 0.2],
      ['b', 1],
    ] as const)
      await writeEpisodes(both, stage, 0, [sokoban('1', skill), sokoban('2', skill)])
    for (const [id, skill] of [
      ['weak', 0.2],
      ['strong', 1],
    ] as const) {
      const run = await writeRun(site.runs, id, 'done', [])
      const info = JSON.parse(await readFile(`${run}/run.json`, 'utf8')) as object
      await writeFile(`${run}/run.json`, JSON.stringify({ ...info, kind: 'evaluation' }))
      const bookings = Array.from({ length: 12 }, (_, seed) => ({
        ...sokoban(String(seed), skill),
        maxTurns: 4,
      }))
      await writeEpisodes(run, 'eval', 0, bookings)
    }
  }, 600_000)

  afterAll(() => site?.close())

  test('an evaluation is a grid of levels, failures first; against another one shows what flipped', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/results?run=weak`)
    await page.waitForSelector('.result')
    const halves = () =>
      page.$$eval('.result-half', (list) => list.map(({ className }) => className.includes('good')))
    const alone = await halves()
    expect(alone).toHaveLength(12)
    const failed = alone.filter((good) => !good).length
    expect(failed).toBeGreaterThan(0)
    expect(alone.slice(0, failed).some((good) => good)).toBe(false)
    await page.selectOption('[aria-label="Levels"]', 'failed')
    await expect.poll(() => page.locator('.result').count(), PATIENCE).toBe(failed)
    await page.selectOption('[aria-label="Evaluation B"]', 'strong')
    await page.waitForSelector('.result-half + .result-half')
    await page.selectOption('[aria-label="Levels"]', 'regained')
    const flipped = await page.locator('.result.flipped').count()
    expect(flipped).toBeGreaterThan(0)
    expect(await page.textContent('.figures')).toContain(`${flipped} · `)
    expect(page.url()).toContain('with=strong')
    expect(page.url()).toContain('kind=regained')
    await page.click('.result >> nth=0')
    await page.waitForSelector('.duel [aria-label="Episode B"] .badge[data-verdict=verified]')
    await page.goBack()
    await page.waitForSelector('.result.flipped')
    await page.goto(`${site.url}/#/results?run=weak&kind=solved&measure=regret&order=regret`)
    const said = () => page.$$eval('.result-half', (list) => list.map(({ textContent }) => textContent ?? ''))
    const whole = (all: readonly string[]) => all.length > 0 && all.every((text) => /^\d+$/.test(text))
    await expect.poll(async () => whole(await said()), PATIENCE).toBe(true)
    const regrets = (await said()).map(Number)
    expect(regrets).toEqual(regrets.toSorted((a, b) => b - a))
    await page.fill('[aria-label="At least"]', String(regrets[0]))
    await expect
      .poll(() => page.locator('.result').count(), PATIENCE)
      .toBe(regrets.filter((regret) => regret === regrets[0]).length)
    // Agents of one run stand beside each other without a word.
    await page.goto(`${site.url}/#/results?run=both`)
    await page.waitForSelector('.result-half + .result-half')
    const agents = page.locator('[aria-label="Agent A"]')
    expect(await agents.inputValue()).toBe('narrator-20')
    expect(await page.inputValue('[aria-label="Agent B"]')).toBe('narrator-100')
    await agents.selectOption('narrator-100')
    await expect.poll(() => page.inputValue('[aria-label="Agent B"]'), PATIENCE).toBe('narrator-20')
    await page.goto(`${site.url}/#/training`)
    await page.waitForSelector('.run')
    const runs = await page.$$eval('.run strong', (list) => list.map(({ textContent }) => textContent ?? ''))
    expect(runs.toSorted()).toEqual(['both', 'trained'])
    expect(errors).toEqual([])
    await page.close()
  })
})
