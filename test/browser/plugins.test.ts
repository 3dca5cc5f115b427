import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadGames } from '#registry/games'
import { findModule } from '#registry/module'
import { writeRunInfo } from '#server/info'
import { FileStore } from '#stores/files'
import { play } from '../../src/library/index.ts'
import { CHROMIUM, openPage } from './browser.ts'
import { openSite, type Site } from './site.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))

describe.skipIf(!CHROMIUM)('games of other packages in the viewer', () => {
  let site: Site
  beforeAll(async () => {
    const games = await loadGames([
      findModule('./mines/src/index.ts', EXAMPLES),
      findModule('./four-in-a-row/src/index.ts', EXAMPLES),
    ])
    site = await openSite(undefined, games)
    const run = join(site.runs, 'elsewhere')
    mkdirSync(join(run, 'episodes'), { recursive: true })
    await writeRunInfo(new FileStore(site.runs), 'elsewhere', 'done')
    for (const [id, agents] of [
      ['mines', 'expert'],
      ['four-in-a-row', 'greedy'],
    ]) {
      const { record } = await play({ game: games.envs.find((env) => env.id === id)!, agents, seed: 3 })
      writeFileSync(
        join(run, `episodes/${id}.jsonl`),
        record.replaceAll('"episode":"play"', `"episode":"${id}"`),
      )
    }
  })
  afterAll(() => site?.close())

  it.each(['mines', 'four-in-a-row'])('%s is replayed and verified', async (id) => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/episode/elsewhere%2F${id}`)
    await page.waitForSelector('.badge[data-verdict=verified]')
    expect(await page.locator('.stage canvas').count()).toBeGreaterThan(0)
    expect(errors).toEqual([])
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${id}.png` })
    await page.close()
  })

  it('has its outcome coloured for the seat that is looked at', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/episode/elsewhere%2Ffour-in-a-row`)
    const chip = page.locator('.chip', { hasText: /seat [01] wins/ }).first()
    const winner = Number(/seat (\d)/.exec((await chip.textContent()) ?? '')?.[1])
    for (const seat of [0, 1, 0]) {
      await page.locator('.seats .button').nth(seat).click()
      await page.locator(`.chip.${seat === winner ? 'good' : 'bad'}`, { hasText: /wins/ }).waitFor()
    }
    expect(errors).toEqual([])
    await page.close()
  })

  it('is on the wall, and played by hand', async () => {
    const { page, errors } = await openPage(site.browser)
    await page.goto(`${site.url}/#/`)
    for (const id of ['mines', 'four-in-a-row'])
      await page.waitForSelector(`.tile[data-episode="elsewhere/${id}"] canvas`)
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/wall.png` })
    await page.goto(`${site.url}/#/play?env=four-in-a-row&seed=1`)
    await page.waitForSelector('.stage canvas')
    await page.keyboard.press('1')
    // The game's expert answers from the other seat.
    await page.waitForSelector('main[data-step="2"]')
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/play.png` })
    expect(errors).toEqual([])
    await page.close()
  })

  it('comes under an address that holds its hash, and nothing else is there', async () => {
    const list = (await (await fetch(`${site.url}/api/games`)).json()) as { ids: string[]; url: string }[]
    expect(list.map(({ ids }) => ids)).toEqual([['mines'], ['four-in-a-row']])
    for (const { url } of list) {
      expect(url).toMatch(/^games\/[0-9a-f]{32}\.js$/)
      const answer = await fetch(`${site.url}/${url}`)
      expect(answer.headers.get('content-type')).toMatch('text/javascript')
      expect(answer.headers.get('cache-control')).toMatch('immutable')
      expect(answer.headers.get('content-security-policy')).toMatch("script-src 'self' 'wasm-unsafe-eval';")
    }
    expect((await fetch(`${site.url}/games/${'0'.repeat(32)}.js`)).status).toBe(404)
    expect((await fetch(`${site.url}/games/../package.json`)).status).toBe(404)
  })
})
