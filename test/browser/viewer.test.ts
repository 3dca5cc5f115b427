import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, picture, stepOf, tap } from './look.ts'
import { openSite, type Site } from './site.ts'
import { football, record, sokoban, writeEpisodes, writeLive, writeMetrics, writeRun } from './world.ts'

const STAGES = ['fre', 'mgt']

test.runIf(process.env.CI === 'true')('a continuous integration has a Chromium', () => {
  expect(CHROMIUM).not.toBeNull()
})

describe.skipIf(!CHROMIUM)('the viewer in Chromium', { timeout: 600_000 }, () => {
  let site: Site
  let running: string
  let long: RecordEvent[]
  const live = new AbortController()
  const playing: Promise<void>[] = []

  /** An episode that is played from now on, for longer than a test takes. */
  function goOn(episode: string, pause: number): void {
    const events = long.map((event) => ({ ...event, episode }))
    playing.push(writeLive(running, events, pause, live.signal))
  }

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', STAGES)
    await writeMetrics(done, STAGES, 40, 1)
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 0.7), sokoban('2', 0.7), football('1')])
    await writeEpisodes(done, 'mgt', 2, [sokoban('1', 1), sokoban('2', 1)])
    running = await writeRun(site.runs, 'live-1', 'running', STAGES)
    const labels = { run: 'live-1', stage: 'fre', update: 0 }
    const match = { ...football('5'), config: { preset: '11_vs_11_stochastic' }, maxTurns: 400 }
    long = await record(match, 'going', labels)
    goOn('going', 120)
  }, 600_000)

  afterAll(async () => {
    live.abort()
    await Promise.all(playing)
    await site?.close()
  })

  async function visit(hash: string, size: { width?: number; height?: number } = {}) {
    const { page, errors } = await openPage(site.browser, size)
    await page.goto(`${site.url}/${hash}`)
    return { page, errors }
  }

  test('live boards move on the wall, and open large and verified', async () => {
    const { page, errors } = await visit('#/')
    const tile = '.tile[data-episode="live-1/going"]'
    await page.waitForSelector(`${tile}[data-step]`)
    const before = await drawn(page, `${tile} canvas`)
    const first = await stepOf(page, tile)
    await expect.poll(() => stepOf(page, tile), PATIENCE).toBeGreaterThan(first + 3)
    // A board is drawn in the animation frame after its step.
    await expect.poll(() => picture(page, `${tile} canvas`), PATIENCE).not.toBe(before)
    await page.click(tile)
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(await page.textContent('.badge')).toContain('live')
    const step = await stepOf(page, '.episode')
    await expect.poll(() => stepOf(page, '.episode'), PATIENCE).toBeGreaterThan(step + 2)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a replay opens from the list, plays, steps, scrubs and is verified', async () => {
    const { page, errors } = await visit('#/replays?env=sokoban&stage=fre')
    await page.waitForSelector('.replay')
    await expect.poll(() => page.textContent('.head'), PATIENCE).toContain('2 episodes')
    await page.click('.replay a')
    await page.waitForSelector('.badge[data-verdict=verified]')
    const length = Number(/^Verified, (\d+) steps$/.exec((await page.textContent('.badge')) ?? '')?.[1])
    expect(length).toBeGreaterThan(1)
    await expect.poll(() => page.getAttribute('.scrub', 'max'), PATIENCE).toBe(String(length))
    const start = await drawn(page, '.stage canvas')
    await page.keyboard.press('ArrowRight')
    expect(await stepOf(page, '.episode')).toBe(1)
    await page.keyboard.press('End')
    expect(await stepOf(page, '.episode')).toBe(length)
    await expect.poll(() => picture(page, '.stage canvas'), PATIENCE).not.toBe(start)
    await page.keyboard.press('Home')
    await page.keyboard.press('Space')
    await expect.poll(() => stepOf(page, '.episode'), PATIENCE).toBe(length)
    await page.$eval('.scrub', (range) => {
      const input = range as unknown as { value: string; dispatchEvent(event: Event): void }
      input.value = '1'
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
    expect(await stepOf(page, '.episode')).toBe(1)
    await expect.poll(() => page.url(), PATIENCE).toContain('step=1')
    expect(await page.textContent('.turn')).toContain('Turn 1')
    await page.close()
    expect(errors).toEqual([])
  })

  test('a hundred thousand episodes are scrolled to the last one', async () => {
    const { page, errors } = await openPage(site.browser)
    const answer = await fetch(`${site.url}/api/episodes?limit=1&live=false`)
    const { episodes } = (await answer.json()) as { episodes: object[] }
    await page.route('**/api/episodes?*', (route) => {
      const { searchParams } = new URL(route.request().url())
      const [offset, limit] = ['offset', 'limit'].map((name) => Number(searchParams.get(name)))
      const rows = Array.from({ length: limit }, (_, i) => ({ ...episodes[0], id: `many/${offset + i}` }))
      return route.fulfill({ json: { total: 100_000, episodes: rows } })
    })
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('.replay')
    expect(await page.textContent('.head')).toContain('100,000 episodes')
    await page.keyboard.press('End')
    const last = await page.waitForSelector('.replay[aria-posinset="100000"] a')
    expect(await last.getAttribute('href')).toContain('99999')
    expect(await page.locator('.replay').count()).toBeLessThan(100)
    await page.unrouteAll({ behavior: 'wait' })
    expect(errors).toEqual([])
    await page.close()
  })

  test('what the agent saw is drawn again pixel by pixel', async () => {
    for (const id of ['done-1/fre-1-0', 'done-1/fre-1-1', 'done-1/fre-1-2']) {
      const { page, errors } = await visit(`#/episode/${encodeURIComponent(id)}?step=1`)
      await page.waitForSelector('.episode-side .chip.good:has-text("as recorded")')
      expect(errors).toEqual([])
      await page.close()
    }
  })

  test('a dropped record with one wrong action is caught at its step', async () => {
    const labels = { run: 'x', stage: 'fre', update: 0 }
    const events = await record({ ...sokoban('3', 1), actionsPerTurn: 1 }, 'dropped', labels)
    const steps = events.filter((event) => event.type === 'step')
    const wrong = steps[1]
    const changed = { ...wrong, actions: [(wrong.actions[0] + 1) % 4] }
    const text = events.map((event) => writeLine(event === wrong ? changed : event)).join('')
    const { page, errors } = await visit('#/replays')
    await page.setInputFiles('input[type=file]', {
      name: 'wrong.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(text),
    })
    await page.waitForSelector('.badge[data-verdict=differs]')
    expect(await page.textContent('.badge')).toBe('Differs at step 2')
    expect(errors).toEqual([])
    await page.close()
  })

  test('two episodes of one seed are compared to their first different action', async () => {
    const a = encodeURIComponent('done-1/fre-1-1')
    const b = encodeURIComponent('done-1/mgt-2-1')
    const { page, errors } = await visit(`#/compare?a=${a}&b=${b}`)
    await page.waitForSelector('.duel .badge[data-verdict=verified]')
    await expect.poll(() => page.textContent('.head'), PATIENCE).toMatch(/at step \d+|Same actions/)
    await page.keyboard.press('ArrowRight')
    expect(await stepOf(page, 'main')).toBe(1)
    await page.goto(`${site.url}/#/compare?a-stage=fre&b-stage=mgt`)
    await page.waitForSelector('.pairs tbody tr')
    await expect.poll(() => page.locator('.pairs tbody tr').count(), PATIENCE).toBe(2)
    expect(errors).toEqual([])
    await page.close()
  })

  test('curves of every metric are drawn', async () => {
    const { page, errors } = await visit('#/training?run=done-1')
    await page.waitForSelector('.chart[data-metric="reward/mean"] canvas')
    await expect.poll(() => page.locator('.chart').count(), PATIENCE).toBe(9)
    await page.fill('.search', 'policy')
    await expect.poll(() => page.locator('.chart:not([hidden])').count(), PATIENCE).toBe(3)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a game played by hand, forked from a replay, is a record that verifies', async () => {
    const from = encodeURIComponent('done-1/mgt-2-0')
    const { page, errors } = await visit(`#/play?from=${from}&step=1`)
    await page.waitForSelector('main[data-step="1"]')
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowDown']) await tap(page, key)
    await page.waitForSelector('main[data-step="4"]')
    await page.keyboard.press('Backspace')
    await page.waitForSelector('main[data-step="3"]')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save the record')])
    const text = await readFile(await download.path(), 'utf8')
    const { episodes } = verifyRecord(text, envs)
    expect(episodes.map(({ status, steps }) => ({ status, steps }))).toEqual([{ status: 'agrees', steps: 3 }])
    await page.click('text=Watch it')
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(errors).toEqual([])
    await page.close()
  })

  test('a game with a pace goes on by itself, and two keys held together are the action between them', async () => {
    const { page, errors } = await visit('#/play?env=football&preset=academy_empty_goal')
    await page.waitForSelector('main[data-step="0"]')
    await page.keyboard.down('ArrowUp')
    await page.keyboard.down('ArrowRight')
    await expect.poll(() => stepOf(page, 'main'), PATIENCE).toBeGreaterThan(3)
    await page.keyboard.up('ArrowUp')
    await page.keyboard.up('ArrowRight')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save the record')])
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    const turns = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'turn')
    expect(turns.map(({ actions }) => actions[0])).toContain('top_right')
    expect(errors).toEqual([])
    await page.close()
  })

  test('what only people see is drawn over the board, and goes', async () => {
    const { page, errors } = await visit(`#/episode/${encodeURIComponent('done-1/fre-1-2')}?step=6`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    const before = await drawn(page, '.stage canvas')
    await page.keyboard.press('o')
    await page.waitForSelector('[aria-label="Show what only people see"][aria-pressed=false]')
    await expect.poll(() => picture(page, '.stage canvas'), PATIENCE).not.toBe(before)
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.waitForSelector('[aria-label="Show what only people see"]', { state: 'hidden' })
    expect(errors).toEqual([])
    await page.close()
  })

  test('a match stands above its board, and a camera follows it until it is let go', async () => {
    const { page, errors } = await visit(`#/episode/${encodeURIComponent('done-1/fre-1-2')}?step=6`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(await page.textContent('.score-points')).toMatch(/^\d : \d$/)
    expect(await page.textContent('.score-clock')).toMatch(/^00:00/)
    const camera = '[aria-label="Follow what happens"]'
    const followed = await page.getAttribute(camera, 'aria-pressed')
    const before = await drawn(page, '.stage canvas')
    await page.keyboard.press('c')
    await page.waitForSelector(`${camera}[aria-pressed=${followed === 'true' ? 'false' : 'true'}]`)
    await expect.poll(() => picture(page, '.stage canvas'), PATIENCE).not.toBe(before)
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.waitForSelector(camera, { state: 'hidden' })
    expect(await page.isVisible('.score')).toBe(false)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a board and the record of an episode can be saved', async () => {
    const { page, errors } = await visit(`#/episode/${encodeURIComponent('done-1/fre-1-2')}?step=2`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    const saved = async (button: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`[aria-label="${button}"]`),
      ])
      return readFile(await download.path())
    }
    await page.waitForSelector('.stage canvas[height]')
    const png = await saved('Save the board as PNG')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const { episodes } = verifyRecord((await saved('Save the record')).toString(), envs)
    expect(episodes.map(({ status, complete }) => ({ status, complete }))).toEqual([
      { status: 'agrees', complete: true },
    ])
    expect(errors).toEqual([])
    await page.close()
  })

  test('the wall shows what its filters let through, and replays when nothing is live', async () => {
    const { page, errors } = await visit('#/?env=sokoban&stage=fre')
    await page.waitForSelector('.tile[data-step]')
    await expect.poll(() => page.$$eval('.tile', (tiles) => tiles.length), PATIENCE).toBe(2)
    expect(await page.textContent('h1')).toContain('Replays')
    await page.waitForSelector('.tile.done')
    goOn('lasting', 2000)
    await page.selectOption('[aria-label="All games"]', 'football')
    await page.waitForSelector('.tile[data-episode="live-1/lasting"]')
    await page.waitForSelector('.tile[data-episode="done-1/fre-1-2"]', { state: 'detached' })
    await expect.poll(() => page.locator('.tile[data-episode^="done-1"]').count(), PATIENCE).toBe(0)
    await expect.poll(() => page.textContent('h1'), PATIENCE).toBe('Live')
    await page.selectOption('[aria-label="Any outcome"]', 'solved')
    await page.waitForSelector('text=Nothing like this')
    expect(errors).toEqual([])
    await page.close()
  })

  test('the wall leaves out what this release cannot draw', async () => {
    const old = await writeRun(site.runs, 'old-1', 'done', STAGES)
    const events = await record(sokoban('9', 1), 'old', { run: 'old-1', stage: 'fre', update: 0 })
    const text = events
      .map((event) => writeLine(event.type === 'start' ? { ...event, version: 99 } : event))
      .join('')
    await writeFile(`${old}/episodes/000000.jsonl`, text)
    await expect
      .poll(async () => (await fetch(`${site.url}/api/episodes/old-1%2Fold`)).ok, PATIENCE)
      .toBe(true)
    const { page, errors } = await visit('#/?run=old-1')
    await page.waitForSelector('text=Nothing like this')
    expect(await page.locator('.tile').count()).toBe(0)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a record dropped on the page opens, and one of another version says what it needs', async () => {
    const labels = { run: 'x', stage: 'fre', update: 0 }
    const [start, ...rest] = await record(sokoban('4', 1), 'older', labels)
    if (start.type !== 'start') throw new Error('a record begins with its start')
    const text = [{ ...start, version: 99 }, ...rest].map(writeLine).join('')
    const { page, errors } = await visit('#/training')
    const data = await page.evaluateHandle((content) => {
      const { DataTransfer } = globalThis as unknown as {
        DataTransfer: new () => { items: { add(file: File): void } }
      }
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], 'older.jsonl'))
      return transfer
    }, text)
    // Drops are taken as soon as the page has what reads them.
    await page.waitForSelector('.drop', { state: 'attached' })
    await page.dispatchEvent('body', 'drop', { dataTransfer: data })
    await page.waitForSelector('.badge[data-verdict=other]')
    expect(await page.textContent('.badge')).toBe('Needs sokoban version 99')
    await page.keyboard.press('ArrowRight')
    expect(await page.textContent('.turn')).toContain('Turn 1')
    expect(errors).toEqual([])
    await page.close()
  })

  test('colours, keys and speed answer to the keyboard', async () => {
    const { page, errors } = await visit(`#/episode/${encodeURIComponent('done-1/fre-1-0')}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.keyboard.press('?')
    expect(await page.textContent('dialog')).toContain('Follow the newest step')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.$('dialog'), PATIENCE).toBeNull()
    await page.keyboard.press(']')
    await page.keyboard.press(']')
    expect(await page.inputValue('[aria-label=Speed]')).toBe('4')
    await page.focus('[aria-label="Use light colours"]')
    await page.keyboard.press('Enter')
    expect(await page.getAttribute('html', 'data-theme')).toBe('light')
    await page.reload()
    expect(await page.getAttribute('html', 'data-theme')).toBe('light')
    await page.keyboard.press('Tab')
    expect(await page.textContent(':focus')).toBe('Skip to content')
    expect(errors).toEqual([])
    await page.close()
  })

  test('without WebGL the boards are drawn all the same', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.addInitScript({
      content: `const real = HTMLCanvasElement.prototype.getContext
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind.startsWith('webgl') ? null : real.call(this, kind, ...rest)
        }`,
    })
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}?step=0`)
    const before = await drawn(page, '.stage canvas')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => picture(page, '.stage canvas'), PATIENCE).not.toBe(before)
    expect(errors).toEqual([])
    await page.close()
  })

  test('boards are drawn when a busy page is told late that they came into sight', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.addInitScript({
      content: `const Real = IntersectionObserver
        IntersectionObserver = class {
          constructor(tell) {
            const waiting = []
            this.real = new Real((entries) => {
              waiting.push(...entries)
              setTimeout(() => waiting.length > 0 && tell(waiting.splice(0), this), 500)
            })
          }
          observe(element) { this.real.observe(element) }
          disconnect() { this.real.disconnect() }
        }`,
    })
    await page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/fre-1-0')}?step=0`)
    const before = await drawn(page, '.stage canvas')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => picture(page, '.stage canvas'), PATIENCE).not.toBe(before)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a lost connection is said, and what was live goes on when it is back', async () => {
    goOn('again', 300)
    await expect
      .poll(async () => (await fetch(`${site.url}/api/episodes/live-1%2Fagain`)).ok, PATIENCE)
      .toBe(true)
    const { page } = await visit(`#/episode/${encodeURIComponent('live-1/again')}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    const start = await site.stop()
    await page.waitForSelector('.link[data-status=disconnected]')
    await start()
    await page.waitForSelector('.link[data-status=connected]')
    const step = await stepOf(page, '.episode')
    await expect.poll(() => stepOf(page, '.episode'), PATIENCE).toBeGreaterThan(step + 3)
    expect(await page.getAttribute('.badge', 'data-verdict')).toBe('verified')
    await page.close()
  })
})
