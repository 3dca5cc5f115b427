import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong, readTable } from '#agent/golden/golden'
import { node } from '#agent/hosts/node/index'
import { parseRecipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { MemoryStore } from '#stores/memory'
import viewer from '../../client/vite.config.ts'
import { agreesWithMemory, keepsTheContract } from '../stores/contract.ts'
import { CHROMIUM, launch } from './browser.ts'
import { ask, buildAndServe, filesOf, type StaticSite, storeIn } from './tab.ts'

const QUICK = readFileSync(new URL('../../recipes/quick.yaml', import.meta.url), 'utf8')
/** The first updates of each stage: of text, of frames; the exhibition needs other models. */
const FEW = [
  'stages.fre.groups=4',
  'stages.mgt.groups=4',
  'stages.shuffled.groups=4',
  'stages.fre.updates=3',
  'stages.mgt.updates=2',
  'stages.shuffled.updates=1',
  'checkpointEvery=2',
  'exhibition=[]',
  'evaluation={agents: [mgt, expert], modalities: [frame], episodes: 8, conversation: {actionsPerTurn: 6, maxTurns: 6}}',
]

describe.skipIf(!CHROMIUM)('in a tab', { timeout: 600_000 }, () => {
  let site: StaticSite
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const open = async () => {
    const opened = await context.newPage()
    await opened.goto(`${site.url}/`)
    await opened.waitForFunction(() => 'ask' in globalThis)
    return opened
  }

  beforeAll(async () => {
    ;[browser, site] = await Promise.all([
      launch(),
      buildAndServe({
        ...viewer,
        configFile: false,
        build: { ...viewer.build, rolldownOptions: {} },
        root: fileURLToPath(new URL('./tab/', import.meta.url)),
        plugins: [],
      }),
    ])
    context = await browser.newContext()
    context.setDefaultTimeout(400_000)
    page = await open()
  }, 600_000)

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  let made = 0
  describe.each(['opfs', 'memory'] as const)('a store of %s', (kind) => {
    const create = () => storeIn(() => page, kind, `stores/${kind}-${made++}`)
    keepsTheContract(create)
    test('agrees with memory about any sequence of operations', () => agreesWithMemory(create, 10))
  })

  test('what another tab writes is read, and a lock is for one tab', async () => {
    const other = await open()
    const [here, there] = [page, other].map((one) => storeIn(() => one, 'opfs', 'shared'))
    await there.append('log', 'one\n')
    await here.append('log', 'two\n')
    expect(new TextDecoder().decode((await there.read('log'))!)).toBe('one\ntwo\n')
    const lock = await there.lock()
    await expect(here.lock()).rejects.toThrow('shared is being written by another tab: stop it there first')
    await lock.release()
    await (await here.lock()).release()
    await there.lock()
    // Who is gone holds nothing any more.
    await other.close()
    await expect
      .poll(() =>
        here.lock().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  test('Chromium computes the published golden table', async () => {
    const published = readTable(readFileSync(new URL('../../docs/determinism.md', import.meta.url), 'utf8'))
    const here = readTable((await ask(page, 'golden', QUICK)) as string)
    expect(here.size).toBeGreaterThan(160)
    expect([...here].filter(([of, hash]) => published.get(of) !== hash)).toEqual([])
    expect([...published.keys()].filter((of) => !here.has(of) && !isLong(of))).toEqual([])
  })

  test('a training ends with the same bytes as in Node, with and without workers, and killed on its way', async () => {
    const recipe = parseRecipe(QUICK, FEW, 'quick')
    const store = new MemoryStore('quick')
    await train({ host: node, recipe, store, run: 'run', workers: 0 })
    const files = await filesOf(store)
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['checkpoints/6/model.safetensors', 'checkpoints/6/optimizer.safetensors']),
    )

    const shared = storeIn(() => page, 'opfs', 'runs/shared')
    await shared.list('')
    await ask(page, 'train', 'runs/shared', QUICK, FEW, 2, false)
    expect(await filesOf(shared)).toEqual(files)

    const killed = await open()
    await storeIn(() => killed, 'opfs', 'runs/killed').list('')
    // It gets no further, however late that is seen.
    void ask(killed, 'train', 'runs/killed', QUICK, FEW, 0, false, 3).catch(() => {})
    await killed.waitForFunction(() => (globalThis as unknown as { updates: number[] }).updates.includes(3))
    await killed.close()
    const again = await open()
    const resumed = storeIn(() => again, 'opfs', 'runs/killed')
    expect(await filesOf(resumed)).not.toEqual(files)
    await ask(again, 'train', 'runs/killed', QUICK, FEW, 0, true)
    expect(await filesOf(resumed)).toEqual(files)
    expect(await again.evaluate(() => (globalThis as unknown as { updates: number[] }).updates[0])).toBe(4)
  })
})
