import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPolicy } from '#agent/hosts/node/policies'
import { resolveConfig } from '#core/env/config'
import { play } from '#core/play/play'
import { Conversation } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import { writeSight } from '#core/record/sight'
import type { AskedMove, LearnedAgent } from '#core/record/wire'
import { four } from '../games/four.ts'
import { mines } from '../games/mines.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, tap } from './look.ts'
import { openSite, type Site } from './site.ts'

const OFFERED: LearnedAgent[] = [
  { name: 'mini:selfplay', envs: ['four'] },
  { name: 'mini:boxes', envs: ['sokoban'] },
]

describe.skipIf(!CHROMIUM)('the play page', { timeout: 600_000 }, () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite(new URL('./games.ts', import.meta.url))
  }, 600_000)
  afterAll(() => site?.close())

  async function visit(query: string, size: { width?: number; height?: number } = {}) {
    const { page, errors } = await openPage(site.browser, size)
    await page.goto(`${site.url}/#/play?${query}`)
    await drawn(page, '.stage canvas')
    return { page, errors }
  }
  const atStep = (page: Page, step: number) =>
    page.waitForSelector(`main[data-step="${step}"]`, { timeout: PATIENCE.timeout })
  /** Chooses who sits where, and waits until the game that this begins has taken the place of the one before. */
  const seat = async (page: Page, label: string, value: string) => {
    const before = await page.$('.episode')
    await page.selectOption(`select[aria-label="${label}"]`, value)
    await before?.waitForElementState('hidden')
  }
  const greyed = (page: Page) =>
    page.$$eval('.actions .button[aria-disabled="true"] span', (all) =>
      all.map((one) => one.textContent ?? ''),
    )
  /** Clicks in the middle of a cell. */
  async function click(page: Page, column: number, row: number, columns: number, rows: number) {
    const box = (await (await page.$('.stage canvas'))?.boundingBox())!
    await page.mouse.click(
      box.x + ((column + 0.5) / columns) * box.width,
      box.y + ((row + 0.5) / rows) * box.height,
    )
  }

  test('lets a scripted agent sit in the other seat, which answers every click', async () => {
    const { page, errors } = await visit('env=four&preset=wide&seed=1&with=random')
    await atStep(page, 0)
    await click(page, 3, 0, 7, 4)
    await atStep(page, 2)
    await click(page, 4, 0, 7, 4)
    await atStep(page, 4)
    expect(errors).toEqual([])
    await page.close()
  })

  test('lets a small model of the server sit there, which is told the whole game and says what it thinks', async () => {
    const { page, errors } = await openPage(site.browser, {})
    const asked: AskedMove[] = []
    await page.route('**/api/agents', (route) => {
      if (route.request().method() === 'GET') return route.fulfill({ json: OFFERED })
      asked.push(JSON.parse(route.request().postData() ?? '') as AskedMove)
      const move = {
        valid: true,
        actions: [6],
        text: '<think>far</think><answer>c7</answer>',
        thought: 'far',
      }
      return route.fulfill({ json: move })
    })
    await page.goto(`${site.url}/#/play?env=four&preset=wide&seed=1`)
    await drawn(page, '.stage canvas')
    await seat(page, 'Seat 2', 'mini:selfplay')
    expect(await page.$$eval('select option', (all) => all.map((one) => one.value))).not.toContain(
      'mini:boxes',
    )
    await atStep(page, 0)
    await click(page, 3, 0, 7, 4)
    await atStep(page, 2)
    await click(page, 4, 0, 7, 4)
    await atStep(page, 4)
    const wait = [-1, 6]
    expect(asked.map(({ agent, seat, steps, turns }) => ({ agent, seat, steps, turns }))).toEqual([
      { agent: 'mini:selfplay', seat: 1, steps: [[3, -1]], turns: [] },
      { agent: 'mini:selfplay', seat: 1, steps: [[3, -1], wait, [4, -1]], turns: [{ t: 1, actions: [6] }] },
    ])
    expect(errors).toEqual([])
    await page.close()
  })

  test('a game that is begun anew is not told what goes wrong in the one before', async () => {
    const { page } = await openPage(site.browser, {})
    let fail = () => {}
    const wait = new Promise<void>((resolve) => {
      fail = resolve
    })
    await page.route('**/api/agents', async (route) => {
      if (route.request().method() === 'GET') return route.fulfill({ json: OFFERED })
      await wait
      // Nobody may wait for it any more.
      await route.abort().catch(() => {})
    })
    await page.goto(`${site.url}/#/play?env=four&preset=wide&seed=1&with=mini:selfplay`)
    await drawn(page, '.stage canvas')
    const asked = page.waitForRequest((request) => request.method() === 'POST')
    await click(page, 3, 0, 7, 4)
    await asked
    const failed = page.waitForEvent('requestfailed')
    await page.keyboard.press('Enter')
    await atStep(page, 0)
    fail()
    await failed
    await page.evaluate('new Promise((done) => setTimeout(done))')
    expect(await page.textContent('[aria-label="Game"] [role=status]')).toContain('0 steps')
    await page.close()
  })

  test('greys what is not legal: neither a click nor its button plays it', async () => {
    const { page, errors } = await visit('env=four&preset=wide&seed=1&with=by+hand')
    await atStep(page, 0)
    // Both colours in turn fill the first column.
    for (let step = 1; step <= 4; step++) {
      expect(await greyed(page)).toEqual([])
      await click(page, 0, 0, 7, 4)
      await atStep(page, step)
    }
    expect(await greyed(page)).toEqual(['c1'])
    await click(page, 0, 0, 7, 4)
    await page.dispatchEvent('.actions .button >> nth=0', 'click')
    await click(page, 1, 0, 7, 4)
    await atStep(page, 5)
    expect(errors).toEqual([])
    await page.close()
  })

  test('has an agent chosen for every seat, and the person in any of them', async () => {
    const { page, errors } = await visit('env=four&preset=wide&seed=1')
    expect(
      await page.$$eval('select[aria-label="Seat 2"] option', (all) => all.map((one) => one.value)),
    ).toEqual([...Object.keys(four.policies!), 'random', 'by hand'])
    await seat(page, 'Your seat', '1')
    // Seat 1 begins, and now an agent sits there.
    await atStep(page, 1)
    await seat(page, 'Seat 1', 'by hand')
    await atStep(page, 0)
    for (let step = 1; step <= 3; step++) {
      await click(page, 2, 0, 7, 4)
      await atStep(page, step)
    }
    expect(new URL(page.url()).hash).toContain('seat=1')
    expect(new URL(page.url()).hash).toContain('with=by+hand')
    expect(errors).toEqual([])
    await page.close()
  })

  test('keeps idle for those who act at once, and asks nobody who cannot play here', async () => {
    const { page, errors } = await visit('env=snakes&preset=wide&seed=1')
    expect(
      await page.$$eval('select[aria-label="Seat 2"] option', (all) => all.map((one) => one.value)),
    ).toEqual(['expert', 'random', 'idle'])
    await tap(page, 'ArrowDown')
    await atStep(page, 1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('walks to the cell that is clicked beside the player, and greys what is shut', async () => {
    const { page, errors } = await visit('env=sokoban&preset=tiny-1&seed=4')
    expect(await page.$('[aria-label="Seats"]')).toBeNull()
    const shut = await greyed(page)
    expect(shut.length).toBeLessThan(4)
    const names = ['Up', 'Down', 'Left', 'Right']
    const way = names.find((name) => !shut.includes(name))!
    await page.click(`.actions .button:has-text("${way}")`)
    await atStep(page, 1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('shows an episode as a seat saw it, and says that nothing of it is verified', async () => {
    const events: RecordEvent[] = []
    const policies = [await createPolicy('random', { env: mines as never })]
    const config = resolveConfig(mines as never, {})
    const conversation = Conversation.parse({})
    await play([{ episode: 'e', env: mines as never, config, seed: 's', policies, conversation }], {
      onEvent: (event) => events.push(event),
    })
    const replay = new Replay([mines as never])
    for (const event of events) replay.push(event)
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/replays`)
    await page.setInputFiles('input[type=file]', {
      name: 'seen.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(writeSight(replay, 0)),
    })
    await page.waitForSelector('.badge[data-verdict="sight"]')
    expect(await page.textContent('.badge')).toBe('As seat 1 saw it, unverified')
    await drawn(page, '.stage canvas')
    for (const gone of ['Copy the seed', 'Play on by hand from here']) {
      expect(await page.$(`[aria-label="${gone}"]`)).toBeNull()
    }
    if (process.env.KICKPUSH_PICTURES)
      await page.screenshot({ path: `${process.env.KICKPUSH_PICTURES}/seen.png`, fullPage: true })
    expect(errors).toEqual([])
    await page.close()
  })

  test.each([360, 1280])('fits a window of %i', async (width) => {
    const { page, errors } = await visit('env=four&preset=wide&seed=1', { width, height: 800 })
    await click(page, 3, 0, 7, 4)
    await atStep(page, 2)
    if (process.env.KICKPUSH_PICTURES)
      await page.screenshot({ path: `${process.env.KICKPUSH_PICTURES}/seats-${width}.png`, fullPage: true })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(errors).toEqual([])
    await page.close()
  })
})
