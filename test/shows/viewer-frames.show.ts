/**
 * What pictures cost the page's main thread, in CPU: a wall of 64 boards that move, and one match at 1280x800; and what
 * it costs to verify a page that stands alone, a match of 400 steps.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { CHROMIUM, openPage } from '../browser/browser.ts'
import { openSite } from '../browser/site.ts'
import { until } from '../browser/states.ts'
import { football, sokoban, writeEpisodes, writeRun } from '../browser/world.ts'
import { meterOf } from './cpu.ts'
import { claim, SKIPPED, show } from './show.ts'

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}
/** Milliseconds of 60 pictures a second. */
const BUDGET = 1000 / 60
/** Of several looks the least counts: a machine that is busy leaves few pictures, each with many steps of play. */
const LOOKS = 3
const SECONDS = 5

/** Milliseconds of CPU for each animation frame while it plays. */
async function perPicture(page: Page): Promise<number> {
  const cpu = await meterOf(page)
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < LOOKS; look++) {
    const before = await cpu()
    const frames = Number(
      await page.evaluate(`new Promise((resolve) => {
        let frames = 0
        const end = performance.now() + ${1000 * SECONDS}
        const count = () => (++frames, performance.now() < end ? requestAnimationFrame(count) : resolve(frames))
        requestAnimationFrame(count)
      })`),
    )
    least = Math.min(least, ((await cpu()) - before) / frames)
  }
  return least
}

await show(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kickpush-frames-'))
  const site = await openSite()
  try {
    await mkdir(site.runs, { recursive: true })
    const run = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    const match = { ...football('5'), config: { preset: '11_vs_11_stochastic' }, skill: 0.5, maxTurns: 400 }
    const long = (seed: number) => ({ ...sokoban(String(seed), 0), maxTurns: 60 })
    await writeEpisodes(run, 'fre', 1, [match, ...Array.from({ length: 64 }, (_, i) => long(i))])
    {
      const { page } = await openPage(site.browser, { width: 1920, height: 1080 })
      await page.goto(`${site.url}/#/?boards=64&env=sokoban`)
      await until(page, 'document.querySelectorAll(".tile[data-step]").length >= 60')
      const cost = await perPicture(page)
      claim(
        'a picture of a wall of 64 boards costs less CPU than 60 a second allow',
        cost > 0 && cost < BUDGET,
        `${cost.toFixed(1)} ms`,
      )
      await page.close()
    }
    const { page } = await openPage(site.browser)
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}?step=0`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.keyboard.press('Space')
    const cost = await perPicture(page)
    claim(
      'a picture of a match costs less CPU than 60 a second allow',
      cost > 0 && cost < BUDGET,
      `${cost.toFixed(1)} ms`,
    )
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('[aria-label="Save as a page that plays it"]'),
    ])
    await download.saveAs(join(folder, 'match.html'))
    await page.close()
    const { page: alone } = await openPage(site.browser)
    await alone.goto('about:blank')
    const cpu = await meterOf(alone)
    const before = await cpu()
    await alone.goto(pathToFileURL(join(folder, 'match.html')).href)
    await alone.waitForSelector('.badge[data-verdict=verified]')
    const after = await cpu()
    // A page of another origin may be given to another process, whose time begins anew.
    const spent = after >= before ? after - before : after
    const text = await alone.textContent('.badge')
    claim(
      'a page that stands alone verifies a match within a second of CPU',
      spent > 0 && spent < 1000,
      `${text}, ${Math.round(spent)} ms`,
    )
  } finally {
    await site.close()
    await rm(folder, { recursive: true, force: true })
  }
})
