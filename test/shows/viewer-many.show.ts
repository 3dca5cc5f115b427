/**
 * Very many: a gallery of 3,000 records, written, opened from a disk and scrolled; and the results page of a run with
 * 100,000 records. Seconds are of CPU.
 *
 *   npm run shows -- viewer-many --episodes 20000     fewer records of the run
 */
import { appendFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { writeLine } from '#core/record/jsonl'
import { CHROMIUM, openPage } from '../browser/browser.ts'
import { openSite } from '../browser/site.ts'
import { until } from '../browser/states.ts'
import { record, sokoban, writeRun } from '../browser/world.ts'
import { meterOf, Usage } from './cpu.ts'
import { claim, kickpush, SKIPPED, show } from './show.ts'

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}
const CARDS = 3000
const flag = process.argv.indexOf('--episodes')
const EPISODES = flag < 0 ? 100_000 : Number(process.argv[flag + 1])
/** Levels that are played; the rest is played again under another name. */
const LEVELS = 250
/** Milliseconds of 60 pictures a second. */
const BUDGET = 1000 / 60

const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

/** Appends so many episodes to a file of records. */
async function write(file: string, count: number, labels: { run: string; stage: string }): Promise<void> {
  const played = []
  for (let level = 0; level < Math.min(count, LEVELS); level++)
    played.push(await record({ ...sokoban(String(level), 0.8), maxTurns: 4 }, '', { ...labels, update: 0 }))
  let lines: string[] = []
  for (let i = 0; i < count; i++) {
    for (const event of played[i % played.length])
      lines.push(
        writeLine({
          ...event,
          episode: `${i}`,
          ...(event.type === 'start' && { update: Math.floor(i / 64) }),
        }),
      )
    if (i % 500 === 499 || i === count - 1) {
      appendFileSync(file, lines.join(''))
      lines = []
    }
  }
}

await show(async (folder) => {
  const records = join(folder, 'records.jsonl')
  await write(records, CARDS, { run: 'many', stage: 'fre' })
  const gallery = join(folder, 'gallery')
  const site = await openSite()
  const player = join(site.runs, '../client/player.js')
  const before = Usage.children()
  const { code, err } = kickpush(
    ...['gallery', records, '--out', gallery, '--order', 'strangest', '--player', player],
  )
  const spent = Usage.children() - before
  claim(`a gallery of ${CARDS} is written`, code === 0, err || `${spent.toFixed(1)} s`)
  const bytes = sizeOf(gallery)
  claim('it takes less than 10 kB an episode', bytes < 10_000 * CARDS, `${(bytes / 1e6).toFixed(1)} MB`)
  try {
    {
      const { page, errors } = await openPage(site.browser)
      await page.goto('about:blank')
      await page.goto(pathToFileURL(join(gallery, 'index.html')).href)
      const cpu = await meterOf(page)
      await page.waitForSelector('.level canvas[width="280"]')
      claim('it opens within a second', (await cpu()) < 1000, `${Math.round(await cpu())} ms`)
      // Down to the last card, 100 pixels in each picture: 6,000 a second.
      const from = await cpu()
      const pictures = Number(
        await page.evaluate(`new Promise((resolve) => {
          let pictures = 0
          const on = () => {
            pictures++
            if (scrollY + innerHeight >= document.documentElement.scrollHeight - 4) return resolve(pictures)
            scrollBy(0, 100)
            requestAnimationFrame(on)
          }
          requestAnimationFrame(on)
        })`),
      )
      const each = ((await cpu()) - from) / pictures
      claim('scrolling it costs less than 60 pictures a second allow', each < BUDGET, `${each.toFixed(1)} ms`)
      const there = await page.$$eval('.level', (all) => all.length)
      claim('only the cards in sight exist', there > 0 && there < 100, `${there}`)
      await page.waitForSelector(`.level[aria-posinset="${CARDS}"] canvas[width="280"]`)
      await page.click('.level:last-child a')
      await page.waitForSelector('.badge[data-verdict=verified]')
      claim('its last card is drawn, opened and verified', errors.length === 0, errors.join('; '))
      await page.close()
    }
    await mkdir(site.runs, { recursive: true })
    const run = await writeRun(site.runs, 'many', 'done', ['fre'])
    mkdirSync(join(run, 'episodes'), { recursive: true })
    await write(join(run, 'episodes', '000000.jsonl'), EPISODES, { run: 'many', stage: 'fre' })
    const { page, errors } = await openPage(site.browser)
    const cpu = await meterOf(page)
    const server = process.cpuUsage()
    for (let total = 0; total < EPISODES; await sleep(200)) {
      const answer = await fetch(`${site.url}/api/episodes?run=many&limit=1`)
      total = ((await answer.json()) as { total: number }).total
    }
    await page.goto(`${site.url}/#/results?run=many`)
    await page.waitForSelector('.result')
    const { user } = process.cpuUsage(server)
    const text = EPISODES > 5000 ? await page.textContent('.results-cut') : ''
    claim(
      `${EPISODES} records are looked at as results`,
      errors.length === 0,
      `${Math.round(await cpu())} ms of the page, ${(user / 1e6).toFixed(1)} s of the server with reading them; "${text}"`,
    )
    const first = await cpu()
    await page.selectOption('[aria-label="Levels"]', 'failed')
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    )
    const filtered = (await cpu()) - first
    claim('a filter of them costs less than a second', filtered < 1000, `${Math.round(filtered)} ms`)
    await page.goto(`${site.url}/#/replays?run=many`)
    await until(page, 'document.querySelectorAll(".replay").length > 3')
    claim('and in a list', errors.length === 0, await page.textContent('.head [role=status]'))
  } finally {
    await site.close()
  }
})
