/**
 * docs/add-an-environment.md followed from an empty folder outside the repository, with the package as npm would publish
 * it: a game is written, checked, tested, trained, watched, replayed, played on a page and published, in 15 minutes.
 * Needs the npm registry.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHROMIUM, launch, openPage } from '../browser/browser.ts'
import { install, pack } from './packed.ts'
import { claim, run, show } from './show.ts'

const MOST_MINUTES = 15

await show(async (folder) => {
  const tarball = pack(folder)
  const start = performance.now()
  const home = join(folder, 'games')
  claim('kickpush is installed in an empty folder', install(home, tarball).code === 0)
  const npx = (cwd: string, ...words: string[]) => run('npx', ['--no-install', ...words], { cwd })
  claim('npx kickpush new-env maze', npx(home, 'kickpush', 'new-env', 'maze').code === 0)
  const maze = join(home, 'maze')
  const installed = run('npm', ['install', '--no-audit', '--no-fund'], { cwd: maze })
  claim('npm install in its folder', installed.code === 0, installed.err.trim().split('\n').at(-1))

  const checked = npx(maze, 'kickpush', 'check', 'maze')
  claim('npx kickpush check maze', checked.code === 0, checked.out.trim().split('\n').at(-1))
  const tested = run('npm', ['test'], { cwd: maze })
  claim('npm test', tested.code === 0, /# pass \d+/.exec(tested.out)?.[0])
  const typed = run('npm', ['run', 'types'], { cwd: maze })
  claim('npm run types', typed.code === 0, typed.out.trim().slice(0, 200))

  const port = 3400 + (process.pid % 400)
  const training = spawn(
    'npx',
    ['--no-install', 'kickpush', 'train', 'recipe.yaml', '--out', 'runs/one', '--serve', String(port)],
    { cwd: maze, detached: true },
  )
  let said = ''
  const hear = (text: Buffer) => {
    said += text
  }
  training.stdout.on('data', hear)
  training.stderr.on('data', hear)
  for (let i = 0; i < 1500 && !said.includes('report: '); i++) await sleep(200)
  claim('it trains in threads, and reports', said.includes('report: '), /rl +\d+\.\d.*/.exec(said)?.[0])
  const url = /viewer: (http:\S+)/.exec(said)?.[1]
  const files = (await (await fetch(`${url}/api/games`)).json()) as { ids: string[]; url: string }[]
  claim('the server has its module for browsers', files[0]?.ids[0] === 'maze', files[0]?.url)
  if (!CHROMIUM) console.log('not drawn: there is no Chromium')
  else {
    const browser = await launch()
    const { page, errors } = await openPage(browser)
    const list = await (await fetch(`${url}/api/episodes?run=one&limit=1`)).json()
    const { id } = (list as { episodes: { id: string }[] }).episodes[0]
    await page.goto(`${url}/#/episode/${encodeURIComponent(id)}`)
    const badge = await page.waitForSelector('.badge[data-verdict=verified]').catch(() => null)
    claim('the viewer draws an episode and agrees', badge !== null && errors.length === 0, errors.join('; '))
    await browser.close()
  }
  process.kill(-training.pid!, 'SIGTERM')

  npx(maze, 'kickpush', 'play', '--env', 'maze', '--agent', 'mini:runs/one', '--record', 'e.jsonl')
  const verified = npx(maze, 'kickpush', 'replay', 'e.jsonl', '--verify')
  claim('its record verifies', verified.code === 0, verified.out.trim())
  const first = JSON.parse(readFileSync(join(maze, 'e.jsonl'), 'utf8').split('\n')[0])
  claim('and names its package', first.package === 'kickpush-maze@0.1.0', first.package)
  const built = run('npm', ['run', 'build'], { cwd: maze })
  claim('npm run build', built.code === 0, built.err.trim().split('\n').at(-1))
  const byFolder = npx(home, 'kickpush', 'check', 'maze', '--env-module', './maze')
  claim('the built package is a game for others: --env-module ./maze', byFolder.code === 0)
  const minutes = (performance.now() - start) / 60_000
  claim(`in under ${MOST_MINUTES} minutes`, minutes < MOST_MINUTES, `${minutes.toFixed(1)} minutes`)
})
