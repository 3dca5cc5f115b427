/**
 * From a fresh clone: install, start (the viewer answers and training moves), and everything CI runs, in under 15
 * minutes. Needs the npm registry.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claim, ROOT, run, show } from './show.ts'

const MOST_MINUTES = 15

await show(async (folder) => {
  const clone = join(folder, 'kickpush')
  const cloned = run('git', ['clone', '-q', ROOT, clone])
  if (cloned.code !== 0) throw new Error(cloned.err)
  const installed = run('npm', ['install', '--no-audit', '--no-fund'], { cwd: clone })
  claim('npm install', installed.code === 0, installed.err.trim().split('\n').at(-1))

  const started = spawn('npm', ['start'], { cwd: clone, detached: true })
  let said = ''
  const hear = (text: Buffer) => {
    said += text
  }
  started.stdout.on('data', hear)
  started.stderr.on('data', hear)
  const until = async (pattern: RegExp): Promise<string | undefined> => {
    for (let i = 0; i < 600 && !pattern.test(said); i++) await sleep(200)
    return pattern.exec(said)?.[0]
  }
  const url = await until(/http:\/\/\S+/)
  const page = url ? await (await fetch(url)).text() : ''
  claim('npm start serves the viewer', page.includes('<title>Kickpush'), url)
  claim('and trains', (await until(/fre \d+\/\d+,.* left/)) !== undefined)
  process.kill(-started.pid!, 'SIGTERM')

  const start = performance.now()
  const checked = run('bash', ['.ci/run'], { cwd: clone })
  const minutes = (performance.now() - start) / 60_000
  claim('everything CI runs passes', checked.code === 0, checked.out.trim().split('\n').slice(-8).join(' | '))
  claim(`in under ${MOST_MINUTES} minutes`, minutes < MOST_MINUTES, `${minutes.toFixed(1)} minutes`)
})
