import { mkdir, writeFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import { Conversation, type Policy, type Response } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { envs } from '#envs'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, picture, stepOf, still } from './look.ts'
import { openSite, type Site } from './site.ts'
import { football, sokoban, writeEpisodes, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('an episode in Chromium', { timeout: 600_000 }, () => {
  let site: Site
  let page: Page
  let errors: string[]

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const done = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    const runner = { ...football('3'), config: { preset: 'academy_empty_goal' }, skill: 1, maxTurns: 200 }
    const clumsy = { ...sokoban('1', 7 / 12), config: { preset: 'tiny-2' } }
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 0.4), runner, clumsy])
  }, 600_000)

  afterAll(() => site?.close())

  async function open(index: number, look: { reducedMotion?: 'reduce' } = {}): Promise<number> {
    const opened = await openPage(site.browser, look)
    page = opened.page
    errors = opened.errors
    await page.goto(`${site.url}/#/episode/${encodeURIComponent(`done-1/fre-1-${index}`)}?step=0`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    const length = /\d+/.exec((await page.textContent('.badge')) ?? '')?.[0] ?? ''
    await expect.poll(() => page.getAttribute('.scrub', 'max'), PATIENCE).toBe(length)
    return Number(length)
  }

  test('a jump to a goal leads in by seconds of play, and marks the moment', async () => {
    const length = await open(1)
    await page.waitForSelector('.mark:has-text("goal")')
    await page.selectOption('[aria-label=Speed]', '0.25')
    await page.click('.mark:has-text("goal")')
    const first = await stepOf(page, '.episode')
    expect(first).toBeLessThan(length - 10)
    await expect.poll(() => stepOf(page, '.episode'), PATIENCE).toBeGreaterThan(first)
    await page.keyboard.press('End')
    await page.waitForSelector('.stage-moment:has-text("goal")')
    expect(errors).toEqual([])
    await page.close()
  })

  test('above a match stand shots and who had the ball; its goal is shown again slowly, then it goes on as before', async () => {
    const length = await open(1)
    await page.waitForSelector('.score-points')
    for (const later of ['.score-held', '.score-attempts']) expect(await page.locator(later).count()).toBe(0)
    await page.selectOption('[aria-label=Speed]', '8')
    await page.locator('[aria-label=Speed]').blur()
    await page.keyboard.press('End')
    expect(await page.textContent('.score-held')).toMatch(/^[1-9]\d* %\d+ %$/)
    expect(await page.textContent('.score-attempts')).toMatch(/^shots [1-9]\d* : 0$/)
    expect(await page.textContent('.score-points')).toBe('1 : 0')
    const speed = () => page.inputValue('[aria-label=Speed]')
    expect(await speed()).toBe('8')
    await page.click('text=Again, slowly')
    expect(await speed()).toBe('0.5')
    const back = await stepOf(page, '.episode')
    // It may already go on.
    expect(back).toBeLessThan(length)
    expect(back).toBeGreaterThanOrEqual(length - 40)
    // The rest of it at once: what is waited for is its end, and not the clock.
    await page.keyboard.press('End')
    await expect.poll(speed, PATIENCE).toBe('8')
    expect(errors).toEqual([])
    await page.close()
  })

  test('where the ball and the players have been lies warm over the pitch', async () => {
    await open(1, { reducedMotion: 'reduce' })
    await page.keyboard.press('End')
    const board = '.stage canvas'
    const plain = await still(page, board)
    await page.click('text=Visits')
    await expect.poll(() => picture(page, board), PATIENCE).not.toBe(plain)
    const whose = page.locator('[aria-label="Whose visits"]')
    expect(await whose.locator('option').allTextContents()).toEqual([
      'its own',
      'ball',
      'own side',
      'other side',
    ])
    const own = await picture(page, board)
    await whose.selectOption('ball')
    await expect.poll(() => picture(page, board), PATIENCE).not.toBe(own)
    await page.click('text=Visits')
    await expect.poll(() => picture(page, board), PATIENCE).toBe(plain)
    expect(errors).toEqual([])
    await page.close()
  })

  test('Space after a click on a moment plays, and does not jump again', async () => {
    await open(0)
    await page.click('.mark >> nth=0')
    const there = await stepOf(page, '.episode')
    expect(there).toBeGreaterThanOrEqual(0)
    await page.keyboard.press('Space')
    await page.waitForSelector('[aria-label=Pause]')
    await page.keyboard.press('Space')
    await page.waitForSelector('[aria-label=Play]')
    expect(await stepOf(page, '.episode')).toBeGreaterThanOrEqual(there)
    expect(errors).toEqual([])
    await page.close()
  })

  test('how an answer ended is told where it was not in the format', async () => {
    const answers: Response[] = [
      { valid: false, actions: [], end: 'cut off', reason: 'Think less.', text: '<think>first' },
      { valid: true, actions: [0], format: 'lenient', text: '**Up**', reasoning: 'It is above.' },
    ]
    const events: RecordEvent[] = []
    const policy: Policy = { id: 'chat', act: async ([{ turn }]) => [answers[Math.min(turn, 1)]] }
    const env = findEnv(envs, 'sokoban')
    const config = resolveConfig(env, { preset: 'tiny-1' })
    const conversation = Conversation.parse({ maxTurns: 2 })
    await play(
      [{ episode: 'told', env, config, seed: '5', policies: [policy], conversation, run: 'done-1' }],
      {
        onEvent: (event) => events.push(event),
      },
    )
    await writeFile(`${site.runs}/done-1/episodes/told.jsonl`, events.map(writeLine).join(''))
    const opened = await openPage(site.browser)
    await opened.page.goto(`${site.url}/#/episode/${encodeURIComponent('done-1/told')}?step=0`)
    const panel = opened.page.locator('.episode')
    await panel.locator('summary:has-text("Turn 1") .chip:text-is("cut off")').waitFor()
    await panel.locator('header .chip:text-is("lenient")').waitFor()
    expect(await panel.locator('details:has-text("Reasoning beside it") pre').textContent()).toBe(
      'It is above.',
    )
    expect(opened.errors).toEqual([])
    await opened.page.close()
  })

  test('what was earned and what was expected are on axes of their own', async () => {
    await open(0)
    await page.waitForSelector('.curve-head:not([hidden]):has-text("Regret")')
    const titles = await page.$$eval('.curve-head:not([hidden])', (heads) =>
      heads.map((head) => head.textContent),
    )
    expect(titles).toHaveLength(3)
    expect(titles[0]).toMatch(/^Earned.*return/)
    expect(titles[0]).not.toContain('value')
    expect(titles[1]).toMatch(/^Expected.*value/)
    expect(titles[2]).toMatch(/^Regret/)
    expect(await page.locator('canvas.curve:visible').count()).toBe(3)
    await page.close()
  })

  test('the timeline zooms, loops, goes from moment to moment and leaves kinds out', async () => {
    const length = await open(0)
    const before = await drawn(page, '.lane')
    await page.keyboard.press('+')
    await page.keyboard.press('+')
    await expect.poll(() => page.getAttribute('.scrub', 'max'), PATIENCE).not.toBe(String(length))
    await expect.poll(() => picture(page, '.lane'), PATIENCE).not.toBe(before)
    await page.keyboard.press('0')
    await expect.poll(() => page.getAttribute('.scrub', 'max'), PATIENCE).toBe(String(length))
    await page.keyboard.press('l')
    await page.waitForSelector('[aria-label="Play what is shown round and round"][aria-pressed=true]')
    await page.keyboard.press('l')
    await page.keyboard.press('.')
    const first = await stepOf(page, '.episode')
    await page.keyboard.press('.')
    expect(await stepOf(page, '.episode')).not.toBe(first)
    await page.keyboard.press(',')
    expect(await stepOf(page, '.episode')).toBe(first)
    for (const box of await page.$$('.lane-shown')) await box.uncheck()
    await page.keyboard.press('Home')
    await page.keyboard.press('.')
    expect(await stepOf(page, '.episode')).toBe(0)
    const lane = await page.locator('.lane').first().boundingBox()
    if (!lane) throw new Error('the lane has a place')
    await page.mouse.move(lane.x + lane.width / 2, lane.y + 5)
    await page.waitForSelector('.peek:visible')
    await page.mouse.down()
    await page.mouse.up()
    expect(await stepOf(page, '.episode')).toBe(Math.round(length / 2))
    expect(errors).toEqual([])
    await page.close()
  })

  test('mistakes are found by the solver, and another agent plays on from any step', async () => {
    await open(2)
    await page.waitForSelector('.curve-head:not([hidden]):has-text("Regret")')
    const practise = await page.waitForSelector('text=/Practise from step \\d+, before/')
    const before = Number(/step (\d+)/.exec((await practise.textContent()) ?? '')?.[1])
    expect(await practise.getAttribute('href')).toContain(`step=${before}`)
    await page.keyboard.press('ArrowRight')
    await page.selectOption('[aria-label="Who plays on"]', 'expert')
    await page.click('text=Let it play on')
    await page.waitForSelector('.duel [aria-label="Episode B"] .badge[data-verdict=verified]')
    await page.waitForSelector('[aria-label="Episode B"] .chip.good:has-text("solved")')
    expect(await page.textContent('[aria-label="Episode B"]')).toContain('expert from step 1')
    await expect.poll(() => page.textContent('.head'), PATIENCE).toMatch(/at step ([2-9]|\d\d)|Same actions/)
    expect(errors).toEqual([])
    await page.close()
  })
})
