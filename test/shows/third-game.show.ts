/**
 * A third game, added in a temporary clone as one folder and one registry line, passes conformance, trains, streams,
 * is drawn in the viewer and replays verified, with no other file touched.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import type { RecordEvent } from '#core/record/record'
import { verifyEvents } from '#core/record/verify'
import { CHROMIUM, launch, openPage } from '../browser/browser.ts'
import { toy } from '../toy.ts'
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
  const out = join(folder, 'runs/beacon')
  const training = spawn(
    process.execPath,
    ['bin/kickpush.js', 'train', join(folder, 'beacon.yaml'), '--out', out, '--serve', '0'],
    { cwd: clone },
  )
  const said = { text: '' }
  training.stderr.on('data', (text: Buffer) => {
    said.text += text
  })
  const url = await new Promise<string>((resolve) => {
    training.stdout.on('data', (text: Buffer) => {
      const address = /http:\S+/.exec(String(text))
      if (address) resolve(address[0])
    })
  })
  const episode = await firstEpisode(url)
  const { status, steps, complete } = verifyEvents(await watched(url, episode), [toy])
  claim('it streams while it trains', status === 'agrees' && complete, `${episode}, ${steps} steps`)
  for (let tries = 0; !existsSync(join(out, 'report.md')) && tries < 600; tries++) await sleep(200)
  claim('it trains a few updates', existsSync(join(out, 'report.md')), said.text.trim().split('\n').at(-1))

  const record = join(folder, 'beacon.jsonl')
  kickpush('play', '--env', 'beacon', '--agent', `mini:${out}`, '--record', record)
  const verified = kickpush('replay', record, '--verify')
  claim('its record verifies', verified.code === 0, verified.out.trim())

  if (!CHROMIUM) console.log('not drawn: there is no Chromium')
  else {
    const browser = await launch()
    const { page, errors } = await openPage(browser)
    await page.goto(`${url}/#/episode/${encodeURIComponent(episode)}`)
    const badge = await page
      .waitForSelector('.badge[data-verdict=verified]', { timeout: 60_000 })
      .catch(() => null)
    claim('the viewer draws it and agrees', badge !== null && errors.length === 0, errors.join('; '))
    await browser.close()
  }
  training.kill()
  const { out: after } = run('git', ['status', '--porcelain'], { cwd: clone })
  claim('no other file is touched', after === touched, after.trim().split('\n').join(', '))
})

/** The first episode of the run that the server lists. */
async function firstEpisode(url: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${url}/api/episodes?run=beacon&sort=oldest&limit=1`)
    const { episodes } = (await answer.json()) as { episodes: { id: string }[] }
    if (episodes.length > 0) return episodes[0].id
    await sleep(200)
  }
  throw new Error('no episode was listed')
}

/** All events of an episode, as a viewer that watches it gets them. */
async function watched(url: string, episode: string): Promise<RecordEvent[]> {
  const socket = io(url, { parser, transports: ['websocket'] })
  const events: RecordEvent[] = []
  const ended = new Promise<void>((resolve) => {
    const take = (more: readonly RecordEvent[]) => {
      events.push(...more)
      if (events.at(-1)?.type === 'end') resolve()
    }
    socket.on('events', (batch: { events: RecordEvent[] }) => take(batch.events))
    socket.on('connect', async () => take((await socket.emitWithAck('watch', { episode })).result.events))
  })
  await ended
  socket.disconnect()
  return events
}
