import { appendFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { below } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { envs } from '#envs'
import { openPage } from './browser.ts'
import type { Site } from './site.ts'
import { writeRun } from './world.ts'

/** How many times as fast as the clock a churned wall lives. */
const HASTE = 10
/** Seconds of CPU of this process, enough for hundreds of episodes, in which a wall must show another board. */
const STUCK = 30
/** How often a page is looked at before what it holds is told. */
const LOOKS = 8
/** Small levels, large ones and matches: each brings a picture of its own. */
const GAMES = [
  ['sokoban', 'tiny-2'],
  ['sokoban', 'small-v1'],
  ['sokoban', 'tiny-1'],
  ['football', 'academy_3_vs_1_with_keeper'],
] as const

const wanderer: Policy = {
  id: 'wanderer',
  act: async (requests) =>
    requests.map(({ env, state, random }) => ({
      valid: true,
      actions: Array.from({ length: 4 }, () => below(random, env.actions(state.config).length)),
    })),
}

async function episode(index: number): Promise<RecordEvent[]> {
  const [id, preset] = GAMES[index % GAMES.length]
  const env = findEnv(envs, id)
  const config = resolveConfig(env, { preset })
  const conversation = Conversation.parse({ modality: 'text', actionsPerTurn: 4, maxTurns: 3 })
  const policies = Array.from({ length: env.seats(config) }, () => wanderer)
  const events: RecordEvent[] = []
  const match = { episode: `${index}`, env, config, seed: `${index}`, policies, conversation, run: 'churn' }
  await play([match], { onEvent: (event) => events.push(event) })
  return events
}

/** Whether nothing is to be played now. */
interface Rest {
  now: boolean
}

/** Plays one episode after another on `lanes` lanes, never the same twice, until the signal says stop. */
async function playOn(site: Site, lanes: number, signal: AbortSignal, rest: Rest): Promise<void> {
  const run = await writeRun(site.runs, 'churn', 'running', ['fre'])
  let index = 0
  const lane = async () => {
    while (!signal.aborted) {
      while (rest.now) await sleep(20)
      const number = index++
      const events = await episode(number)
      const file = path.join(run, 'episodes', `${number}.jsonl`)
      const half = events.length >> 1
      await appendFile(file, events.slice(0, half).map(writeLine).join(''))
      await sleep(150)
      await appendFile(file, events.slice(half).map(writeLine).join(''))
      await sleep(250)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Makes a page live faster than the clock, lets it rest when it is told to, and counts the boards that it puts on its wall. */
const HURRIED = `{
  const [now, frame, every, later] = [performance.now.bind(performance), requestAnimationFrame, setInterval, setTimeout]
  performance.now = () => ${HASTE} * now()
  globalThis.resting = null
  const awake = (run) => (...given) => (globalThis.resting ? globalThis.resting.push(() => run(...given)) : run(...given))
  requestAnimationFrame = (run) => frame((time) => awake(run)(${HASTE} * time))
  setInterval = (run, ms, ...rest) => every(awake(run), ms / ${HASTE}, ...rest)
  setTimeout = (run, ms = 0, ...rest) => later(awake(run), ms <= 5000 ? ms / ${HASTE} : ms, ...rest)
  globalThis.boards = 0
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.classList?.contains('tile')) globalThis.boards++
  }).observe(document, { childList: true, subtree: true })
}`

/** What a page holds after so many boards. */
export interface Held {
  readonly boards: number
  /** Megabytes of JavaScript objects and of buffers, after collection. */
  readonly heap: number
  readonly buffers: number
}

/** Measures the page of a wall under churn whenever so many boards have had their place on it. */
export async function churn(site: Site, boards: 16 | 64, at: readonly number[]): Promise<Held[]> {
  const stop = new AbortController()
  const rest: Rest = { now: false }
  const playing = playOn(site, boards, stop.signal, rest)
  const { page, errors } = await openPage(site.browser)
  try {
    await page.addInitScript({ content: `localStorage.setItem('kickpush.painter', 'webgl')\n${HURRIED}` })
    await page.goto(`${site.url}/#/?run=churn&boards=${boards}`)
    const held: Held[] = []
    for (const count of at) {
      await reach(page, count)
      rest.now = true
      held.push(await least(page))
      rest.now = false
    }
    if (errors.length > 0) throw new Error(errors[0])
    return held
  } finally {
    rest.now = false
    stop.abort()
    await playing
    await page.close()
  }
}

/** Seconds of CPU that this process has had: on a loaded machine the clock goes on without it. */
function work(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Waits until so many boards were on the wall. @throws Error when none came while others would have been played. */
async function reach(page: Page, count: number): Promise<void> {
  let boards = -1
  let since = work()
  const looking = (async () => {
    while (boards < count) {
      const now = Number(await page.evaluate('globalThis.boards'))
      if (now > boards) since = work()
      boards = now
      await sleep(200)
    }
    return true
  })()
  while (!(await Promise.race([looking, sleep(1000, false)]))) {
    if (work() - since < STUCK) continue
    looking.catch(() => {}) // it ends with the page
    throw new Error(`no board came onto the wall after ${boards} of ${count} in ${STUCK} s of CPU`)
  }
}

/** The least of several looks, nothing being played: on a slow machine a page still has to do with what it was sent before. */
async function least(page: Page): Promise<Held> {
  let least = await measure(page)
  for (let look = 1; look < LOOKS; look++) {
    await sleep(500)
    const { heap, buffers } = await measure(page)
    least = { ...least, heap: Math.min(least.heap, heap), buffers: Math.min(least.buffers, buffers) }
  }
  return least
}

async function measure(page: Page): Promise<Held> {
  const devtools = await page.context().newCDPSession(page)
  const boards = Number(await page.evaluate('globalThis.boards'))
  // The page rests meanwhile: what a slow machine lets it make between collecting and counting, it does not hold.
  await page.evaluate('globalThis.resting = []')
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage')
  const usage = (await devtools.send('Runtime.getHeapUsage')) as Record<string, number>
  await page.evaluate(
    '{ const left = globalThis.resting; globalThis.resting = null; for (const run of left) run() }',
  )
  await devtools.detach()
  const megabytes = (bytes = 0) => Math.round(bytes / 1e5) / 10
  return { boards, heap: megabytes(usage.usedSize), buffers: megabytes(usage.backingStorageSize) }
}
