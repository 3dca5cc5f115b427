/** The viewer in the system's Firefox: boards are drawn, episodes verified, keys heard, levels made; the console is silent. */
import { writeFileSync } from 'node:fs'
import { FIREFOX, openFirefox } from '../browser/firefox.ts'
import { openSite } from '../browser/site.ts'
import { writeWorld } from '../browser/states.ts'
import { claim, SKIPPED, show } from './show.ts'

if (!FIREFOX) {
  console.log('skipped: there is no Firefox')
  process.exit(SKIPPED)
}
const flag = process.argv.indexOf('--pictures')
const pictures = flag < 0 ? null : process.argv[flag + 1]

/** Whether a board has more than one colour. */
const DRAWN = (selector: string) => `(() => {
  const canvas = document.querySelector('${selector}')
  if (!canvas || canvas.width < 10) return false
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const seen = new Set()
  for (let i = 0; i < data.length; i += 4 * 97) seen.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2])
  return seen.size > 2
})()`
const HAS = (selector: string) => `document.querySelector('${selector}') !== null`
const STEP = (selector: string, step: number) =>
  `document.querySelector('${selector}')?.dataset.step === '${step}'`
const RIGHT = '\uE014'

await show(async () => {
  const site = await openSite()
  const fox = await openFirefox(1280, 800)
  try {
    await writeWorld(site)
    const holds = async (text: string, body: () => Promise<void>) => {
      const before = fox.errors.length
      let why = ''
      try {
        await body()
      } catch (error) {
        why = (error as Error).message
      }
      const noise = fox.errors.slice(before)
      claim(text, why === '' && noise.length === 0, why || noise.join('; '))
    }
    const visit = async (hash: string) => {
      await fox.goto('about:blank')
      await fox.goto(`${site.url}/${hash}`)
    }
    await holds('the wall has boards', async () => {
      await visit('#/')
      await fox.until(DRAWN('.tile[data-step] canvas'))
    })
    for (const [name, index] of [
      ['a level', 0],
      ['a match', 1],
    ] as const)
      await holds(`${name} is verified, and a key goes on a step`, async () => {
        await visit(`#/episode/${encodeURIComponent(`done-1/fre-1-${index}`)}?step=2`)
        await fox.until(HAS('.badge[data-verdict=verified]'))
        await fox.until(DRAWN('.stage canvas'))
        await fox.press(RIGHT)
        await fox.until(STEP('.episode', 3))
        if (pictures) writeFileSync(`${pictures}/firefox-${index}.png`, await fox.screenshot())
      })
    await holds('a game is played by hand', async () => {
      await visit(
        `#/play?${new URLSearchParams({ env: 'sokoban', config: JSON.stringify({ level: '######|#@ $.#|######' }) })}`,
      )
      await fox.until(STEP('main', 0))
      await fox.until(DRAWN('.stage canvas'))
      await fox.press(RIGHT)
      await fox.press(RIGHT)
      await fox.until(HAS('.chip.good'))
    })
    await holds('a level is made, and solved in a worker', async () => {
      await visit('#/edit?env=sokoban&preset=tiny-1&seed=4')
      await fox.until(DRAWN('.stage canvas'))
      await fox.evaluate(
        `[...document.querySelectorAll('button')].find((one) => one.textContent.includes('Solve')).click()`,
      )
      await fox.until(`/Solved in \\d+ step/.test(document.body.textContent)`)
    })
    await holds('curves are drawn', async () => {
      await visit('#/training?run=done-1')
      await fox.until(DRAWN('.chart canvas'))
    })
  } finally {
    await fox.close()
    await site.close()
  }
})
