/**
 * Every state of the viewer at 360, 1280 and 2560 pixels in both themes: nothing wider than the window, nothing in the
 * console, nothing that axe-core finds, and at 1280x800 a board that has most of the height.
 *
 *   npm run shows -- viewer-states --pictures pictures            also writes a picture of each
 *   npm run shows -- viewer-states --only results,credit          some of them
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CHROMIUM, openPage } from '../browser/browser.ts'
import { openSite } from '../browser/site.ts'
import { enter, pictureFile, STATES, writeOthers, writeWorld } from '../browser/states.ts'
import { claim, SKIPPED, show } from './show.ts'

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}
const flag = (name: string): string | null => {
  const at = process.argv.indexOf(name)
  return at < 0 ? null : process.argv[at + 1]
}
const pictures = flag('--pictures')
const only = flag('--only')?.split(',') ?? null
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

await show(async () => {
  if (pictures) mkdirSync(pictures, { recursive: true })
  const site = await openSite()
  try {
    await writeWorld(site)
    await writeOthers(site)
    const wanted = STATES.filter(({ name }) => only === null || only.includes(name))
    for (const theme of ['dark', 'light'] as const) {
      for (const [width, height] of [
        [360, 740],
        [1280, 800],
        [2560, 1440],
      ] as const) {
        const wide: string[] = []
        const found: string[] = []
        const noise: string[] = []
        const low: string[] = []
        for (const state of wanted) {
          const { page, errors } = await openPage(site.browser, { width, height, colorScheme: theme })
          try {
            await enter(page, site.url, state)
            if (pictures) await page.screenshot({ path: pictureFile(pictures, state.name, width, theme) })
            if (Number(await page.evaluate('document.documentElement.scrollWidth')) > width)
              wide.push(state.name)
            // A page that is not there is told by the server as well.
            if (state.name !== 'missing') for (const error of errors) noise.push(`${state.name}: ${error}`)
            const board = ['episode', 'match', 'theatre'].includes(state.name) && width === 1280
            const part = board
              ? Number(
                  await page.evaluate('document.querySelector(".stage canvas").clientHeight / innerHeight'),
                )
              : 1
            if (part < 0.55) low.push(`${state.name} ${Math.round(100 * part)} %`)
            await page.evaluate(AXE)
            const violations = (await page.evaluate(
              'axe.run().then(({ violations }) => violations)',
            )) as Violation[]
            for (const { id, nodes } of violations)
              found.push(`${state.name}: ${id} at ${nodes[0].target.join(' ')}`)
          } catch (error) {
            noise.push(`${state.name}: ${(error as Error).message.split('\n')[0]}`)
          }
          await page.close()
        }
        const where = `${wanted.length} states at ${width}x${height}, ${theme}`
        claim(`${where}: none is wider than its window`, wide.length === 0, wide.join(', '))
        claim(`${where}: the console is silent`, noise.length === 0, noise.join('; '))
        claim(`${where}: axe-core finds nothing`, found.length === 0, found.join('; '))
        if (width === 1280)
          claim(`${where}: the board has most of the height`, low.length === 0, low.join(', '))
      }
    }
  } finally {
    await site.close()
  }
})
