import type { Page } from 'playwright-core'

/** The machine may be busy; what must happen still must happen. */
export const PATIENCE = { timeout: 120_000, interval: 50 }

/** All pixels of a board, to see whether it changes. */
export function picture(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL())
}

/** The same, once the board is drawn at all: drawing code comes later than the rest of the page. */
export async function drawn(page: Page, selector: string): Promise<string> {
  await page.waitForSelector(`${selector}[height]`)
  return picture(page, selector)
}

/**
 * The same, once all that has happened so far is to be seen on it, of a page without motion: it is painted in the frame
 * after what happened, and the next frame comes when that is done.
 */
export async function still(page: Page, selector: string): Promise<string> {
  await drawn(page, selector)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  return picture(page, selector)
}

/** Presses a key of a game and lets it go at once: one that is held while the machine does something else plays again. */
export function tap(page: Page, code: string): Promise<unknown> {
  return page.evaluate(`
    for (const type of ['keydown', 'keyup'])
      document.body.dispatchEvent(new KeyboardEvent(type, { code: '${code}', bubbles: true, cancelable: true }))
  `)
}

/** The step that an element says it shows. */
export async function stepOf(page: Page, selector: string): Promise<number> {
  return Number(await page.getAttribute(selector, 'data-step'))
}
