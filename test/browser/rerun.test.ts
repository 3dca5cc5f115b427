import { readFileSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { few, toy, trainIn } from '../agent/toy.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { openSite, type Site } from './site.ts'

describe.skipIf(!CHROMIUM)('a run of a server', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    const recipe = toy(...few, 'checkpointEvery=1')
    await trainIn(join(site.runs, 'toy-1'), { recipe, workers: 0 })
    await cp(join(site.runs, 'toy-1'), join(site.runs, 'altered'), { recursive: true })
    const metrics = join(site.runs, 'altered/metrics.jsonl')
    const rows = readFileSync(metrics, 'utf8').split('\n')
    rows[2] = rows[2].replace(/"loss":/, '"loss":1')
    writeFileSync(metrics, rows.join('\n'))
  }, 600_000)

  afterAll(() => site?.close())

  const rerun = async (run: string) => {
    const { page } = await openPage(site.browser)
    await page.goto(`${site.url}/#/training/${run}`)
    const report = await (await page.waitForSelector('article')).textContent()
    await page.click('a:has-text("Rerun in this tab")')
    await page.click(`button:has-text("Rerun ${run} in this tab")`)
    const verdict = await page.waitForSelector('.lab-verdict.bad, .lab-verdict[data-over=true]')
    const told = { good: await verdict.evaluate((one) => one.classList.contains('good')), text: '' }
    told.text = (await verdict.textContent()) ?? ''
    await page.close()
    return { report: report ?? '', ...told }
  }

  test('is trained again from its report, and comes to the hash that the report has', async () => {
    const { report, good, text } = await rerun('toy-1')
    expect(text).toMatch(
      /^7 updates and \d checkpoints the same as in toy-1, to the bit; weights [0-9a-f]{16} /,
    )
    const hash = /weights ([0-9a-f]{16}) after update (\d+)/.exec(text)
    expect(report).toContain(`After update ${hash?.[2]}: weights ${hash?.[1]}`)
    expect(good).toBe(true)
  })

  test('has a Lab that takes games by hand, and a viewer that takes none', async () => {
    const policy = async (path: string) =>
      (await fetch(`${site.url}/${path}`)).headers.get('content-security-policy')
    expect(await policy('tab.html')).toContain("script-src 'self' blob: 'wasm-unsafe-eval';")
    expect(await policy('')).toContain("script-src 'self' 'wasm-unsafe-eval';")
    const { page } = await openPage(site.browser)
    await page.goto(`${site.url}/tab.html#/lab`)
    await page.click('.lab-own > summary')
    await page.fill('.lab-own-text', "import { z } from 'kickpush/env'\nexport const one = [z]")
    await page.click('button:has-text("Check and add")')
    await page.waitForSelector('.lab-own-result:has-text("It cannot be taken: it exports no game")')
    await page.close()
  })

  test('that was altered is told by its first update', async () => {
    const { good, text } = await rerun('altered')
    expect(text).toMatch(/^Differs from altered: update 2: loss is [\d.e-]+, was 1/)
    expect(good).toBe(false)
  })
})
