import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Site } from './site.ts'
import { football, sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

/** A page of the viewer in a state that a person gets it into. */
export interface PageState {
  readonly name: string
  readonly hash: string
  /** What is there once it is ready. */
  readonly ready: string
  prepare?(page: Page): Promise<void>
}

const STAGES = ['fre', 'mgt']
const LEVELS = '; One\n#####\n#@$.#\n#####\n\n; Two\n#######\n#     #\n# $.  #\n# .$@ #\n#     #\n#######\n'
const at = (index: number) => `#/episode/${encodeURIComponent(`done-1/fre-1-${index}`)}`

/** Runs that have something of everything. */
export async function writeWorld(site: Site): Promise<void> {
  await mkdir(site.runs, { recursive: true })
  for (const [id, gain] of [
    ['done-1', 1],
    ['done-2', 0.8],
  ] as const) {
    const run = await writeRun(site.runs, id, 'done', STAGES)
    await writeMetrics(run, STAGES, 40, gain)
    const match = { ...football('5'), config: { preset: '11_vs_11_stochastic' }, skill: 0.5, maxTurns: 200 }
    const attack = {
      ...football('3'),
      config: { preset: 'academy_3_vs_1_with_keeper' },
      script: 'expert',
      skill: 1,
      maxTurns: 60,
    }
    const large = { ...sokoban('5', 1), config: { preset: 'v0' }, maxTurns: 60 }
    const clumsy = { ...sokoban('1', 7 / 12), config: { preset: 'tiny-2' } }
    await writeEpisodes(run, 'fre', 1, [large, match, clumsy, sokoban('1', 0.4), football('4'), attack])
    await writeEpisodes(run, 'mgt', 2, [sokoban('1', 1), sokoban('2', 1), sokoban('3', 0.7)])
  }
}

/** Every page, in the states that look differently. */
export const STATES: readonly PageState[] = [
  { name: 'wall', hash: '#/', ready: '.tile[data-step] canvas[height]' },
  { name: 'episode', hash: `${at(0)}?step=4`, ready: '.badge[data-verdict=verified]' },
  { name: 'match', hash: `${at(1)}?step=60`, ready: '.badge[data-verdict=verified]' },
  { name: 'attack', hash: `${at(5)}?step=8`, ready: '.badge[data-verdict=verified]' },
  {
    name: 'theatre',
    hash: `${at(1)}?step=60&notes=${encodeURIComponent('[[60,"He is free"]]')}`,
    ready: '.badge[data-verdict=verified]',
    prepare: (page) => page.keyboard.press('t'),
  },
  {
    name: 'clip',
    hash: `${at(1)}?step=60`,
    ready: '.badge[data-verdict=verified]',
    async prepare(page) {
      await page.click('[aria-label="Save a video"]')
      await page.waitForSelector('dialog[open]')
    },
  },
  { name: 'missing', hash: '#/episode/none%2Fnone', ready: '.notice' },
  { name: 'replays', hash: '#/replays', ready: '.replay' },
  {
    name: 'compare',
    hash: `#/compare?a=${encodeURIComponent('done-1/fre-1-3')}&b=${encodeURIComponent('done-1/mgt-2-0')}`,
    ready: '.duel .badge[data-verdict=verified]',
  },
  { name: 'pairs', hash: '#/compare?a-stage=fre&b-stage=mgt', ready: '.pairs tbody tr' },
  { name: 'training', hash: '#/training?run=done-1,done-2', ready: '.chart canvas' },
  { name: 'play', hash: '#/play?env=sokoban&preset=v0&seed=4', ready: '.stage canvas[height]' },
  {
    name: 'paused',
    hash: '#/play?env=football&preset=11_vs_11_stochastic',
    ready: '.stage canvas[height]',
    async prepare(page) {
      await page.keyboard.press('ArrowRight')
      await until(page, 'document.querySelector("main").dataset.step > 4')
      await page.keyboard.press('p')
      await page.waitForSelector('.stage-paused:visible')
    },
  },
  { name: 'edit', hash: '#/edit?env=sokoban&preset=v0&seed=4', ready: '.stage canvas[height]' },
  {
    name: 'scenario',
    hash: '#/edit?env=football&preset=academy_3_vs_1_with_keeper',
    ready: '.stage canvas[height]',
  },
  {
    name: 'levels',
    hash: '#/levels',
    ready: '.notice',
    async prepare(page) {
      await page.setInputFiles('input[type=file]', {
        name: 'two.xsb',
        mimeType: 'text/plain',
        buffer: Buffer.from(LEVELS),
      })
      await page.waitForSelector('.level canvas[width="320"]')
      await page.click('text=Solve all that are shown')
      await page.waitForSelector('.level[data-number="2"][data-answer=solved]')
    },
  },
  { name: 'nowhere', hash: '#/nowhere', ready: '.notice' },
]

/** Waits until an expression is true; the page's policy forbids what Playwright has for that. */
export async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate(expression))) await page.waitForTimeout(50)
}

/** Opens a state and waits for it. */
export async function enter(page: Page, url: string, { hash, ready, prepare }: PageState): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${url}/${hash}`)
  await page.waitForSelector(ready)
  await prepare?.(page)
  // A picture is drawn in the frame after it is known.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

/** The file of a picture of a state. */
export function pictureFile(folder: string, name: string, width: number, theme: string): string {
  return join(folder, `${name}-${width}-${theme}.png`)
}
