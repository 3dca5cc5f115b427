import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM } from './browser.ts'
import { churn } from './churn.ts'
import { openSite, type Site } from './site.ts'

describe.skipIf(!CHROMIUM)('the memory of a wall', { timeout: 240_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
  }, 240_000)

  afterAll(() => site?.close(), 60_000)

  test('does not grow with the boards that come and go', async () => {
    const held = await churn(site, 16, [70, 170, 270])
    // What a hundred boards leave behind when their pictures are kept is 5 MB and more, every time; once it may be that
    // what was garbage at the look before is counted.
    const grown = (of: 'heap' | 'buffers') =>
      Math.min(...held.slice(1).map((now, i) => now[of] - held[i][of]))
    expect(grown('heap')).toBeLessThan(3)
    expect(grown('buffers')).toBeLessThan(2)
  })
})
