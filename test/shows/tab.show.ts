/**
 * The static site, built here: Chromium trains the first 12 updates on text and 3 on frames of recipes/quick.yaml in a tab and ends
 * with Node's bytes; tokens per CPU-second of both, with as many workers; again, killed on its way; CPU until the first
 * board and the first update; sizes of the first load; all of it with no network; Firefox the same where it is installed.
 * --site <folder>: a site that is built already.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { unzipped } from '../../client/lab/zip.ts'
import { CHROMIUM, launch } from '../browser/browser.ts'
import { comparable, serveFolder } from '../browser/tab.ts'
import { Usage } from './cpu.ts'
import { claim, ROOT, run, SKIPPED, show } from './show.ts'

const given = process.argv.indexOf('--site')
const [TEXT, FRAMES] = [12, 3]
/** Bytes, compressed: the first load without weights and with them. */
const [LIGHT, WHOLE] = [400_000, 1_200_000]
const WORKERS = 2

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}

const RECIPE = readFileSync(join(ROOT, 'recipes/quick.yaml'), 'utf8')
  .replace('updates: 80', `updates: ${TEXT}`)
  .replace('updates: 12\n', `updates: ${FRAMES}\n`)
  .replace(/ {2}- name: shuffled[\s\S]*$/, '')

/** In Firefox, which no driver of ours leads, the page is given a script that does what a person would, and posts the zip. */
const DRIVER = `<script type="module">
const until = (found) => new Promise((resolve) => {
  const timer = setInterval(() => { const one = found(); if (one) { clearInterval(timer); resolve(one) } }, 200)
})
const all = (path) => [...document.querySelectorAll(path)]
location.hash = '#/lab'
const area = await until(() => all('.lab-text').find(({ value }) => value !== ''))
area.value = RECIPE
area.dispatchEvent(new Event('input'))
await new Promise((done) => setTimeout(done, 2000))
const train = await until(() => all('button').find((one) => one.textContent.includes('Train in this tab') && !one.disabled))
train.click()
const told = () => document.querySelector('.lab-failure').textContent
await until(() => all('.lab-run[data-status=done]').length > 0 || told())
const make = URL.createObjectURL
URL.createObjectURL = (blob) => {
  const reader = new FileReader()
  reader.onload = () => fetch('./zip', { method: 'POST', body: reader.result })
  reader.readAsDataURL(blob)
  return make.call(URL, blob)
}
if (told()) await fetch('./zip', { method: 'POST', body: told() })
else document.querySelector('[aria-label^="Save as zip"]').click()
</script>`

const kb = (bytes: number): string => `${Math.round(bytes / 1000)} kB`

const tokensIn = (metrics: string): number =>
  [...metrics.matchAll(/"tokens":(\d+)/g)].reduce((sum, [, tokens]) => sum + Number(tokens), 0)

/** The process that this one has started last with some word in its arguments. */
function pidOf(word: string): number {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const mine = lines.filter(
    (line) => Number(line.trim().split(/\s+/)[1]) === process.pid && line.includes(word),
  )
  return Number(mine.at(-1)?.trim().split(/\s+/)[0])
}

/** @param serviceWorkers whether the page may fetch ahead what it does not need yet. */
async function openLab(
  browser: Browser,
  url: string,
  serviceWorkers: 'allow' | 'block' = 'allow',
): Promise<Page> {
  const page = await (
    browser.contexts()[0] ?? (await browser.newContext({ acceptDownloads: true, serviceWorkers }))
  ).newPage()
  page.setDefaultTimeout(240_000)
  await page.goto(`${url}/#/lab`)
  await page.waitForSelector('button:has-text("Train in this tab"):enabled')
  return page
}

async function begin(page: Page): Promise<void> {
  await page.fill('.lab-text', RECIPE)
  await page.waitForTimeout(1000)
  await page.click('button:has-text("Train in this tab")')
}

async function zipOf(page: Page, name: string): Promise<Record<string, Uint8Array>> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click(`[aria-label="Save as zip: ${name}"]`),
  ])
  return unzipped(readFileSync(await download.path())).files
}

await show(async (folder) => {
  const site = given < 0 ? join(folder, 'site') : process.argv[given + 1]
  if (given < 0) {
    const built = run(process.execPath, ['build-site.mjs', site])
    if (built.code !== 0) return claim('the site is built', false, built.err.slice(-500))
  }

  // Node, as anybody runs it: its start counts, as the page's does.
  const recipe = join(folder, 'quick.yaml')
  writeFileSync(recipe, RECIPE)
  const before = Usage.children()
  const out = join(folder, 'quick-1')
  const words = [
    'train',
    recipe,
    '--out',
    out,
    '--set',
    'exhibition=[]',
    '--watch-levels',
    '0',
    '--workers',
    String(WORKERS),
  ]
  const trained = run(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...words])
  if (trained.code !== 0) return claim('Node trains', false, trained.err.slice(-500))
  const spentInNode = Usage.children() - before
  const files = filesIn(out)
  const tokens = tokensIn(files['metrics.jsonl'])

  const served = await serveFolder(site)
  const browser = await launch()
  const usage = new Usage(pidOf('--headless'))
  const page = await openLab(browser, served.url, 'block')
  const first = [...new Set(served.asked)]
  const idle = usage.look()
  await begin(page)
  await page.waitForSelector('.lab-now:has-text("fre: update")')
  const toUpdate = usage.look().since(idle)
  await page.waitForSelector('.lab-run[data-run="quick-1"][data-status="done"], .lab-failure:not(:empty)')
  const spent = usage.look().since(idle)
  // What saves a run as a zip trains nothing.
  const needed = [...new Set(served.asked)]
  const zip = await zipOf(page, 'quick-1')
  compare(`${TEXT} + ${FRAMES} updates of quick`, files, zip)

  const rate = (seconds: number) => `${Math.round(tokens / seconds)} (${(spentInNode / seconds).toFixed(2)})`
  console.log(
    `     tokens a CPU-second, ${WORKERS} workers each (in brackets: times Node's): ${rate(spentInNode)} in Node; in Chromium ` +
      `${rate(spent.learners)} of the learners' own threads, ${rate(spent.learners + spent.helpers)} with the engine's helpers ` +
      `(compiling, collecting), ${rate(spent.page)} of the whole tab with runs, pages and boards, ${rate(spent.all)} of the ` +
      'whole browser, which draws in software here',
  )
  claim(
    'learning in a tab has at least 0.9 times as many tokens a CPU-second as Node, helpers included',
    spentInNode / (spent.learners + spent.helpers) >= 0.9,
  )
  claim(`first update after ${toUpdate.page.toFixed(1)} s of the tab's CPU`, toUpdate.page < 5)
  await browser.close()

  const second = await launch()
  const killed = await openLab(second, served.url)
  await begin(killed)
  await killed.waitForSelector('.lab-now:has-text("fre: update")')
  await killed.close()
  const again = await openLab(second, served.url)
  await again.click('[aria-label="Go on: quick-1"]')
  await again.waitForSelector('.lab-run[data-run="quick-1"][data-status="done"]')
  compare('the same, killed on its way and gone on with', files, await zipOf(again, 'quick-1'))

  const sizeOf = (file: string): number =>
    gzipSync(readFileSync(join(site, file === '/' ? 'index.html' : file)), { level: 9 }).length
  const loaded = first.filter((path) => existsSync(join(site, path)) && !/^\/shipped|offline\.js$/.test(path))
  const assets = readdirSync(join(site, 'assets')).map((name) => `/assets/${name}`)
  const trains = needed.filter(
    (path) => assets.includes(path) && !/safetensors|pixi|browserAll|init-/.test(path),
  )
  const weights = assets.filter((name) => name.includes('lmm-r1-base'))
  const drawing = assets.filter((name) => /\/(pixi|browserAll|init)-/.test(name))
  const sum = (names: readonly string[]) =>
    [...new Set(names)].reduce((total, name) => total + sizeOf(name), 0)
  const [look, learn] = [sum(loaded), sum([...loaded, ...trains])]
  claim(`first load, gzip: ${kb(look)} to look and edit, ${kb(learn)} with all that trains`, learn <= LIGHT)
  claim(
    `with weights ${kb(learn + sum(weights))}, and with what draws boards ${kb(learn + sum([...weights, ...drawing]))}`,
    learn + sum([...weights, ...drawing]) <= WHOLE,
  )

  const asked = served.asked.length
  await again.waitForFunction(() => {
    const { navigator } = globalThis as unknown as { navigator: { serviceWorker: { controller: unknown } } }
    return navigator.serviceWorker.controller !== null
  })
  await served.close()
  await again.reload()
  await again.click('[aria-label="Rerun and compare: quick-1"]')
  const verdict = await again.waitForSelector('.lab-verdict.good:not(:has-text("0 updates"))')
  claim(
    'with no network the page loads, learns, and finds the same bits',
    served.asked.length === asked,
    await verdict.textContent(),
  )
  await second.close()
  await firstBoard(site)
  await inFirefox(site, folder, files)
})

/** The files of a run that say what was learnt, without clocks. */
function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String)
  const said = names.filter(
    (name) => statSync(join(folder, name)).isFile() && !/^(run\.json|report\.md|lock|reserve)$/.test(name),
  )
  return Object.fromEntries(said.map((name) => [name, comparable(name, readFileSync(join(folder, name)))]))
}

function compare(what: string, files: Record<string, string>, zip: Record<string, Uint8Array>): void {
  const paths = Object.keys(files)
  const other = paths.filter((path) => comparable(path, zip[path] ?? new Uint8Array()) !== files[path])
  claim(`${what}: ${paths.length} files as in Node`, other.length === 0, other[0] ?? '')
}

/** CPU of a tab from nothing to the first board, of a replay that came with the site. */
async function firstBoard(site: string): Promise<void> {
  const served = await serveFolder(site)
  const browser = await launch()
  const usage = new Usage(pidOf('--headless'))
  const page = await browser.newPage()
  const idle = usage.look()
  await page.goto(`${served.url}/`)
  // Until it is drawn a canvas has the width that all begin with.
  await page.waitForFunction(() => {
    type Canvas = { width: number }
    const { document } = globalThis as unknown as { document: { querySelector(path: string): Canvas | null } }
    const board = document.querySelector('.tile[data-step] canvas.board')
    return board !== null && board.width !== 300
  })
  const { page: tab, all } = usage.look().since(idle)
  claim(
    `first board after ${tab.toFixed(2)} s of the tab's CPU, ${all.toFixed(2)} s of the browser's`,
    tab < 1,
  )
  await browser.close()
  await served.close()
}

async function inFirefox(site: string, folder: string, files: Record<string, string>): Promise<void> {
  const { code, out: version } = run('firefox-esr', ['--version'])
  if (code === null) return console.log('skipped: firefox-esr is not installed')
  const copy = join(folder, 'firefox')
  cpSync(site, copy, { recursive: true })
  const home = readFileSync(join(copy, 'index.html'), 'utf8')
  const driver = DRIVER.replace('RECIPE', JSON.stringify(RECIPE))
  writeFileSync(
    join(copy, 'index.html'),
    home.replace('</body>', () => `${driver}</body>`),
  )
  const served = await serveFolder(copy)
  const profile = join(folder, 'profile')
  mkdirSync(profile)
  const words = ['--headless', '--no-remote', '--profile', profile, `${served.url}/`]
  const env = { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' }
  const child = spawn('firefox-esr', words, { stdio: 'ignore', env })
  const posted = await served.posted
  child.kill('SIGKILL')
  await served.close()
  const [, base64] = /^data:[^,]*base64,(.*)$/s.exec(posted) ?? []
  if (base64 === undefined) return claim(`${version.trim()} trains`, false, posted.slice(0, 300))
  compare(`${version.trim()}: the same updates`, files, unzipped(Buffer.from(base64, 'base64')).files)
}
