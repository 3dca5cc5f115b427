import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeRunInfo } from '#server/info'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE } from './look.ts'
import { openSite, type Site } from './site.ts'
import { sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

const STAGES = ['fre', 'mgt']

describe.skipIf(!CHROMIUM)('training in Chromium', { timeout: 240_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', STAGES)
    await writeMetrics(done, STAGES, 40, 1)
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 0.7)])
    await writeRun(site.runs, 'empty', 'stopped', STAGES)
    // Written after all others, as an exhibition always is.
    await writeRunInfo(`${site.runs}/exhibition`, 'exhibition', 'running', 'exhibition')
    await writeEpisodes(`${site.runs}/exhibition`, 'show', 2, [sokoban('2', 1)])
  }, 240_000)

  afterAll(() => site?.close(), 60_000)

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
})
