import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { below } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { envs } from '#envs'
import { CHROMIUM, openPage } from './browser.ts'
import { PATIENCE, stepOf } from './look.ts'
import { openSite, type Site } from './site.ts'

/** Episodes of each environment that Node plays and Chromium plays again. */
const EPISODES = Number(process.env.AGREEMENT_EPISODES ?? 20)

/** Plays anything; answers with `many` actions at once. */
function anything(many: number): Policy {
  return {
    id: 'anything',
    act: async (requests) =>
      requests.map(({ env, state, random }) => {
        const count = env.actions(state.config).length
        return { valid: true, actions: Array.from({ length: many }, () => below(random, count)) }
      }),
  }
}

async function recordOf(id: string, index: number, config: Record<string, unknown>, steps: number) {
  const env = envs.find((each) => each.id === id)
  if (!env) throw new Error(`no environment ${id}`)
  const resolved = resolveConfig(env, config)
  const events: RecordEvent[] = []
  const policies = Array.from({ length: env.seats(resolved) }, () => anything(20))
  const conversation = Conversation.parse({
    modality: 'both',
    actionsPerTurn: 20,
    maxTurns: Math.ceil(steps / 20),
  })
  await play(
    [
      {
        episode: `${id}-${index}`,
        env,
        config: resolved,
        seed: `agreement/${index}`,
        policies,
        conversation,
      },
    ],
    {
      onEvent: (event) => events.push(event),
    },
  )
  return events
}

/** Processor seconds that the page's main thread has used: what others on the machine do does not count. */
async function processorTime(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
}

/** Milliseconds for what hangs; the machine may be busy. */
const LIMIT = 600_000 + 20_000 * EPISODES

describe.skipIf(!CHROMIUM)('Node and Chromium', { timeout: LIMIT }, () => {
  let site: Site
  let page: Page
  let errors: string[]

  beforeAll(async () => {
    site = await openSite()
    await mkdir(site.runs, { recursive: true })
    const opened = await openPage(site.browser)
    page = opened.page
    errors = opened.errors
    // A file comes when it comes, as from a slow disk: who asks for its episodes before gets them then.
    await page.addInitScript(() => {
      const { text } = Blob.prototype
      Blob.prototype.text = async function () {
        await new Promise((done) => setTimeout(done, 300))
        return text.call(this)
      }
    })
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('input[type=file]', { state: 'attached' })
  }, 600_000)
  afterAll(() => site?.close())

  const drop = (name: string, events: readonly RecordEvent[]) =>
    page.setInputFiles('input[type=file]', {
      name,
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(events.map(writeLine).join('')),
    })

  test.each(envs.map(({ id }) => id))(
    'agree on every state and observation of %s',
    async (id) => {
      await page.goto(`${site.url}/#/replays`)
      const env = envs.find((each) => each.id === id)
      const examples = env?.examples ?? []
      const records: RecordEvent[][] = []
      for (let index = 0; index < EPISODES; index++)
        records.push(await recordOf(id, index, { ...examples[index % examples.length] }, 120))
      await drop(`${id}.jsonl`, records.flat())
      for (const events of records) {
        const [{ episode }] = events
        await page.goto(`${site.url}/#/episode/${encodeURIComponent(`local/${id}.jsonl/${episode}`)}?step=20`)
        await page.waitForSelector('.badge:not([data-verdict=pending])')
        expect(await page.getAttribute('.badge', 'data-verdict'), episode).toBe('verified')
        await page.waitForSelector('.chip:has-text("as recorded"), .chip:has-text("differently")')
        expect(await page.textContent('.episode-side'), episode).toContain('as recorded')
      }
      expect(errors).toEqual([])
    },
    600_000,
  )

  test('a replay of 3,000 steps is at hand at once', async () => {
    await page.goto(`${site.url}/#/replays`)
    await page.waitForSelector('input[type=file]', { state: 'attached' })
    const events = await recordOf('football', 0, { preset: '11_vs_11_stochastic' }, 3000)
    const steps = events.filter((event) => event.type === 'step').length
    expect(steps).toBe(3000)
    await drop('long.jsonl', events)
    await page.waitForSelector('.badge[data-verdict=verified]')
    await expect.poll(() => page.getAttribute('.scrub', 'max'), PATIENCE).toBe('3000')
    const seconds = await processorTime(page)
    const times: number[] = []
    for (const step of [2999, 31, 1503, 2222, 777, 1]) {
      const before = await seconds()
      await page.$eval(
        '.scrub',
        (range, value) => {
          const input = range as unknown as { value: string; dispatchEvent(event: Event): void }
          input.value = value
          input.dispatchEvent(new Event('input', { bubbles: true }))
        },
        String(step),
      )
      times.push((await seconds()) - before)
      expect(await stepOf(page, '.episode')).toBe(step)
    }
    expect(Math.min(...times)).toBeGreaterThan(0)
    expect(Math.max(...times)).toBeLessThan(0.05)
    expect(errors).toEqual([])
  })
})
