import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { BUILT_IN } from '#registry/games'
import { type Serving, serve } from '#server/server'
import { commentatorOf } from '../../src/cli/commentator.ts'
import { type FakeChat, fakeChat } from '../chat-server.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { openSite, type Site } from './site.ts'
import { record, sokoban, writeLive, writeRun } from './world.ts'

const SHOTS = process.env.SHOTS
/** Long, as models are, and not to be taken for a part of the page. */
const SAID =
  '<b>The last box</b> slides onto its target and the level is solved. A patient walk around the crate made all the difference.'

describe.skipIf(!CHROMIUM)('commentary', { timeout: 600_000 }, () => {
  let site: Site
  let spoken: Serving
  let chat: FakeChat
  const stop = new AbortController()

  beforeAll(async () => {
    site = await openSite()
    chat = await fakeChat(SAID)
    await mkdir(site.runs, { recursive: true })
    spoken = await serve({
      port: 0,
      runs: site.runs,
      clientFolder: join(site.runs, '../client'),
      commentator: commentatorOf(BUILT_IN, `chat:tiny-model@${chat.origin}`),
    })
  }, 600_000)

  afterAll(async () => {
    stop.abort()
    await spoken?.close()
    chat?.close()
    await site?.close()
  })

  test('what a model says of a live episode stands below its board, as text and marked, and leads to its step', async () => {
    const events: RecordEvent[] = await record(sokoban('3', 1), 'e', { run: 'live', stage: 'fre', update: 1 })
    const half = events.length - 4
    const run = await writeRun(site.runs, 'live', 'running', ['fre'])
    await writeLive(run, events.slice(0, half), 0, stop.signal)
    const { page, errors } = await openPage(site.browser)
    // The server's answer names the model.
    const listens = new Promise<void>((resolve) =>
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => payload.includes('tiny-model') && resolve()),
      ),
    )
    await page.goto(`${spoken.url}/#/episode/live%2Fe`)
    await listens
    await writeLive(run, events.slice(half), 0, stop.signal)
    const panel = page.locator('.commentary')
    await panel.waitFor()
    expect(await panel.locator('h2').textContent()).toBe('Commentary by tiny-model; not part of the record')
    expect(await panel.locator('span').first().textContent()).toBe(SAID)
    expect(await panel.locator('b').count()).toBe(0)
    await page.keyboard.press('Home')
    await page.waitForSelector('[data-step="0"]')
    await panel.locator('button').first().click()
    const steps = events.filter(({ type }) => type === 'step').length
    await page.waitForSelector(`.episode[data-step="${steps}"]`)
    expect(await readFile(join(run, 'episodes', 'live.jsonl'), 'utf8')).toBe(events.map(writeLine).join(''))
    if (SHOTS)
      for (const [width, height] of [
        [1280, 800],
        [360, 740],
        [2560, 1440],
      ])
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.setViewportSize({ width, height })
          await page.emulateMedia({ colorScheme })
          if (width < 400) await panel.scrollIntoViewIfNeeded()
          await page.waitForTimeout(600)
          await page.screenshot({ path: join(SHOTS, `commentary-${width}-${colorScheme}.png`) })
        }
    expect(errors).toEqual([])
    await page.close()
  })
})
