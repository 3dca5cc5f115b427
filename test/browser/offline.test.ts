import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLine } from '#core/record/jsonl'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE, stepOf, tap } from './look.ts'
import { openSite, type Site } from './site.ts'
import { record, sokoban, writeEpisodes, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('a viewer whose server is down', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const run = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    await writeEpisodes(run, 'fre', 1, [sokoban('1', 1)])
  }, 600_000)

  afterAll(() => site?.close())

  test('can be visited, played by hand and given records, and finds its server again', async () => {
    const { page } = await openPage(site.browser, { offline: true })
    await page.goto(`${site.url}/#/`)
    await page.waitForFunction(() => {
      const { navigator } = globalThis as unknown as { navigator: { serviceWorker: { controller: unknown } } }
      return navigator.serviceWorker.controller !== null
    })
    const start = await site.stop()
    await page.reload()
    await page.waitForSelector('.notice:has-text("No connection")')
    await page.click('text=Play by hand')
    await page.waitForSelector('main[data-step="0"]')
    await page.waitForSelector('.stage canvas[height]')
    await tap(page, 'ArrowUp')
    await expect.poll(() => stepOf(page, 'main'), PATIENCE).toBe(1)
    const events = await record(sokoban('3', 1), 'dropped', { run: 'x', stage: 'fre', update: 0 })
    await page.click('nav >> text=Replays')
    await page.waitForSelector('.notice:has-text("cannot be reached")')
    await page.setInputFiles('input[type=file]', {
      name: 'dropped.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(events.map(writeLine).join('')),
    })
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.waitForSelector('.stage canvas[height]')
    // What only the server has is told to be so, and comes with it.
    await page.evaluate("location.hash = '#/episode/done-1%2Ffre-1-0'")
    await page.waitForSelector('text=It opens as soon as the server is back')
    await start()
    await page.waitForSelector('.link[data-status=connected]')
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.close()
  })
})
