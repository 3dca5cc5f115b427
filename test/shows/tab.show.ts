/**
 * The static site: Chromium trains the first 12 updates on text and 3 on frames of recipes/quick.yaml in a tab, is killed on its
 * way, goes on, and ends with Node's bytes; tokens per CPU-second of both; sizes of the first load; and all of it again with
 * no network. `npm run build:site` first, or --site <folder>.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { node } from '#agent/hosts/node/index'
import { parseRecipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { MemoryStore } from '#stores/memory'
import { unzipped } from '../../client/lab/zip.ts'
import { CHROMIUM, launch } from '../browser/browser.ts'
import { comparable, filesOf, serveFolder } from '../browser/tab.ts'
import { claim, ROOT, SKIPPED, show } from './show.ts'

const given = process.argv.indexOf('--site')
const SITE = given < 0 ? join(ROOT, 'dist/site') : process.argv[given + 1]
const [TEXT, FRAMES] = [12, 3]

if (!CHROMIUM || !existsSync(join(SITE, 'index.html'))) {
  console.log(
    `skipped: ${CHROMIUM ? `there is no site in ${SITE}: npm run build:site` : 'there is no Chromium'}`,
  )
  process.exit(SKIPPED)
}

const RECIPE = readFileSync(join(ROOT, 'recipes/quick.yaml'), 'utf8')
  .replace('updates: 80', `updates: ${TEXT}`)
  .replace('updates: 12\n', `updates: ${FRAMES}\n`)
  .replace(/ {2}- name: shuffled[\s\S]*$/, '')

/** CPU seconds that a process and all below it have used. */
function secondsOf(pid: number): number {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,cputimes='], { encoding: 'utf8' })
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const family = new Set([pid])
  for (let grown = true; grown; ) {
    grown = false
    for (const [child, parent] of rows) {
      if (!family.has(parent) || family.has(child)) continue
      family.add(child)
      grown = true
    }
  }
  return rows.reduce((sum, [child, , seconds]) => sum + (family.has(child) ? seconds : 0), 0)
}

const tokensIn = (metrics: string): number =>
  [...metrics.matchAll(/"tokens":(\d+)/g)].reduce((sum, [, tokens]) => sum + Number(tokens), 0)

await show(async () => {
  const recipe = parseRecipe(RECIPE, [], 'recipe')
  const store = new MemoryStore('quick-1')
  const began = process.cpuUsage()
  await train({ host: node, recipe, store, run: 'quick-1', workers: 1 })
  const { user, system } = process.cpuUsage(began)
  const files = await filesOf(store)
  const tokens = tokensIn(files['metrics.jsonl'])
  const inNode = tokens / ((user + system) / 1e6)

  const site = await serveFolder(SITE)
  const browser = await launch()
  const pid = Number(
    execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .find((line) => Number(line.trim().split(/\s+/)[1]) === process.pid && line.includes('--headless'))
      ?.trim()
      .split(/\s+/)[0],
  )
  const context = await browser.newContext({ acceptDownloads: true })
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    page.setDefaultTimeout(240_000)
    await page.goto(`${site.url}/#/lab`)
    await page.waitForSelector('.lab-text')
    return page
  }
  const page = await open()
  await page.waitForSelector('button:has-text("Train in this tab"):enabled')
  const first = [...new Set(site.asked)]
  await page.fill('.lab-text', RECIPE)
  await page.waitForTimeout(1000)
  const before = secondsOf(pid)
  await page.click('button:has-text("Train in this tab")')
  await page.waitForSelector('.lab-now:has-text("fre: update")')
  await page.close()
  const again = await open()
  await again.click('[aria-label="Go on: quick-1"]')
  await again.waitForSelector('.lab-run[data-run="quick-1"][data-status="done"]')
  const spent = secondsOf(pid) - before
  const [download] = await Promise.all([
    again.waitForEvent('download'),
    again.click('[aria-label="Save as zip: quick-1"]'),
  ])
  const zip = unzipped(readFileSync(await download.path()))
  const paths = Object.keys(files)
  const other = paths.filter((path) => comparable(path, zip.files[path] ?? new Uint8Array()) !== files[path])
  claim(
    `${TEXT} + ${FRAMES} updates of quick, killed on the way: ${paths.length} files as in Node`,
    other.length === 0,
    other.length === 0
      ? `${paths.filter((path) => path.startsWith('checkpoints')).length} of checkpoints`
      : other[0],
  )
  const inTab = tokens / spent
  claim(
    `tokens a CPU-second: ${Math.round(inNode)} in Node, ${Math.round(inTab)} in Chromium with all its processes`,
    true,
    `${(inTab / inNode).toFixed(2)} times`,
  )

  const sizeOf = (file: string): number =>
    gzipSync(readFileSync(join(SITE, file === '/' ? 'index.html' : file)), { level: 9 }).length
  const loaded = first.filter((path) => existsSync(join(SITE, path)) && !path.startsWith('/shipped'))
  const light = loaded
    .filter((path) => !/offline\.js$/.test(path))
    .reduce((sum, path) => sum + sizeOf(path), 0)
  const assets = readdirSync(join(SITE, 'assets'))
  const learner = assets.filter((name) => /^replica|\.wasm$/.test(name))
  const weights = assets.filter((name) => name.startsWith('lmm-r1-base'))
  const more = (names: readonly string[]) => names.reduce((sum, name) => sum + sizeOf(`assets/${name}`), 0)
  claim(
    `first load of the Lab, gzip: ${kb(light)} to look and edit, ${kb(more(learner))} more to train, ${kb(more(weights))} of weights`,
    light < 500_000,
  )

  const asked = site.asked.length
  await again.waitForFunction(() => {
    const { navigator } = globalThis as unknown as { navigator: { serviceWorker: { controller: unknown } } }
    return navigator.serviceWorker.controller !== null
  })
  await site.close()
  await again.reload()
  await again.click('[aria-label="Rerun and compare: quick-1"]')
  const verdict = await (
    await again.waitForSelector('.lab-verdict.good:not(:has-text("0 updates"))')
  ).textContent()
  claim(
    'with no network the page loads, learns, and finds the same bits',
    site.asked.length === asked,
    verdict,
  )
  await browser.close()
})

function kb(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
