import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE, stepOf } from './look.ts'
import { openSite, type Site } from './site.ts'
import { football, sokoban, writeEpisodes, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('an episode as a link', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    const long = { ...sokoban('1', 0), config: { preset: 'tiny-2', maxSteps: 200 }, maxTurns: 400 }
    const match = { ...football('5'), config: { preset: '11_vs_11_stochastic' }, skill: 0.5, maxTurns: 460 }
    await writeEpisodes(done, 'fre', 1, [long, match])
  }, 600_000)

  afterAll(() => site?.close())

  test.each([
    ['200 steps of Sokoban', 0, 200],
    ['400 steps of Football', 1, 400],
  ])('%s fit into 2,000 characters, verify, and tell a changed character', async (_, index, least) => {
    const { page, errors } = await openPage(site.browser)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${site.url}/#/episode/${encodeURIComponent(`done-1/fre-1-${index}`)}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    const badge = (await page.textContent('.badge')) ?? ''
    expect(Number(/(\d+) step/.exec(badge)?.[1])).toBeGreaterThanOrEqual(least)
    const copied = async () => String(await page.evaluate('navigator.clipboard.readText()'))
    await page.evaluate("navigator.clipboard.writeText('')")
    await page.click('[aria-label="Copy the whole episode as a link"]')
    await expect.poll(copied, PATIENCE).toContain('#/link/')
    const link = await copied()
    expect(link.length).toBeLessThanOrEqual(2000)
    await page.goto('about:blank')
    await page.goto(link)
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(await page.textContent('.badge')).toBe(badge)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => stepOf(page, '.episode'), PATIENCE).toBe(1)
    await expect.poll(() => page.url(), PATIENCE).toBe(`${link}?step=1`)
    const place = link.indexOf('#/link/') + 40
    const other = link[place] === 'A' ? 'B' : 'A'
    await page.goto('about:blank')
    await page.goto(link.slice(0, place) + other + link.slice(place + 1))
    await page.waitForSelector('.notice:has-text("A character of it was changed")')
    expect(errors).toEqual([])
    await page.close()
  })

  test('on a page zoomed in to 200 % nothing lies over the board', async () => {
    const { page } = await openPage(site.browser, { width: 640, height: 400 })
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}?step=1`)
    await page.waitForSelector('.stage canvas[height]')
    await page.$eval('.stage canvas', (board) =>
      (board as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
    )
    const box = await page.locator('.stage canvas').boundingBox()
    if (!box) throw new Error('the board has a place')
    for (const part of [0.3, 0.5, 0.7, 0.95]) {
      const y = Math.min(395, box.y + part * box.height)
      const over = await page.evaluate(`document.elementFromPoint(${box.x + box.width / 2}, ${y})?.tagName`)
      expect(over, `at ${part}`).toBe('CANVAS')
    }
    await page.close()
  })
})
