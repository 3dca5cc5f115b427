import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, stepOf, tap } from './look.ts'
import { openSite, type Site } from './site.ts'

const COLLECTION = `; One push
#####
#@$.#
#####

; Two boxes
#######
#     #
# $.  #
# .$@ #
#     #
#######

; In a corner
#####
#$ .#
#@  #
#####
`
const XML = `<?xml version="1.0"?>
<SokobanLevels><Title>Two</Title><LevelCollection>
<Level Id="First"><L>#####</L><L>#@$.#</L><L>#####</L></Level>
<Level Id="Second"><L>######</L><L>#@ $.#</L><L>######</L></Level>
</LevelCollection></SokobanLevels>`
/** A room in which every second way of a hand ends at a wall. */
const NOOKS = '########\n#@     #\n#   #  #\n#      #\n#  #$  #\n#    . #\n########'
/** A room to walk in. */
const ROOM = '########\n#@     #\n#      #\n#   $  #\n#      #\n#     .#\n########'

describe.skipIf(!CHROMIUM)('making and playing levels', { timeout: 600_000 }, () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  }, 600_000)
  afterAll(() => site?.close())

  async function visit(hash: string, size: { width?: number; height?: number } = {}) {
    const { page, errors } = await openPage(site.browser, size)
    await page.goto(`${site.url}/${hash}`)
    return { page, errors }
  }
  const room = (level = ROOM) =>
    `#/play?${new URLSearchParams({ env: 'sokoban', config: JSON.stringify({ level }) })}`
  const atStep = (page: Page, step: number) => page.waitForSelector(`main[data-step="${step}"]`)
  /** The middle of a cell of a board. */
  async function cell(page: Page, column: number, row: number, columns: number, rows: number) {
    await drawn(page, '.stage canvas')
    const box = (await page.locator('.stage canvas').boundingBox())!
    return { x: box.x + ((column + 0.5) / columns) * box.width, y: box.y + ((row + 0.5) / rows) * box.height }
  }

  test('a file of levels is browsed as pictures with titles, solved, watched and played', async () => {
    const { page, errors } = await visit('#/replays')
    await page.setInputFiles('input[type=file]', {
      name: 'some.xsb',
      mimeType: 'text/plain',
      buffer: Buffer.from(COLLECTION),
    })
    await page.waitForSelector('.level >> nth=2')
    expect(await page.$$eval('.level-name', (all) => all.map((one) => one.textContent))).toEqual([
      'One push',
      'Two boxes',
      'In a corner',
    ])
    await page.waitForSelector('.level >> nth=0 >> canvas[width="320"]')
    await page.click('text=Solve all that are shown')
    await page.waitForSelector('.level[data-number="3"][data-answer="open"]')
    expect(await page.textContent('.level[data-number="1"]')).toContain('solved in 1 step')
    expect(await page.textContent('.level[data-number="3"]')).toContain('cannot be solved')
    await page.click('.level[data-number="2"] button:has-text("Watch")')
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.waitForSelector('.head .chip:has-text("solved")')
    await page.goBack()
    await page.click('.level[data-number="1"] a:has-text("Play")')
    await atStep(page, 0)
    await page.keyboard.press('ArrowRight')
    await page.waitForSelector('.chip:has-text("solved")')
    await page.goto(`${site.url}/#/levels`)
    await page.setInputFiles('input[type=file]', {
      name: 'two.slc',
      mimeType: 'text/xml',
      buffer: Buffer.from(XML),
    })
    await page.waitForSelector('h1:has-text("two.slc")')
    expect(await page.$$eval('.level-name', (all) => all.map((one) => one.textContent))).toEqual([
      'First',
      'Second',
    ])
    expect(errors).toEqual([])
    await page.close()
  })

  test('a level is painted, told what is wrong with it, solved, and its link plays it', async () => {
    const config = JSON.stringify({ level: ROOM })
    const { page, errors } = await visit(
      `#/edit?${new URLSearchParams({ env: 'sokoban', config, name: 'Mine' })}`,
    )
    await page.click('[data-brush=box]')
    const place = await cell(page, 4, 2, 8, 7)
    await page.mouse.click(place.x, place.y)
    await page.waitForSelector('.edit-status:has-text("2 boxes but 1 targets")')
    expect(await page.isDisabled('button:has-text("Solve")')).toBe(true)
    await page.keyboard.press('3')
    const [from, to] = [await cell(page, 2, 5, 8, 7), await cell(page, 2, 5, 8, 7)]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y)
    await page.mouse.up()
    await page.waitForSelector('.edit-status[data-good=true]')
    await page.keyboard.press('Control+z')
    await page.waitForSelector('.edit-status[data-good=false]')
    await page.keyboard.press('Control+y')
    // The player is carried two cells to the right.
    await page.click('[data-brush=carry]')
    const [player, there] = [await cell(page, 1, 1, 8, 7), await cell(page, 3, 1, 8, 7)]
    await page.mouse.move(player.x, player.y)
    await page.mouse.down()
    await page.mouse.move(there.x, there.y)
    await page.mouse.up()
    await page.click('button:has-text("Solve")')
    await page.waitForSelector('text=/Solved in \\d+ steps/')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save the level')])
    expect(await readFile(await download.path(), 'utf8')).toBe(
      '; Mine\n########\n#  @   #\n#   $  #\n#   $  #\n#      #\n# .   .#\n########\n',
    )
    const lab = new URL((await page.getAttribute('a:has-text("Send to training")', 'href')) ?? '', site.url)
    expect(new URLSearchParams(lab.hash.split('?')[1]).get('config')).toContain('#  @   #')
    await page.click('.side a:has-text("Play")')
    await atStep(page, 0)
    await tap(page, 'ArrowRight')
    await atStep(page, 1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('players and ball of a scenario are carried, and it is saved as the config that plays it', async () => {
    const { page, errors } = await visit('#/edit?env=football&preset=academy_empty_goal')
    const spot = async (x: number, y: number) => {
      await drawn(page, '.stage canvas')
      const box = (await page.locator('.stage canvas').boundingBox())!
      return { x: box.x + (x / 1280) * box.width, y: box.y + (y / 800) * box.height }
    }
    // The ball lies at (0, 0.5) of the scenario's field, which is the middle of the right half.
    const football = findEnv(envs, 'football')
    const before = resolveConfig(football, { preset: 'academy_empty_goal' }) as {
      scenario: { ball: number[] }
    }
    const at = { x: 640 + before.scenario.ball[0] * 544, y: 400 + before.scenario.ball[1] * 836 }
    const [from, to] = [await spot(at.x, at.y), await spot(640 - 272, 400)]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 3 })
    await page.mouse.up()
    await page.waitForSelector('button:has-text("Take back"):enabled')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save as config')])
    const saved = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(saved.scenario.ball[0]).toBeCloseTo(-0.5, 1)
    expect(() => football.reset(resolveConfig(football, saved), '1')).not.toThrow()
    expect(errors).toEqual([])
    await page.close()
  })

  test('a held key repeats, a click walks there, and neither leaving nor starting again loses the game', async () => {
    const { page, errors } = await visit(room())
    await atStep(page, 0)
    // To the wall, and no step more.
    await page.keyboard.down('ArrowRight')
    await atStep(page, 5)
    await page.keyboard.up('ArrowRight')
    const place = await cell(page, 1, 5, 8, 7)
    await page.mouse.click(place.x, place.y)
    const steps = 5 + 5 + 4
    await atStep(page, steps)
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('h1:has-text("Replays")')
    await page.goBack()
    await atStep(page, steps)
    await page.reload()
    await atStep(page, steps)
    await page.keyboard.press('Enter')
    await atStep(page, 0)
    await page.click('text=The game before')
    await atStep(page, steps)
    await page.keyboard.press('Backspace')
    await atStep(page, steps - 1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('a game that goes on by itself stops when told, and when nobody looks', async () => {
    const { page, errors } = await visit('#/play?env=football&preset=11_vs_11_stochastic')
    await atStep(page, 0)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => stepOf(page, 'main'), PATIENCE).toBeGreaterThan(2)
    await page.keyboard.press('p')
    await page.waitForSelector('.stage-paused:visible')
    const step = await stepOf(page, 'main')
    await page.click('.stage-paused')
    await expect.poll(() => stepOf(page, 'main'), PATIENCE).toBeGreaterThan(step)
    await page.evaluate(`Object.defineProperty(document, 'hidden', { get: () => true })
      document.dispatchEvent(new Event('visibilitychange'))`)
    await page.waitForSelector('.stage-paused:visible')
    expect(errors).toEqual([])
    await page.close()
  })

  test('fingers stroke and pinch, and a gamepad plays', async () => {
    const { page, errors } = await openPage(site.browser, { width: 390, height: 800 })
    await page.addInitScript(`
      globalThis.pad = { connected: true, axes: [0, 0], buttons: Array.from({ length: 17 }, () => ({ pressed: false })) }
      navigator.getGamepads = () => [globalThis.pad]`)
    await page.goto(`${site.url}/${room(NOOKS)}`)
    await atStep(page, 0)
    const touch = await page.context().newCDPSession(page)
    const fingers = async (type: string, ...points: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: points.map((point, id) => ({ ...point, id })),
      })
    const { x, y } = await cell(page, 3, 3, 8, 7)
    await fingers('touchStart', { x, y })
    await fingers('touchMove', { x: x + 30, y })
    await atStep(page, 1)
    await fingers('touchMove', { x: x + 30, y: y + 30 })
    await fingers('touchEnd')
    await atStep(page, 2)
    const before = await drawn(page, '.stage canvas')
    await fingers('touchStart', { x: x - 20, y })
    await fingers('touchStart', { x: x - 20, y }, { x: x + 20, y })
    await fingers('touchMove', { x: x - 60, y }, { x: x + 60, y })
    await fingers('touchEnd')
    await expect.poll(() => drawn(page, '.stage canvas'), PATIENCE).not.toBe(before)
    expect(await stepOf(page, 'main')).toBe(2)
    // Each goes as far as a wall, so that one that is held for long does no more than one that is let go.
    await page.evaluate('globalThis.pad.buttons[15].pressed = true')
    await atStep(page, 3)
    await page.evaluate('globalThis.pad.buttons[15].pressed = false; globalThis.pad.axes = [0, 1]')
    await atStep(page, 4)
    expect(errors).toEqual([])
    await page.close()
  })
})
