import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE } from './look.ts'
import { openSite, type Site } from './site.ts'
import { sokoban, writeEpisodes, writeRun } from './world.ts'

/** Holds back whatever is asked for at `what` until somebody lets it through, or lets it fail. */
async function hold(page: Page, what: RegExp): Promise<(fail?: 'fail') => void> {
  let decide = (_?: 'fail') => {}
  const decided = new Promise<'fail' | undefined>((resolve) => {
    decide = resolve
  })
  await page.route(what, async (route) => {
    const over = (await decided) === 'fail' ? route.abort() : route.continue()
    // Who has left waits for nothing.
    await over.catch(() => {})
  })
  return decide
}

/** Whatever the page has still to do about what it was told. */
const settled = (page: Page) => page.evaluate('new Promise((done) => setTimeout(done))')

const goTo = (page: Page, hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`)

describe.skipIf(!CHROMIUM)('who leaves a page', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const many = await writeRun(site.runs, 'many', 'done', ['fre'])
    await writeEpisodes(many, 'watch', 0, [sokoban('1', 1), sokoban('2', 1), sokoban('3', 1)])
    const one = await writeRun(site.runs, 'one', 'done', ['fre'])
    await writeEpisodes(one, 'watch', 0, [sokoban('4', 1)])
    for (const run of [many, one]) {
      const file = path.join(run, 'run.json')
      const info = JSON.parse(await readFile(file, 'utf8')) as object
      await writeFile(file, `${JSON.stringify({ ...info, watchLevels: 1 })}\n`)
    }
  }, 600_000)

  afterAll(() => site?.close())

  test('a page that comes late, or never, takes the place of no other', async () => {
    const { page } = await openPage(site.browser)
    await page.clock.install()
    await page.goto(`${site.url}/#/play?seed=1`)
    await page.waitForSelector('main[data-step]')
    const come = await hold(page, /\/training-[^/]*\.js$/)
    const fail = await hold(page, /\/results-[^/]*\.js$/)
    let seed = 2
    const still = async () => {
      await settled(page)
      expect(await page.$$eval('.stage canvas', (all) => all.length)).toBe(1)
      expect(await page.title()).toBe('Play by hand · Kickpush')
    }
    for (const late of ['training', 'results']) {
      const asked = page.waitForRequest(new RegExp(`/${late}-[^/]*\\.js$`))
      await goTo(page, `#/${late}`)
      await asked
      await goTo(page, `#/play?seed=${seed++}`)
      await page.waitForSelector('main[data-step]')
      // It is said of a slow page that it is loaded; not of one that nobody waits for.
      await page.clock.runFor(1000)
      await still()
    }
    const failed = page.waitForEvent('requestfailed')
    fail('fail')
    await failed
    await still()
    const came = page.waitForEvent('requestfinished')
    come()
    await came
    await still()
    await page.close()
  })

  test('can press nothing on it any more, and it writes no address', async () => {
    const { page } = await openPage(site.browser)
    await page.clock.install()
    await page.goto(`${site.url}/#/`)
    await page.waitForSelector('.tile')
    await hold(page, /\/training-[^/]*\.js$/)
    // What was left stays to be seen until time goes on.
    await page.clock.pauseAt(Date.now() + 60_000)
    const tile = await page.locator('.tile').first().boundingBox()
    await goTo(page, '#/training')
    await page.waitForFunction("document.title.startsWith('Training')")
    await page.mouse.click(tile!.x + tile!.width / 2, tile!.y + tile!.height / 2)
    // Even what presses by itself.
    await page.$eval('[aria-label="Boards"]', (select) => select.dispatchEvent(new Event('change')))
    expect(new URL(page.url()).hash).toBe('#/training')
    await page.close()
  })

  test('keeps where it was with that page, and not with the next one', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('.replay')
    // What was to be kept in a moment is kept just when the address is another one, and the page has not heard of it.
    const kept = await page.evaluate(`{
      const later = setTimeout
      let keep
      setTimeout = (run, ...rest) => later((keep = run), ...rest)
      dispatchEvent(new Event('scroll'))
      setTimeout = later
      keep()
      const here = history.state
      location.hash = '#/levels'
      keep();
      [here, history.state]
    }`)
    expect(kept).toEqual([{ scroll: 0, total: 4 }, null])
    expect(errors).toEqual([])
    await page.close()
  })

  test('takes along nothing that was opened over it', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('.replay')
    await goTo(page, `#/episode/${encodeURIComponent('many/watch-0-0')}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.click('[aria-label="Save a video"]')
    await page.waitForSelector('dialog.clip')
    await page.goBack()
    await page.waitForSelector('dialog', { state: 'detached' })
    await page.waitForSelector('.replay')
    expect(errors).toEqual([])
    await page.close()
  })

  test('hears no more of how it was played', async () => {
    const { page, errors } = await openPage(site.browser)
    // From the first word of the judge on, frames that are asked for come when the test says so.
    await page.addInitScript(`
      const [frame, cancel] = [requestAnimationFrame, cancelAnimationFrame]
      const held = new Map()
      judged = 0
      requestAnimationFrame = (run) => (judged > 0 ? -held.set(held.size + 1, run).size : frame(run))
      cancelAnimationFrame = (id) => (id < 0 ? held.set(-id, () => {}) : cancel(id))
      release = () => { for (const [id, run] of [...held]) if (held.get(id) === run) run(performance.now()) }
      drawn = () => new Promise((done) => frame(() => frame(done)))
      Worker = class extends Worker {
        constructor(url, options) {
          super(url, options)
          if (String(url).includes('judge')) this.addEventListener('message', () => judged++)
        }
      }
    `)
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('many/watch-0-0')}`)
    await expect.poll(() => page.evaluate('judged'), PATIENCE).toBeGreaterThan(0)
    await page.evaluate('drawn()')
    await goTo(page, '#/levels')
    await page.waitForSelector('h1:has-text("Levels")')
    // What the first frames ask for is in the next ones.
    for (let i = 0; i < 2; i++) await page.evaluate('release()')
    expect(await page.title()).toBe('Levels · Kickpush')
    expect(errors).toEqual([])
    await page.close()
  })

  test('or asks for something else, is not told that what was asked before went wrong', async () => {
    const { page } = await openPage(site.browser)
    await hold(page, /\/api\/episodes\?/)
    const dropped = page.waitForEvent('requestfailed')
    await page.goto(`${site.url}/#/`)
    await page.selectOption('[aria-label="Boards"]', '4')
    await dropped
    await settled(page)
    expect(await page.locator('.wall-message').textContent()).not.toContain('No connection')
    await page.close()
  })

  test('or chooses another run, sees that one, whichever answer comes last', async () => {
    const { page, errors } = await openPage(site.browser)
    for (const [hash, select, shown] of [
      ['#/results?run=many', 'Evaluation A', '.result'],
      ['#/learning?run=many', 'Run', '.strip .tile'],
    ] as const) {
      await page.goto('about:blank')
      const come = await hold(page, /\/api\/episodes\?run=many/)
      const asked = page.waitForRequest(/\/api\/episodes\?run=many/)
      await page.goto(`${site.url}/${hash}`)
      const late = await asked
      await page.selectOption(`[aria-label="${select}"]`, 'one')
      await expect.poll(() => page.locator(shown).count(), PATIENCE).toBe(1)
      come()
      await late.response().catch(() => null)
      await settled(page)
      expect(await page.locator(shown).count(), hash).toBe(1)
      await page.unrouteAll()
    }
    expect(errors).toEqual([])
    await page.close()
  })

  test('and waits, sees a comparison again that could not be had for a while', async () => {
    const { page } = await openPage(site.browser)
    await page.goto(`${site.url}/#/compare?a=${encodeURIComponent('one/later-0-0')}`)
    await page.waitForSelector('.notice:has-text("No such episode here")')
    await writeEpisodes(path.join(site.runs, 'one'), 'later', 0, [sokoban('5', 1)])
    await page.waitForSelector('.duel [aria-label="Episode A"] .badge[data-verdict=verified]')
    await page.close()
  })
})
