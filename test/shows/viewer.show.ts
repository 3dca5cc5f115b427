/** Half an hour of a wall of 16 boards under churn, ten times as fast: what the page holds at minute two and at its end. */
import { mkdir } from 'node:fs/promises'
import { CHROMIUM } from '../browser/browser.ts'
import { churn } from '../browser/churn.ts'
import { openSite } from '../browser/site.ts'
import { claim, SKIPPED, show } from './show.ts'

/** Looks at each of those times, and the boards between them: what a page holds depends on what it happens to show. */
const LOOKS = 5
const APART = 8
/** Boards that come and go in a minute: each is shown for about eight seconds, and stays for three and a half more. */
const A_MINUTE = 80

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}

await show(async () => {
  const site = await openSite()
  try {
    await mkdir(site.runs, { recursive: true })
    const minutes = [2, 10, 20, 30]
    const held = await churn(
      site,
      16,
      minutes.flatMap((minute) => Array.from({ length: LOOKS }, (_, i) => minute * A_MINUTE + i * APART)),
    )
    const total = ({ heap, buffers }: (typeof held)[number]) => heap + buffers
    const least = minutes.map((_, i) =>
      held.slice(i * LOOKS, (i + 1) * LOOKS).reduce((a, b) => (total(b) < total(a) ? b : a)),
    )
    for (const [i, { boards, heap, buffers }] of least.entries())
      console.log(
        `minute ${minutes[i]}: ${boards} boards so far, ${heap} MB of objects, ${buffers} MB of buffers`,
      )
    const ratio = total(least[least.length - 1]) / total(least[0])
    claim(
      'a wall holds at its end no more than 1.2 times what it held at minute two',
      ratio < 1.2,
      ratio.toFixed(2),
    )
  } finally {
    await site.close()
  }
})
