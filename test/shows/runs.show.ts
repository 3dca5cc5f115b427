/**
 * Runs keep their word: each input that a run once answered wrongly, with what it gives now; then a run that is killed
 * again and again, with 0, 1 and 2 workers, against one that is not.
 *
 *   npm run shows -- runs                                             a small recipe, few kills
 *   npm run shows -- runs --kills 60 --recipe recipes/quick.yaml      kills only: the long one; --set is passed on
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseBackend } from '#agent/hosts/node/backend'
import { findModel } from '#agent/hosts/node/models'
import { decodeModel } from '#agent/model/checkpoint'
import { decodeSafetensors } from '#agent/model/safetensors'
import { below, seeded, uniform } from '#core/base/random'
import { claim, kickpush, type Ran, ROOT, run, show } from './show.ts'

const SMALL = ['recipes/xs.yaml', '--backend', 'wasm']
const SHORT = ['imitation.updates=12', 'alignment.updates=2', 'fre.updates=3', 'mgt.updates=2'].flatMap(
  (one) => ['--set', `stages.${one}`],
)
const FEW = ['--set', 'evaluation.episodes=4', '--set', 'checkpointEvery=4']

await show(async (folder) => {
  const at = (name: string): string => join(folder, name, 'run')
  const train = (name: string, ...more: string[]): Ran =>
    kickpush('train', ...SMALL, ...SHORT, ...FEW, '--out', at(name), ...more)
  const resume = (name: string, ...more: string[]): Ran => kickpush('train', '--resume', at(name), ...more)

  if (process.argv.includes('--kills')) return kills(folder)

  heading('what was false')
  train('plain', '--workers', '2')
  settings(at('plain'), resume, train, at)
  divergence(train, at)
  await headers(at('plain'))
  metrics(train, resume, at)
  workers(train, at)

  heading('what was lost')
  await stopping(at, resume)
  await locks(train, at)
  limits(folder)

  heading('what was found too late')
  late(train, at)

  heading('kills')
  await kills(folder)
})

function heading(text: string): void {
  console.log(`\n-- ${text}`)
}

/** Settings of an evaluation that change do not carry old results. */
function settings(
  plain: string,
  resume: (name: string, ...more: string[]) => Ran,
  train: (name: string, ...more: string[]) => Ran,
  at: (name: string) => string,
): void {
  const others = ['episodes=6', 'temperature=0', 'seed=other'].flatMap((one) => [
    '--set',
    `evaluation.${one}`,
  ])
  const { code, err } = resume('plain', ...others)
  train('fresh', ...others)
  const old = lines(err).filter((line) => line.includes('is old ('))
  claim(
    '--resume with other settings measures every cell again, and says so',
    code === 0 && old.length === 10,
    old[0],
  )
  const same =
    readFileSync(join(plain, 'report.json'), 'utf8') ===
    readFileSync(join(at('fresh'), 'report.json'), 'utf8')
  claim('the report is that of a run with those settings from the beginning', same)
  const again = resume('plain')
  claim(
    'with the same settings nothing is measured again',
    again.code === 0 && !again.err.includes('measured again'),
  )
}

function divergence(train: (name: string, ...more: string[]) => Ran, at: (name: string) => string): void {
  for (const stage of ['imitation', 'alignment', 'fre', 'mgt']) {
    const name = `diverges-${stage}`
    const longer = ['--set', 'stages.imitation.updates=40', '--set', `stages.${stage}.optimizer.rate=1e308`]
    const { code, err } = train(name, ...longer)
    const last = lines(err).at(-1) ?? ''
    const { status } = info(at(name))
    claim(`rate 1e308 in ${stage}`, code === 2 && status === 'diverged' && !err.includes('    at '), last)
    const kept = readdirSync(join(at(name), 'checkpoints'))
    const finite = kept.every((update) =>
      isFiniteModel(join(at(name), 'checkpoints', update, 'model.safetensors')),
    )
    claim(`  every checkpoint kept (${kept.join(', ')}) is finite`, finite)
    const again = kickpush('train', '--resume', at(name))
    claim(
      '  --resume goes on from the last of them',
      again.err.includes(`resumes at update ${Math.max(...kept.map(Number))}`),
    )
  }
}

function isFiniteModel(file: string): boolean {
  const { weights } = decodeSafetensors(readFileSync(file), file)
  return Object.values(weights).every(({ data }) => data.every(Number.isFinite))
}

/** Flips of single bits: in headers, and anywhere in a checkpoint. */
async function headers(plain: string): Promise<void> {
  await chooseBackend('cpu')
  const newest = String(Math.max(...readdirSync(join(plain, 'checkpoints')).map(Number)))
  const folder = join(plain, 'checkpoints', newest)
  const bytes = readFileSync(join(folder, 'model.safetensors'))
  const header = 8 + Number(bytes.readBigUInt64LE())
  const random = seeded('flips')
  let loaded = 0
  for (let i = 0; i < 1000; i++) {
    const flipped = Uint8Array.from(bytes)
    flipped[below(random, header)] ^= 1 << below(random, 8)
    try {
      decodeModel(flipped, 'flipped').model.dispose()
      loaded++
    } catch {}
  }
  claim('bit flips in the header of a model that load', loaded === 0, `${loaded} of 1000`)
  for (const file of ['model.safetensors', 'optimizer.safetensors', 'progress.json']) {
    const path = join(folder, file)
    const good = readFileSync(path)
    const bad = Uint8Array.from(good)
    bad[good.length >> 1] ^= 4
    writeFileSync(path, bad)
    const { code, err } = kickpush('train', '--resume', plain)
    const said = lines(err).find((line) => line.includes('the checkpoint before it is taken')) ?? err
    claim(
      `a flipped bit in ${file}: the checkpoint before it is taken`,
      code === 0 && said !== err,
      said.slice(0, 150),
    )
  }
  const { code, err } = kickpush(
    ...['eval', '--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '2'],
    ...['--agent', `mini:${flippedModel(plain)}`],
  )
  claim('eval of a model with a flipped bit', code === 2 && lines(err).length === 1, err.trim())
}

function flippedModel(plain: string): string {
  const bytes = Uint8Array.from(readFileSync(findModel(plain)))
  bytes[200] ^= 1
  const file = join(plain, '..', 'flipped.safetensors')
  writeFileSync(file, bytes)
  return file
}

function metrics(
  train: (name: string, ...more: string[]) => Ran,
  resume: (name: string) => Ran,
  at: (name: string) => string,
): void {
  train('cut')
  const file = join(at('cut'), 'metrics.jsonl')
  const whole = readFileSync(file)
  truncateSync(file, whole.length >> 1)
  const { code, err } = resume('cut')
  claim('a metrics file that has lost rows', code === 2 && err.includes('has lost rows'), lines(err).at(-1))
  writeFileSync(file, whole)
  claim('put back, it goes on', resume('cut').code === 0)
}

function workers(train: (name: string, ...more: string[]) => Ran, at: (name: string) => string): void {
  const runs = ['0', '1', '2'].map((count) => {
    train(`workers-${count}`, '--workers', count)
    return snapshot(at(`workers-${count}`))
  })
  const count = Object.keys(runs[0]).length
  claim(
    `0, 1 and 2 workers give the same bytes in all ${count} files but for clocks`,
    runs.every((one) => differences(one, runs[0]).length === 0),
    runs.flatMap((one) => differences(one, runs[0])).join(', '),
  )
}

async function stopping(at: (name: string) => string, resume: (name: string) => Ran): Promise<void> {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  for (const count of ['0', '2']) {
    for (const [signal, expected] of Object.entries(codes)) {
      const name = `${signal} ${count}`
      const long = ['--set', 'checkpointEvery=500', '--workers', count, '--out', at(name)]
      const { code, err } = await interrupted(['train', ...SMALL, ...long], at(name), [
        signal as NodeJS.Signals,
      ])
      const rows = lines(readFileSync(join(at(name), 'metrics.jsonl'), 'utf8')).length
      const kept = existsSync(join(at(name), 'checkpoints', String(rows), 'progress.json'))
      const { status } = info(at(name))
      claim(
        `${signal} with --workers ${count}: exit code ${expected}, a checkpoint of all ${rows} updates, status stopped`,
        code === expected && kept && status === 'stopped',
        `${code}, ${status}`,
      )
      const printed =
        lines(err)
          .find((line) => line.includes('go on with: '))
          ?.split('go on with: ')[1] ?? ''
      if (signal !== 'SIGINT') continue
      const short = printed.replace(/^kickpush/, `"${process.execPath}" "${join(ROOT, 'bin/kickpush.js')}"`)
      const going = await interrupted(['-c', short], at(name), ['SIGINT'], '/bin/sh')
      claim(
        '  the line it prints goes on as printed',
        going.err.includes(`resumes at update ${rows}`),
        printed,
      )
    }
  }
  const twice = ['train', ...SMALL, '--workers', '0', '--out', at('twice')]
  const { code } = await interrupted(twice, at('twice'), ['SIGINT', 'SIGINT'])
  claim('a second signal stops at once', code === 130, code)
  claim('  and the run goes on after it', resume('twice').code === 0)
}

/** Runs a program until its run has made four updates, then sends the signals. */
async function interrupted(
  words: readonly string[],
  folder: string,
  signals: readonly NodeJS.Signals[],
  program?: string,
): Promise<{ code: number | null; err: string }> {
  const line = program ? words : [join(ROOT, 'bin/kickpush.js'), ...words]
  const child = spawn(program ?? process.execPath, line, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let err = ''
  child.stderr.on('data', (text) => {
    err += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const metrics = join(folder, 'metrics.jsonl')
  const size = () => (existsSync(metrics) ? readFileSync(metrics, 'utf8').split('\n').length : 0)
  const before = size()
  while (size() < before + 4) await sleep(50)
  // To the group, as a terminal does.
  for (const signal of signals) process.kill(-child.pid!, signal)
  return { code: await ended, err }
}

async function locks(
  train: (name: string, ...more: string[]) => Ran,
  at: (name: string) => string,
): Promise<void> {
  train('two', '--set', 'stages.imitation.updates=12')
  const words = ['train', ...SMALL, '--out', at('locked')]
  const first = interrupted(words, at('locked'), ['SIGINT'])
  while (!existsSync(join(at('locked'), 'lock'))) await sleep(20)
  while (!existsSync(join(at('locked'), 'run.json'))) await sleep(20)
  const second = kickpush('train', '--resume', at('locked'))
  claim('a second training of the same folder', second.code === 2, lines(second.err).at(-1))
  await first
  const killed = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), 'train', '--resume', at('locked')], {
    stdio: 'ignore',
  })
  while (!existsSync(join(at('locked'), 'lock'))) await sleep(20)
  killed.kill('SIGKILL')
  await new Promise((resolve) => killed.once('exit', resolve))
  const { code, err } = kickpush('train', '--resume', at('locked'))
  const said = lines(err).filter((line) => line.includes('taken over'))
  claim(
    'the lock of one that was killed is taken over, said in one line',
    code === 0 && said.length === 1,
    said[0],
  )
  const updates = lines(readFileSync(join(at('locked'), 'metrics.jsonl'), 'utf8')).map(
    (line) => JSON.parse(line).update,
  )
  claim(
    'one row for each of 108 updates',
    updates.length === 108 && updates.every((update, i) => update === i),
  )
}

/** A disk that fills up, files that may not grow, too few files at once. */
function limits(folder: string): void {
  const undisturbed = join(folder, 'whole', 'run')
  kickpush('train', ...SMALL, '--out', undisturbed)
  const cases: [string, string, string?][] = [
    ...['300k', '700k', '1200k', '1600k', '2000k'].map((size): [string, string, string] => [
      `a disk of ${size}`,
      '',
      size,
    ]),
    ['files of at most 300 kB', 'ulimit -f 300;'],
    ...[40, 60, 80, 100, 120].map((most): [string, string] => [
      `at most ${most} open files`,
      `ulimit -n ${most};`,
    ]),
  ]
  for (const [what, before, size] of cases) {
    const place = join(folder, what.replaceAll(' ', '-'))
    mkdirSync(place)
    if (size && run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]).code !== 0) {
      console.log(`skip ${what}: nothing can be mounted here`)
      continue
    }
    try {
      const out = join(place, 'run')
      const line = `${before} exec "${process.execPath}" bin/kickpush.js train ${SMALL.join(' ')} --workers 1 --out "${out}"`
      const { code, err } = run('/bin/bash', ['-c', line])
      const last = lines(err).at(-1) ?? ''
      const there = existsSync(join(out, 'run.json'))
      const { status, reason } = there ? info(out) : { status: 'none', reason: last }
      // Node itself, the modules, the worker: whatever is refused first.
      const enough = what.includes('open files') && code === 0
      const failed =
        code === 2 && !err.includes('    at ') && (!there || (status === 'failed' && reason === last))
      claim(
        `${what}: ${enough ? 'enough' : `one line, exit code 2, status ${status}`}`,
        enough || failed,
        `${code} ${last}`,
      )
      if (size) run('mount', ['-o', 'remount,size=40m', place])
      if (!there) continue
      const again = kickpush('train', '--resume', out)
      const differ = differences(snapshot(out), snapshot(undisturbed))
      claim(
        '  with room it goes on, and ends as one that never failed',
        again.code === 0 && differ.length === 0,
        differ.join(', '),
      )
    } finally {
      if (size) run('umount', [place])
    }
  }
}

function late(train: (name: string, ...more: string[]) => Ran, at: (name: string) => string): void {
  const wrong = [
    'data.0.env=nope',
    'data.0.config={preset: nope}',
    'model=mini:nope',
    'vocabulary=[nope]',
    'evaluation.agents=[nope]',
    'evaluation.blind=[nope]',
    'evaluation.compare=[{agent: nope, baseline: start, modality: text}]',
    'evaluation.data=[{env: sokoban, config: {level: "#####|#@$.#|#####"}}]',
    'evaluation.episodes=20001',
    'stages.fre.reward={rule: nope}',
    'stages.mgt.conversation={macro: nope}',
    'stages.imitation.expert=nope',
    'stages.fre.freeze=[nope.]',
  ]
  for (const setting of wrong) {
    const { code, err } = train('late', '--set', setting)
    const key = setting.startsWith('evaluation.data') ? 'evaluation.episodes' : setting.split('=')[0]
    const said = lines(err)
    claim(
      setting,
      code === 2 && said.some((line) => line.includes(key)) && !existsSync(at('late')),
      said.join(' | '),
    )
  }
  const some = ['model=mini:nope', 'evaluation.agents=[nope]', 'stages.fre.reward={rule: nope}']
  const { err } = train('late', ...some.flatMap((one) => ['--set', one]))
  const keys = ['model', 'evaluation.agents.0', 'stages.fre.reward.rule']
  const all = lines(err).length === 1 && keys.every((key) => err.includes(key))
  claim('three things that are wrong are said at once', all && !existsSync(at('late')), err.trim())
}

/** Kills a run at random moments until it has been killed often enough, and compares what it ends with. */
async function kills(folder: string): Promise<void> {
  const flag = (name: string): string | undefined => {
    const i = process.argv.indexOf(`--${name}`)
    return i < 0 ? undefined : process.argv[i + 1]
  }
  const [most, recipe] = [Number(flag('kills') ?? 6), flag('recipe') ?? 'recipes/xs.yaml']
  const given = process.argv.flatMap((word, i) => (word === '--set' ? [word, process.argv[i + 1]] : []))
  const begin = ['train', recipe, '--backend', 'wasm', ...given]
  const undisturbed = join(folder, 'undisturbed', 'run')
  const ran = kickpush(...begin, '--out', undisturbed, '--workers', '2')
  claim(`${recipe} ends undisturbed`, ran.code === 0)
  const expected = snapshot(undisturbed)
  const random = seeded('kills')
  let killed = 0
  let failed = 0
  let runs = 0
  const differ: string[] = []
  while (killed < most) {
    const out = join(folder, `killed-${runs++}`, 'run')
    for (let done = false; !done; ) {
      const workers = String((killed + failed) % 3)
      const words = existsSync(join(out, 'run.json')) ? ['train', '--resume', out] : [...begin, '--out', out]
      const line = [join(ROOT, 'bin/kickpush.js'), ...words, '--workers', workers]
      const child = spawn(process.execPath, line, { cwd: ROOT, stdio: 'ignore' })
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      if (killed < most) {
        await used(child, 0.3 + 8 * uniform(random))
        child.kill('SIGKILL')
      }
      const code = await ended
      if (code === null) killed++
      else if (code !== 0) failed++
      done = code === 0 || failed > 3
    }
    differ.push(...differences(snapshot(out), expected))
  }
  claim(
    `killed ${killed} times in ${runs} runs, with 0, 1 and 2 workers in turn: no resume failed`,
    killed >= most && failed === 0,
    `${failed} failed`,
  )
  claim(
    `all ${Object.keys(expected).length} files are the same bytes but for clocks`,
    differ.length === 0,
    differ.join(', '),
  )
}

/** Resolves when a process has used so many seconds of CPU (Linux tells), or has ended. */
async function used(child: ChildProcess, seconds: number): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
    if ((Number(stat[11]) + Number(stat[12])) / 100 >= seconds) return
    await sleep(20)
  }
}

/** Every file of a run but for its clocks: `seconds` of metrics and of the report. */
function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name)
      const text = readFileSync(path, 'latin1')
      const timeless = text
        .replace(/"seconds":[^,}]+/g, '')
        .replace(/^(\| [\w-]+ \| [\w-]+ \| \d+ \|) \d+ \|/gm, '$1 |')
      return [path.slice(folder.length + 1), timeless]
    }),
  )
}

function differences(a: Record<string, string>, b: Record<string, string>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((file) => a[file] !== b[file])
}

function info(folder: string): { status: string; reason?: string } {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
