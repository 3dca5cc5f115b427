import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { parseRecipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { browserText } from '#registry/browser'
import { MemoryStore } from '#stores/memory'
import { unzipped } from '../../client/lab/zip.ts'
import { CHROMIUM, launch } from './browser.ts'
import { PATIENCE } from './look.ts'
import { buildSite, comparable, filesOf, type StaticSite } from './tab.ts'

const QUICK = readFileSync(new URL('../../recipes/quick.yaml', import.meta.url), 'utf8')
/** The first updates of each stage, on few levels. */
const RECIPE = QUICK.replaceAll('groups: 16', 'groups: 2')
  .replaceAll('groupSize: 8', 'groupSize: 4')
  .replace('updates: 80', 'updates: 8')
  .replace('updates: 12', 'updates: 3')
  .replace('updates: 20', 'updates: 1')
  .replace('checkpointEvery: 5', 'checkpointEvery: 1')
  .replace(/evaluation:[\s\S]*$/, (evaluation) =>
    evaluation
      .replace(/agents: .*/, 'agents: [mgt, expert]')
      .replace('episodes: 500', 'episodes: 8')
      .replace(/greedy[\s\S]*$/, ''),
  )

describe.skipIf(!CHROMIUM)('the Lab', { timeout: 600_000 }, () => {
  let site: StaticSite
  let browser: Browser
  let context: BrowserContext

  /** A tab of one browser, with the files that it keeps. */
  const open = async () => {
    const tab = await context.newPage()
    tab.setDefaultTimeout(400_000)
    await tab.goto(`${site.url}/#/lab`)
    await tab.waitForSelector('.lab-text')
    await expect.poll(() => tab.inputValue('.lab-text'), PATIENCE).not.toBe('')
    return tab
  }
  const write = async (tab: Page, recipe: string) => {
    await tab.fill('.lab-text', recipe)
    await tab.waitForSelector('button:has-text("Train in this tab"):enabled')
  }
  /**
   * Holds a tab's learner up before it finishes another checkpoint than those that it may: it can be looked at for as long
   * as one likes. The result lets it finish more of them.
   */
  const hold = async (tab: Page, first: number) => {
    const house = tab.workers().find((worker) => /\/house-/.test(worker.url()))
    if (!house) throw new Error('the tab has no house')
    await house.evaluate(`
      const write = FileSystemFileHandle.prototype.createWritable
      const waiting = []
      let may = 0
      allow = (more) => {
        may += more
        for (const go of waiting.splice(0, may)) { may--; go() }
      }
      FileSystemFileHandle.prototype.createWritable = async function (...given) {
        if (this.name === 'progress.json') await new Promise((go) => { waiting.push(go); allow(0) })
        return write.apply(this, given)
      }
    `)
    const allow = (more: number) => house.evaluate(`allow(${more})`)
    await allow(first)
    return allow
  }
  const runIs = (tab: Page, run: string, status: string) =>
    tab.waitForSelector(`.lab-run[data-run="${run}"][data-status="${status}"]`)
  /** It says that it is at one of these updates: all that it may come to, for a busy page does not tell each of them. */
  const isAt = (tab: Page, updates: string) =>
    tab.waitForFunction(
      `/fre: update [${updates}] of 8/.test(document.querySelector('.lab-now')?.textContent ?? '')`,
    )

  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launch(), buildSite()])
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
  }, 600_000)

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  test('says what is wrong with a recipe, in which line, and what a key means', async () => {
    const tab = await open()
    expect(await tab.inputValue('.lab-text')).toBe(QUICK)
    await tab.fill('.lab-text', QUICK.replace('updates: 12', 'updates: none'))
    const problem = await tab.waitForSelector('.lab-problem')
    const line = QUICK.split('\n').findIndex((one) => one.includes('updates: 12')) + 1
    expect(await problem.textContent()).toContain(`Line ${line} `)
    expect(await tab.isDisabled('button:has-text("Train in this tab")')).toBe(true)
    await problem.click()
    expect(await tab.textContent('.lab-help')).toContain('stages.updates the budget')
    await tab.fill('.lab-text', QUICK.replace('seed: 1', 'seed: [1'))
    await tab.waitForSelector('.lab-problem:has-text("at line")')
    await tab.close()
  })

  test('leaves what somebody has written before the recipes came', async () => {
    const early = await browser.newContext({ serviceWorkers: 'block' })
    early.setDefaultTimeout(400_000)
    let come = () => {}
    const coming = new Promise<void>((resolve) => {
      come = resolve
    })
    await early.route(/\/recipes-[^/]*\.js$/, async (route) => {
      await coming
      await route.continue()
    })
    const tab = await early.newPage()
    await tab.goto(`${site.url}/#/lab`)
    await tab.fill('.lab-text', RECIPE)
    come()
    await tab.waitForSelector('[aria-label="Recipe"] option', { state: 'attached' })
    await tab.waitForSelector('button:has-text("Train in this tab"):enabled')
    expect(await tab.inputValue('.lab-text')).toBe(RECIPE)
    await early.close()
  })

  test('trains, pauses, goes on after its tab was killed, and its zip has the bytes of Node', async () => {
    const store = new MemoryStore('quick-1')
    const recipe = { ...parseRecipe(RECIPE, [], 'recipe'), exhibition: [] }
    await train({ host: node, recipe, store, run: 'quick-1', workers: 0 })
    const files = await filesOf(store)

    const tab = await open()
    await write(tab, RECIPE)
    // Those of its beginning and of its first update.
    const allow = await hold(tab, 2)
    await tab.click('button:has-text("Train in this tab")')
    await isAt(tab, '12')
    await tab.click('button:has-text("Pause")')
    await allow(1)
    await runIs(tab, 'quick-1', 'stopped')
    await tab.click('[aria-label="Go on: quick-1"]')
    await allow(1)
    // It can be watched while it learns.
    await isAt(tab, '234')
    await tab.waitForSelector('.lab-wall .tile')
    await tab.close()

    const again = await open()
    await again.click('[aria-label="Go on: quick-1"]')
    await runIs(again, 'quick-1', 'done')
    const [download] = await Promise.all([
      again.waitForEvent('download'),
      again.click('[aria-label="Save as zip: quick-1"]'),
    ])
    const zip = unzipped(await readFile(await download.path()))
    expect(zip.name).toBe('quick-1')
    const { 'run.json': info, 'report.md': report, ...others } = zip.files
    expect(JSON.parse(Buffer.from(info).toString())).toMatchObject({ id: 'quick-1', status: 'done' })
    expect(Buffer.from(report).toString()).toContain('a tab of Chromium')
    const saved = Object.entries(others).map(([path, bytes]) => [path, comparable(path, bytes)])
    expect(Object.fromEntries(saved)).toEqual(files)

    // Its table and its curves are those of the product.
    await again.click('.lab-run >> text=Report')
    await again.waitForSelector('article td:has-text("expert")')
    await again.waitForSelector('article img[src^="blob:"]')
    await again.goto(`${site.url}/#/training?run=quick-1`)
    await again.waitForSelector('.chart[data-metric="success"] canvas')

    // What was saved comes back, and proves itself.
    await again.goto(`${site.url}/#/lab`)
    await again.setInputFiles('input[accept=".zip"]', await download.path())
    await runIs(again, 'quick-1-1', 'done')
    await again.click('[aria-label="Rerun and compare: quick-1-1"]')
    await again.waitForSelector('.lab-verdict.good[data-over=true]')
    const verdict = await again.textContent('.lab-verdict')
    expect(verdict).toMatch(/^12 updates and [3-9] checkpoints the same as in quick-1-1/)
    for (const run of ['quick-1', 'quick-1-1', 'quick-1-1-again-1']) {
      // The page itself presses, for what is pressed once is forgotten after a while.
      await again.evaluate(`(async () => {
        const button = () => document.querySelector('[aria-label="Delete: ${run}"]')
        button().click()
        while (button().textContent !== 'Delete?') await new Promise((soon) => setTimeout(soon))
        button().click()
      })()`)
      await again.waitForSelector(`[data-run="${run}"]`, { state: 'detached' })
    }
    await again.close()
  })

  test('names the first update that differs, and refuses what is no run', async () => {
    const tab = await open()
    const store = new MemoryStore('quick-1')
    const recipe = { ...parseRecipe(RECIPE, [], 'recipe'), exhibition: [], evaluation: undefined }
    await train({ host: node, recipe, store, run: 'altered', workers: 0 })
    const rows = Buffer.from((await store.read('metrics.jsonl'))!)
      .toString()
      .split('\n')
    rows[1] = rows[1].replace(/"tokens":\d+/, '"tokens":7')
    const { zipSync, strToU8 } = await import('fflate')
    const bad = zipSync({
      'altered/run.json': (await store.read('run.json'))!,
      'altered/metrics.jsonl': strToU8(rows.join('\n')),
    })
    const upload = (name: string, buffer: Uint8Array) =>
      tab.setInputFiles('input[accept=".zip"]', {
        name,
        mimeType: 'application/zip',
        buffer: Buffer.from(buffer),
      })
    await upload('altered.zip', bad)
    await runIs(tab, 'altered-1', 'done')
    await tab.click('[aria-label="Rerun and compare: altered-1"]')
    await tab.waitForSelector('.lab-verdict.bad:has-text("update 1: tokens is")')
    await upload('nothing.zip', zipSync({ 'a.txt': strToU8('a') }))
    await tab.waitForSelector('.lab-failure:has-text("the zip holds no run: there is no run.json in it")')
    await tab.close()
  })

  test("takes a game of one's own that keeps the contract, to play, train and watch", async () => {
    const file = new URL('../../src/cli/template/index.ts', import.meta.url)
    const bundle = await browserText({ name: '', href: file.href, package: '', version: '', browser: null })
    if (!('text' in bundle)) throw new Error(bundle.missing)
    const tab = await open()
    await tab.click('.lab-own > summary')
    const bring = async (text: string) => {
      await tab.fill('.lab-own-text', text)
      await tab.click('button:has-text("Check and add")')
    }
    const told = (what: string) => tab.waitForSelector(`.lab-own-result:has-text(${JSON.stringify(what)})`)
    // Rules without an end hold nobody up.
    await bring('for (;;) {}')
    await told('Loading it')
    await tab.click('.lab-own button:has-text("Stop")')
    await told('Stopped')
    await bring(
      "import { z } from 'kickpush/env'\nexport const game = { id: 'few', title: '', version: 1, look: 1, terms: [], config: z.object({}) }",
    )
    await told("has no 'presets'")
    const chance = bundle.text.replace(/export *\{ *(\w+) as (\w+)/, (_, inner, outer) => {
      return `const other = { ...${inner}, text: () => String(Math.random()) }; export { other as ${outer}`
    })
    expect(chance).not.toBe(bundle.text)
    await bring(chance)
    await told('It breaks a promise: coinfield:')
    await bring(bundle.text)
    await told('coinfield: all checks hold')
    await tab.waitForSelector('.lab-own [data-game=coinfield]')
    const recipe = await tab.inputValue('.lab-text')
    expect(recipe).toContain('env: coinfield')
    await write(
      tab,
      recipe
        .replace('updates: 100', 'updates: 2')
        .replace('updates: 20', 'updates: 1')
        .replace(/evaluation:[\s\S]*$/, ''),
    )
    await tab.click('button:has-text("Train in this tab")')
    await runIs(tab, 'coinfield-1', 'done')
    await tab.close()

    // It is still there tomorrow.
    const again = await open()
    await again.goto(`${site.url}/#/replays?run=coinfield-1`)
    await again.click('a[href*="episode/coinfield-1"]')
    await again.waitForSelector('.stage canvas[height]')
    await again.goto(`${site.url}/#/play?env=coinfield`)
    await again.waitForSelector('.stage canvas[height]')
    await again.close()
  })

  test('needs no network once it is there', async () => {
    const tab = await open()
    await tab.waitForFunction(() => {
      const { navigator } = globalThis as unknown as { navigator: { serviceWorker: { controller: unknown } } }
      return navigator.serviceWorker.controller !== null
    })
    await site.close()
    await tab.reload()
    await tab.waitForSelector('.lab-text')
    await write(tab, RECIPE)
    await tab.click('button:has-text("Train in this tab")')
    // An update may be over before anybody has read that it began; the run stays in the list.
    await runIs(tab, 'quick-1', 'done')
    expect(await tab.textContent('.lab-failure')).toBe('')
    await tab.click('nav a[data-page=play]')
    await tab.waitForSelector('.stage canvas[height]')
  })
})
