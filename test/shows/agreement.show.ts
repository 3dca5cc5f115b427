/** Node and Chromium agree on 100 random episodes of each game: every reward, flag, observation and hash. */
import { join } from 'node:path'
import { build } from 'vite'
import { createPolicy } from '#agent/hosts/node/policies'
import { resolveConfig } from '#core/env/config'
import { play } from '#core/play/play'
import { Conversation } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordVerification } from '#core/record/verify'
import { envs } from '#envs'
import { CHROMIUM, launch } from '../browser/browser.ts'
import { claim, ROOT, SKIPPED, show } from './show.ts'

const EPISODES = 100

if (!CHROMIUM) {
  console.log('skipped: there is no Chromium')
  process.exit(SKIPPED)
}

await show(async (folder) => {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
    build: {
      outDir: folder,
      lib: {
        entry: join(ROOT, 'test/shows/agreement-page.ts'),
        formats: ['iife'],
        name: 'page',
        fileName: () => 'page.js',
      },
    },
  })
  const browser = await launch()
  const page = await browser.newPage()
  await page.addScriptTag({ path: join(folder, 'page.js') })
  for (const env of envs) {
    const random = await createPolicy('random', { env })
    const matches = Array.from({ length: EPISODES }, (_, i) => {
      const config = resolveConfig(
        env,
        (env.examples[i % env.examples.length] ?? {}) as Record<string, unknown>,
      )
      const modality = (['text', 'frame', 'both'] as const)[i % 3]
      return {
        episode: `${i}`,
        env,
        config,
        seed: `agreement/${i}`,
        policies: new Array(env.seats(config)).fill(random),
        conversation: Conversation.parse({ modality, maxTurns: 200 }),
      }
    })
    const lines: string[] = []
    await play(matches, { onEvent: (event) => lines.push(writeLine(event)), concurrency: 1 })
    const { episodes, bad } = await page.evaluate(
      (record) => (globalThis as unknown as { verify(record: string): RecordVerification }).verify(record),
      lines.join(''),
    )
    const steps = episodes.reduce((sum, episode) => sum + episode.steps, 0)
    const wrong = episodes.find(({ status }) => status !== 'agrees')
    claim(
      `${env.id}: Chromium ${browser.version()} agrees with Node ${process.version} on ${episodes.length} episodes, ${steps} steps`,
      episodes.length === EPISODES && bad.length === 0 && !wrong,
      wrong ? JSON.stringify(wrong) : '',
    )
  }
  await browser.close()
})
