/**
 * A third game, added in a temporary clone as one folder and one registry line, passes conformance, trains, streams,
 * is drawn in the viewer and replays verified, with no other file touched.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHROMIUM, launch, openPage } from '../browser/browser.ts'
import { claim, ROOT, run, show } from './show.ts'

const RECIPE = `
name: beacon
model: xs
data: [{ env: beacon, config: {} }]
stages:
  - { name: imitation, kind: base, updates: 20, batch: 16, optimizer: { rate: 5.0e-3 }, conversation: { maxTurns: 10 } }
  - { name: fre, kind: fre, updates: 3, groups: 4, optimizer: { rate: 1.0e-3 }, conversation: { maxTurns: 10 } }
  - { name: mgt, kind: mgt, updates: 3, groups: 4, optimizer: { rate: 1.0e-3 }, conversation: { maxTurns: 10, modality: frame } }
`

await show(async (folder) => {
  const clone = join(folder, 'kickpush')
  const cloned = run('git', ['clone', '-q', ROOT, clone])
  if (cloned.code !== 0) throw new Error(cloned.err)
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
  mkdirSync(join(clone, 'envs/beacon'))
  cpSync(join(ROOT, 'test/toy.ts'), join(clone, 'envs/beacon/index.ts'))
  const registry = join(clone, 'envs/index.ts')
  const listed = readFileSync(registry, 'utf8').replace(/(envs: readonly Env\[\] = \[)/, '$1toy, ')
  writeFileSync(registry, `import { toy } from './beacon/index.ts'\n${listed}`)
  const { out: touched } = run('git', ['status', '--porcelain'], { cwd: clone })
  console.log(touched.trim())

  const npm = (...args: string[]) => run('npm', args, { cwd: clone })
  const kickpush = (...args: string[]) => run(process.execPath, ['bin/kickpush.js', ...args], { cwd: clone })
  const built = npm('run', '-s', 'build')
  claim('it builds', built.code === 0, `${built.out}${built.err}`.slice(0, 500))
  const checked = kickpush('check', 'beacon')
  claim(
    'it passes conformance',
    checked.code === 0,
    checked.out
      .split('\n')
      .filter((line) => !line.startsWith('ok'))
      .join('; '),
  )

  writeFileSync(join(folder, 'beacon.yaml'), RECIPE)
  const runs = join(folder, 'runs')
  const trained = kickpush('train', join(folder, 'beacon.yaml'), '--out', join(runs, 'beacon'))
  claim('it trains a few updates', trained.code === 0, trained.err.trim().split('\n').at(-1))

  const record = join(folder, 'beacon.jsonl')
  kickpush('play', '--env', 'beacon', '--agent', `mini:${join(runs, 'beacon')}`, '--record', record)
  const verified = kickpush('replay', record, '--verify')
  claim('its record verifies', verified.code === 0, verified.out.trim())

  if (!CHROMIUM) return console.log('not drawn: there is no Chromium')
  const server = spawn(process.execPath, ['bin/kickpush.js', 'serve', '--port', '0', '--runs', runs], {
    cwd: clone,
  })
  const url = await new Promise<string>((resolve) => {
    server.stdout.on('data', (text: Buffer) => {
      const address = /http:\S+/.exec(String(text))
      if (address) resolve(address[0])
    })
  })
  let found: { id: string }[] = []
  for (let tries = 0; found.length === 0 && tries < 50; tries++) {
    await sleep(100)
    const answer = (await (await fetch(`${url}/api/episodes?env=beacon&limit=1`)).json()) as {
      episodes: { id: string }[]
    }
    found = answer.episodes
  }
  claim('its episodes are listed', found.length === 1)
  const browser = await launch()
  const { page, errors } = await openPage(browser)
  await page.goto(`${url}/#/episode/${encodeURIComponent(found[0].id)}`)
  const badge = await page
    .waitForSelector('.badge[data-verdict=verified]', { timeout: 30_000 })
    .catch(() => null)
  claim('the viewer draws it and agrees', badge !== null && errors.length === 0, errors.join('; '))
  await browser.close()
  server.kill()
})
