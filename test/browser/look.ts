import type { Page } from 'playwright-core'

/** The machine may be busy; what must happen still must happen. */
export const PATIENCE = { timeout: 60_000, interval: 50 }

/** All pixels of a board, to see whether it changes. */
export function picture(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL())
}

/** The same, once the board is drawn at all: drawing code comes later than the rest of the page. */
export async function drawn(page: Page, selector: string): Promise<string> {
  await page.waitForSelector(`${selector}[height]`)
  return picture(page, selector)
}

/** The step that an element says it shows. */
export async function stepOf(page: Page, selector: string): Promise<number> {
  return Number(await page.getAttribute(selector, 'data-step'))
}
