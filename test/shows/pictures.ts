/**
 * Makes the pictures of docs/images anew, of agents that come with Kickpush, and those of docs/envs/images that show moments:
 *
 *   npm run pictures                               all of them
 *   npm run pictures -- wall episode               some
 *   npm run pictures -- training --run runs/quick  the curves of a run that was trained before; also learning
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createCanvas, loadImage } from 'canvas'
import type { Page } from 'playwright-core'
import { readRecord } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { football } from '../../envs/football/index.ts'
import { openSite, type Site } from '../browser/site.ts'
import { enter, LEVELS, until } from '../browser/states.ts'
import { writeLive, writeRun } from '../browser/world.ts'
import { drawMoments, type Moments } from './moments.ts'
import { kickpush, ROOT, show } from './show.ts'

/** What one picture shows. */
interface Picture {
  readonly hash: string
  readonly ready: string
  readonly size?: readonly [width: number, height: number]
  readonly theme?: 'light'
  prepare?(page: Page): Promise<void>
}

const VERIFIED = '.badge[data-verdict=verified]'
const episode = (run: string, index: number, step: number) =>
  `#/episode/${encodeURIComponent(`${run}/eval-${index}`)}?step=${step}`
/** A training short enough to be looked at: the stages and exhibits of the recipe, with few updates each. */
const SHORT = readFileSync(join(ROOT, 'recipes/quick.yaml'), 'utf8')
  .replace('updates: 80', 'updates: 6')
  .replaceAll('groups: 16', 'groups: 4')
  .replaceAll('groupSize: 8', 'groupSize: 4')

const PICTURES: Readonly<Record<string, Picture>> = {
  wall: {
    hash: '#/?boards=9&run=live',
    ready: '.tile[data-step]',
    prepare: (page) =>
      until(
        page,
        '[...document.querySelectorAll(".tile")].filter((tile) => tile.dataset.step > 4).length > 6',
      ),
  },
  episode: { hash: episode('small', 3, 12), ready: VERIFIED, size: [1280, 1220] },
  sees: {
    hash: episode('small', 3, 4),
    ready: VERIFIED,
    size: [1280, 1320],
    theme: 'light',
    async prepare(page) {
      await page.selectOption('[aria-label="Whose eyes"]', { label: 'sokoban-small' })
      await page.selectOption('[aria-label="What mattered in the observation"]', 'occlusion')
      await page.waitForSelector('[aria-label="What it sees"] canvas')
      await page.click('text=Arrows and values')
      // They are on the canvas alone: nothing on the page tells that they are there.
      await page.waitForTimeout(20_000)
    },
  },
  football: {
    hash: episode('match', 0, 297),
    ready: VERIFIED,
    size: [1280, 1000],
    theme: 'light',
    async prepare(page) {
      const bar = await page.locator('.track-box').boundingBox()
      if (bar) await page.mouse.move(bar.x + bar.width * 0.3, bar.y + bar.height / 2)
      await page.waitForSelector('.peek:visible')
    },
  },
  theatre: { hash: episode('match', 1, 120), ready: VERIFIED, prepare: (page) => page.keyboard.press('t') },
  results: { hash: '#/results?run=small&with=sokoban', ready: '.result-half + .result-half' },
  replays: { hash: '#/replays?run=small&sort=lowest', ready: '.replay' },
  compare: {
    hash: `#/compare?a=${encodeURIComponent('small/eval-3')}&b=${encodeURIComponent('expert/eval-3')}`,
    ready: `[aria-label="Episode B"] ${VERIFIED}`,
    async prepare(page) {
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
    },
  },
  evaluation: { hash: '#/compare?a-run=small&b-run=sokoban', ready: '.pairs tbody tr', theme: 'light' },
  play: {
    hash: '#/play?env=football&preset=5_vs_5',
    ready: '.stage canvas[height]',
    async prepare(page) {
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key)
      await until(page, 'document.querySelector("main").dataset.step > 12')
      await page.keyboard.press('p')
    },
  },
  edit: { hash: '#/edit?env=sokoban&preset=v0&seed=4', ready: '.stage canvas[height]' },
  levels: {
    hash: '#/levels',
    ready: '.notice',
    async prepare(page) {
      const file = { name: 'two.xsb', mimeType: 'text/plain', buffer: Buffer.from(LEVELS) }
      await page.setInputFiles('input[type=file]', file)
      await page.waitForSelector('.level canvas[width="320"]')
      await page.click('text=Solve all that are shown')
      await page.waitForSelector('.level[data-number="2"][data-answer=solved]')
    },
  },
  phone: {
    hash: '#/play?env=sokoban&preset=v0&seed=4',
    ready: '.stage canvas[height]',
    size: [360, 740],
  },
  training: { hash: '#/training?smooth=0.7', ready: '.chart canvas' },
  learning: { hash: '#/learning', ready: '.strip .tile canvas[height]', theme: 'light' },
  gallery: {
    hash: '',
    ready: '.level canvas[width="280"]',
    prepare: (page) =>
      until(page, '[...document.querySelectorAll(".level canvas")].every(({ width }) => width === 280)'),
  },
  lab: {
    hash: 'tab.html#/lab',
    ready: '.lab-text',
    size: [1280, 940],
    async prepare(page) {
      page.setDefaultTimeout(600_000)
      await until(page, 'document.querySelector(".lab-text").value !== ""')
      await page.fill('.lab-text', SHORT)
      await page.click('button:has-text("Train in this tab"):enabled')
      await page.waitForSelector('.lab-now:has-text("mgt: update")')
      await page.waitForSelector('.lab-wall .tile[data-step]')
    },
  },
}

/** Pictures of docs/envs/images, which need no page. */
const DRAWN: Readonly<Record<string, Moments>> = {
  'football-corner': {
    config: { preset: 'academy_corner', actionSet: 'full' },
    ...{ seed: '3', agent: 'expert', steps: [0, 8, 18, 27, 32, 35] },
  },
  'football-counterattack': {
    config: { preset: 'academy_counterattack_easy', actionSet: 'full' },
    ...{ seed: '1', agent: 'expert', steps: [0, 24, 41, 54, 67, 70] },
  },
  'football-5v5': {
    config: { preset: '5_vs_5', actionSet: 'full' },
    ...{ seed: 'team/1', agent: 'expert', steps: [1335, 1385, 1391] },
  },
  'football-save': {
    config: { preset: 'academy_3_vs_1_with_keeper', actionSet: 'full' },
    ...{ seed: '4', agent: 'expert', steps: [0, 16, 40, 43, 45, 54] },
  },
}

/** Episodes that are live: of which run, and which of its. */
const SHOWN: readonly (readonly [string, number])[] = [
  ...([
    ['match', 0],
    ['large', 0],
    ['small', 3],
    ['academy', 0],
    ['expert', 5],
  ] as const),
  ...([
    ['large', 1],
    ['academy', 1],
    ['match', 1],
    ['large', 2],
  ] as const),
]
/** Pictures of pages that need no run. */
const ALONE: readonly string[] = ['play', 'edit', 'levels', 'phone', 'lab']
/** Pictures of a run that was trained before. */
const TRAINED: readonly string[] = ['training', 'learning']
/** Milliseconds between two steps of an episode that is live. */
const PAUSE = 6000
/** Steps of it that were played before. */
const BEGUN = 5

/** What agents of ours play, into the folder of runs. */
function evaluate(runs: string, out: string, env: string, preset: string, agent: string, ...more: string[]) {
  const { code, err } = kickpush(
    ...['eval', '--env', env, '--config', `preset=${preset}`, '--agent', agent, '--temperature', '0'],
    ...['--out', join(runs, out), ...more],
  )
  if (code !== 0) throw new Error(`${out}: ${err}`)
}

/** The runs that most pictures are of. */
function play(runs: string): void {
  const turns = ['--modality', 'frame', '--actions-per-turn', '6', '--memory-actions', '1']
  const small = ['--episodes', '100', ...turns]
  evaluate(runs, 'small', 'sokoban', 'tiny-2', 'mini:sokoban-small', ...small)
  evaluate(runs, 'sokoban', 'sokoban', 'tiny-2', 'mini:sokoban', ...small)
  evaluate(runs, 'large', 'sokoban', 'v0', 'mini:sokoban', '--episodes', '4', ...turns)
  evaluate(runs, 'expert', 'sokoban', 'tiny-2', 'expert', '--episodes', '100')
  const academy = 'academy_3_vs_1_with_keeper'
  evaluate(runs, 'academy', 'football', academy, 'mini:football-academy', '--episodes', '6')
  const long = ['--episodes', '2', '--max-turns', '400']
  evaluate(runs, 'match', 'football', '11_vs_11_stochastic', 'expert', ...long)
}

/** The episodes of a run, one after the other. */
function episodesOf(run: string): RecordEvent[][] {
  const episodes = new Map<string, RecordEvent[]>()
  const folder = join(run, 'episodes')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl')))
    for (const { event } of readRecord(readFileSync(join(folder, file), 'utf8')).events) {
      const own = episodes.get(event.episode)
      if (own) own.push(event)
      else episodes.set(event.episode, [event])
    }
  return [...episodes.values()]
}

/** Takes a picture with twice as many pixels, and makes them half: what a good screen shows. */
async function take(page: Page, [width, height]: readonly [number, number], file: string): Promise<void> {
  const image = await loadImage(await page.screenshot())
  const canvas = createCanvas(width, height)
  canvas.getContext('2d').drawImage(image, 0, 0, width, height)
  writeFileSync(file, canvas.toBuffer('image/png'))
}

/** Lets what was recorded happen once more on a run that is being trained. */
async function live(site: Site, signal: AbortSignal): Promise<void> {
  const run = await writeRun(site.runs, 'live', 'running', ['show'])
  const lanes = SHOWN.map(async ([name, index], i) => {
    const events = episodesOf(join(site.runs, name))[index].map((event) => ({
      ...event,
      ...{ episode: `${i}`, ...(event.type === 'start' && { run: 'live' }) },
    }))
    // Somewhere in its middle.
    const begun = events.findIndex(
      ({ type, t = 0 }: { type: string; t?: number }) => type === 'step' && t > BEGUN,
    )
    await writeLive(run, events.slice(0, begun), 0, signal)
    await writeLive(run, events.slice(begun), PAUSE, signal)
  })
  await Promise.all(lanes)
}

const given = process.argv.slice(2)
const flag = given.indexOf('--run')
const trained = flag < 0 ? null : given[flag + 1]
const named = flag < 0 ? given : given.slice(0, flag)
const known = [...Object.keys(PICTURES), ...Object.keys(DRAWN)]
const unknown = named.find((name) => !known.includes(name))
if (unknown !== undefined) {
  console.error(`no picture "${unknown}"; there are ${known.join(', ')}`)
  process.exit(2)
}
const all = (named.length > 0 ? named : known).filter((name) => trained || !TRAINED.includes(name))
const drawn = all.filter((name) => name in DRAWN)
const wanted = all.filter((name) => name in PICTURES)

await show(async (folder) => {
  for (const name of drawn) {
    const file = `docs/envs/images/${name}.png`
    writeFileSync(join(ROOT, file), await drawMoments(football, DRAWN[name]))
    console.log(file)
  }
  if (wanted.length === 0) return
  const site = await openSite()
  const stop = new AbortController()
  try {
    mkdirSync(site.runs, { recursive: true })
    if (wanted.some((name) => !ALONE.includes(name))) play(site.runs)
    if (trained) cpSync(trained, join(site.runs, basename(trained)), { recursive: true })
    const gallery = join(folder, 'gallery')
    if (wanted.includes('gallery'))
      kickpush(
        'gallery',
        ...['small', 'academy', 'match'].map((run) => join(site.runs, run)),
        '--out',
        gallery,
      )
    for (const name of wanted) {
      const { hash, ready, size = [1280, 800], theme, prepare } = PICTURES[name]
      const page = await site.browser.newPage({
        viewport: { width: size[0], height: size[1] },
        deviceScaleFactor: 2,
        colorScheme: theme ?? 'dark',
        serviceWorkers: 'block',
      })
      page.setDefaultTimeout(120_000)
      const playing = name === 'wall' ? live(site, stop.signal) : null
      const url = name === 'gallery' ? pathToFileURL(join(gallery, 'index.html')).href : site.url
      if (name === 'gallery') {
        await page.goto(url)
        await page.waitForSelector(ready)
        await prepare?.(page)
      } else await enter(page, url, { name, hash, ready, prepare })
      await take(page, size, join(ROOT, 'docs/images', `${name}.png`))
      console.log(`docs/images/${name}.png`)
      await page.close()
      stop.abort()
      await playing
    }
  } finally {
    stop.abort()
    await site.close()
  }
})
