import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM } from './browser.ts'
import { churn } from './churn.ts'
import { openSite, type Site } from './site.ts'

describe.skipIf(!CHROMIUM)('the memory of a wall', { timeout: 600_000 }, () => {
  let site: Site

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
  }, 600_000)

  afterAll(() => site?.close())

  test('does not grow with the boards that come and go', async () => {
    const [early, late] = await churn(site, 16, [70, 270])
    // What a hundred boards leave behind when their pictures are kept is 5 MB and more.
    expect(late.heap).toBeLessThan(early.heap + 2 * 3)
    expect(late.buffers).toBeLessThan(early.buffers + 2 * 2)
  })
})
