import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { writeLine } from '#core/record/jsonl'
import { toy, trainIn } from '../agent/toy.ts'
import type { Site } from './site.ts'
import { football, record, sokoban, writeEpisodes, writeMetrics, writeRun } from './world.ts'

/** A page of the viewer in a state that a person gets it into. */
export interface PageState {
  readonly name: string
  readonly hash: string
  /** What is there once it is ready. */
  readonly ready: string
  prepare?(page: Page): Promise<void>
}

const STAGES = ['fre', 'mgt']
export const LEVELS =
  '; One\n#####\n#@$.#\n#####\n\n; Two\n#######\n#     #\n# $.  #\n# .$@ #\n#     #\n#######\n'
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

/** Two evaluations of the same levels, records that are not as they were, and a small training with all it leaves behind. */
export async function writeOthers(site: Site): Promise<void> {
  for (const [id, skill] of [
    ['weak', 0.3],
    ['strong', 1],
  ] as const) {
    const run = await writeRun(site.runs, id, 'done', [])
    const info = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as object
    await writeFile(join(run, 'run.json'), JSON.stringify({ ...info, kind: 'evaluation' }))
    const levels = Array.from({ length: 60 }, (_, seed) => ({ ...sokoban(String(seed), skill), maxTurns: 6 }))
    await writeEpisodes(run, 'eval', 0, levels)
  }
  const odd = await writeRun(site.runs, 'odd', 'stopped', STAGES)
  for (const episode of ['altered', 'older']) {
    const events = await record(sokoban('1', 1), episode, { run: 'odd', stage: 'fre', update: 0 })
    const lines = events.map((event) => {
      if (episode === 'older' && event.type === 'start') return writeLine({ ...event, version: 0 })
      return writeLine(
        episode === 'altered' && event.type === 'step' && event.t === 3 ? { ...event, rewards: [5] } : event,
      )
    })
    await appendFile(join(odd, 'episodes', '000000.jsonl'), lines.join(''))
  }
  const recipe = toy('stages.imitation.updates=16', 'stages.fre.updates=4', 'stages.shuffled.updates=1')
  await trainIn(join(site.runs, 'toy'), { recipe, workers: 0, keepEpisodes: 2, watchLevels: 2 })
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
  { name: 'results', hash: '#/results?run=weak&with=strong', ready: '.result-half + .result-half' },
  {
    name: 'regret',
    hash: '#/results?run=strong&measure=regret&order=regret',
    ready: '.result',
    prepare: (page) => page.waitForSelector('.result-half:text-matches("^\\\\d+$")').then(() => undefined),
  },
  { name: 'altered', hash: '#/episode/odd%2Faltered?step=2', ready: '.badge[data-verdict=differs]' },
  { name: 'older', hash: '#/episode/odd%2Folder', ready: '.badge[data-verdict=other]' },
  {
    name: 'credit',
    hash: '#/episode/toy%2Ffre-2-0-0?step=0',
    ready: '[aria-label="What training used"] .token',
    async prepare(page) {
      await page.selectOption('[aria-label="What mattered in the observation"]', 'occlusion')
      await page.waitForSelector('.sight-text .token')
    },
  },
  { name: 'learning', hash: '#/learning?run=toy', ready: '.strip .tile canvas[height]' },
  { name: 'report', hash: '#/training/toy', ready: 'article' },
  { name: 'nothing', hash: '#/replays?search=none', ready: '.notice' },
  { name: 'empty', hash: '#/training?run=odd', ready: '.notice' },
  {
    name: 'keys',
    hash: `${at(0)}?step=4`,
    ready: '.badge[data-verdict=verified]',
    async prepare(page) {
      await page.keyboard.press('?')
      await page.waitForSelector('dialog[open]')
    },
  },
  { name: 'lab', hash: 'tab.html#/lab', ready: '.lab-kept' },
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
