import { appendFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLine } from '#core/record/jsonl'
import { run } from '../cli/run.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { drawn, PATIENCE, picture, stepOf } from './look.ts'
import { openSite, type Site } from './site.ts'
import { football, record, sokoban, writeEpisodes, writeRun } from './world.ts'

describe.skipIf(!CHROMIUM)('an episode that leaves the viewer', { timeout: 600_000 }, () => {
  let site: Site
  let folder: string
  let done: string

  beforeAll(async () => {
    site = await openSite()
    folder = await mkdtemp(join(tmpdir(), 'kickpush-share-'))
    await mkdir(site.runs, { recursive: true })
    done = await writeRun(site.runs, 'done-1', 'done', ['fre'])
    await writeEpisodes(done, 'fre', 1, [sokoban('1', 1), football('5'), sokoban('2', 0), sokoban('3', 1)])
  }, 600_000)

  afterAll(async () => {
    await site?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function visit(index: number, query = '') {
    const { page, errors } = await openPage(site.browser)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${site.url}/#/episode/${encodeURIComponent(`done-1/fre-1-${index}`)}${query}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    return { page, errors }
  }
  async function saved(page: Page, press: () => Promise<void>, name: string): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), press()])
    await download.saveAs(join(folder, name))
    return join(folder, name)
  }

  test('notes on steps are kept, and travel in its links', async () => {
    const { page, errors } = await visit(0)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('n')
    await page.keyboard.type('Why here?')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.notes >> text=1 · Why here?')
    await page.reload()
    await page.waitForSelector('.notes >> text=1 · Why here?')
    const links: string[] = []
    for (const button of ['Copy a link to this step', 'Copy the whole episode as a link']) {
      await page.click(`[aria-label="${button}"]`)
      await expect
        .poll(async () => String(await page.evaluate('navigator.clipboard.readText()')), PATIENCE)
        .toMatch(links.length === 0 ? /#\/episode/ : /#\/link/)
      links.push(String(await page.evaluate('navigator.clipboard.readText()')))
    }
    const other = await openPage(await site.browser)
    for (const link of links) {
      await other.page.evaluate('localStorage.clear()').catch(() => {})
      await other.page.goto('about:blank')
      await other.page.goto(link)
      await other.page.click('.notes .mark:has-text("Why here?")')
      await expect.poll(() => stepOf(other.page, '.episode'), PATIENCE).toBe(1)
    }
    expect([...errors, ...other.errors]).toEqual([])
    await page.close()
    await other.page.close()
  })

  test('one file from disk plays and verifies it, and tells what was changed in it', async () => {
    const { page } = await visit(1, `?notes=${encodeURIComponent('[[3,"</script>"]]')}`)
    const file = await saved(
      page,
      () => page.click('[aria-label="Save as a page that plays it"]'),
      'one.html',
    )
    await page.close()
    const { page: alone, errors } = await openPage(site.browser, { width: 400, height: 500 })
    await alone.goto(pathToFileURL(file).href)
    await alone.waitForSelector('.badge[data-verdict=verified]')
    const before = await drawn(alone, '.stage canvas')
    await alone.click('.notes .mark')
    await expect.poll(() => stepOf(alone, 'main'), PATIENCE).toBe(3)
    expect(await alone.textContent('.alone-note')).toBe('3: </script>')
    await expect.poll(() => picture(alone, '.stage canvas'), PATIENCE).not.toBe(before)
    expect(await alone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
    expect(errors).toEqual([])
    const text = await readFile(file, 'utf8')
    const at = text.indexOf('"record":"') + 60
    await writeFile(file, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1))
    await alone.goto(pathToFileURL(file).href)
    await alone.waitForSelector('.badge[data-verdict=differs]')
    await alone.close()
  })

  test('steps of it are saved as a video and as an animation at a size, and drawing them can be stopped', async () => {
    const { page, errors } = await visit(0)
    const open = async (kind: string, to: number) => {
      await page.click('[aria-label="Save a video"]')
      await page.selectOption('.clip select >> nth=0', kind)
      await page.selectOption('.clip select >> nth=1', '320')
      await page.fill('.clip input[type=number] >> nth=1', String(to))
    }
    await open('webm', 2)
    const video = await readFile(await saved(page, () => page.click('text=Draw and save'), 'clip.webm'))
    await page.waitForSelector('.clip', { state: 'detached' })
    // What the browser itself makes of it.
    const size = await page.evaluate(`new Promise((resolve) => {
      const bytes = Uint8Array.from(atob('${video.toString('base64')}'), (one) => one.charCodeAt(0))
      const video = document.createElement('video')
      video.onloadedmetadata = () => resolve([video.videoWidth, video.videoHeight, video.duration])
      video.onerror = () => resolve('error')
      video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }))
    })`)
    expect(size).toEqual([320, 320, expect.closeTo(1, 0)])
    await open('gif', 2)
    const gif = await readFile(await saved(page, () => page.click('text=Draw and save'), 'clip.gif'))
    expect(gif.subarray(0, 6).toString()).toBe('GIF89a')
    expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([320, 320])
    await page.waitForSelector('.clip', { state: 'detached' })
    // Time stands still meanwhile: what is drawn waits between its pictures, and what is said stays.
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await open('webm', 99)
    await page.selectOption('.clip select >> nth=1', '1920')
    await page.click('text=Draw and save')
    await page.waitForSelector('.clip progress:visible')
    await page.click('.clip button:has-text("Cancel")')
    await page.clock.runFor(1)
    await page.waitForSelector('.toast:has-text("Nothing was saved")')
    await page.waitForSelector('text=Draw and save >> visible=true')
    expect(errors).toEqual([])
    await page.close()
  })

  test('a gallery shows many from disk, in the order that is asked for, and verifies what is opened', async () => {
    const out = join(folder, 'gallery')
    const player = join(site.runs, '../client/player.js')
    const {
      code,
      out: said,
      err,
    } = await run('gallery', done, '--out', out, '--order', 'worst', '--player', player)
    expect({ code, said, err }).toEqual({
      code: 0,
      said: [expect.stringContaining('4 episodes, worst first')],
      err: [],
    })
    const { page, errors } = await openPage(site.browser)
    // What files beside the page give can be held back.
    await page.addInitScript(`
      let take, held = null
      Object.defineProperty(globalThis, 'kickpush', {
        set: (next) => { take = next },
        get: () => (given) => { held ? held.push(() => take(given)) : take(given) },
      })
      holdFiles = (on) => { const given = held; held = on ? [] : null; given?.forEach((give) => give()) }
      files = () => held.length
    `)
    await page.goto(pathToFileURL(join(out, 'index.html')).href)
    await page.waitForSelector('.level canvas[width="280"]')
    const titles = () => page.$$eval('.level-name', (all) => all.map((one) => one.textContent))
    expect((await titles())[0]).toBe('tiny-1 · seed 2')
    await page.selectOption('[aria-label="Order"]', 'best first')
    expect((await titles()).at(-1)).toBe('tiny-1 · seed 2')
    await page.fill('[aria-label="Search"]', 'football')
    expect(await titles()).toEqual(['academy_empty_goal_close · seed 5'])
    await page.click('.level a')
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.click('text=All of them')
    await page.waitForSelector('.level')
    // Who does not wait for an episode is not left with its keys.
    await page.evaluate('holdFiles(true)')
    await page.click('.level a')
    await expect.poll(() => page.evaluate('files()'), PATIENCE).toBe(1)
    await page.click('text=All of them')
    await page.waitForSelector('.level')
    await page.evaluate('holdFiles(false)')
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    const space = "new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true })"
    expect(await page.evaluate(`document.body.dispatchEvent(${space})`)).toBe(true)
    expect(errors).toEqual([])
    await page.close()
  })

  test('of a gallery of many only the cards in sight exist, and Back finds the place again', async () => {
    const records = join(folder, 'many.jsonl')
    const played = await record({ ...sokoban('3', 0.5), maxTurns: 2 }, '', {
      run: 'many',
      stage: 'fre',
      update: 0,
    })
    for (let i = 0; i < 300; i++)
      appendFileSync(records, played.map((event) => writeLine({ ...event, episode: `${i}` })).join(''))
    const out = join(folder, 'many')
    const player = join(site.runs, '../client/player.js')
    expect((await run('gallery', records, '--out', out, '--player', player)).code).toBe(0)
    const { page, errors } = await openPage(site.browser)
    await page.goto(pathToFileURL(join(out, 'index.html')).href)
    await page.waitForSelector('.level canvas[width="280"]')
    const there = () => page.$$eval('.level', (all) => all.length)
    expect(await there()).toBeLessThan(60)
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await page.waitForSelector('.level[aria-posinset="300"] canvas[width="280"]')
    expect(await there()).toBeLessThan(60)
    await page.click('.level[aria-posinset="300"] a')
    await page.waitForSelector('.badge[data-verdict=verified]')
    await page.goBack()
    await page.waitForSelector('.level[aria-posinset="300"] canvas[width="280"]')
    await page.setViewportSize({ width: 400, height: 800 })
    await page.waitForFunction('document.documentElement.scrollHeight > 300 * 400')
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await page.waitForSelector('.level[aria-posinset="300"] canvas[width="280"]')
    const lowest = await page.$$eval('.level', (all) => all.map((one) => one.getBoundingClientRect().height))
    expect(new Set(lowest).size).toBe(1)
    expect(errors).toEqual([])
    await page.close()
  })
})
