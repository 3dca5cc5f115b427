/**
 * Trainings with the same seed, and with another number of workers, end with the same bytes; one that is killed and
 * resumed too. On wasm: first a small recipe with every kind of stage by the command line, then a stage for every
 * algorithm with every credit, plain, and with KL and two epochs, each killed in its middle.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { MetricsRow } from '#core/record/run'
import { everyWay, trainIn } from '../agent/toy.ts'
import { claim, kickpush, ROOT, run, show } from './show.ts'

const RECIPE = 'recipes/xs.yaml'

const killedAt = process.argv.indexOf('--killed-at')
if (killedAt > 0) {
  await trainUntilKilled(process.argv[killedAt + 1], Number(process.argv[killedAt + 2]))
} else {
  await show(async (folder) => {
    await everyKindOfStage(folder)
    await everyAlgorithm(folder)
  })
}

async function everyKindOfStage(folder: string): Promise<void> {
  const train = (name: string, ...more: string[]) => {
    const { code, err } = kickpush('train', RECIPE, '--backend', 'wasm', '--out', join(folder, name), ...more)
    if (code !== 0) throw new Error(err)
    return digest(join(folder, name))
  }
  const first = train('first', '--workers', '2')
  claim('the same seed gives the same checkpoints', train('second', '--workers', '2') === first, first)
  claim('one worker gives the same checkpoints as two', train('one', '--workers', '1') === first)
  claim('another seed gives others', train('other', '--seed', '2') !== first)

  const killed = join(folder, 'killed')
  const line = ['train', RECIPE, '--backend', 'wasm', '--workers', '2', '--out', killed]
  const child = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...line], {
    stdio: 'ignore',
    cwd: ROOT,
  })
  while (checkpoints(killed).length < 2) await sleep(50)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const left = checkpoints(killed).length
  const resumed = kickpush('train', RECIPE, '--backend', 'wasm', '--out', killed, '--resume')
  claim(
    `killed after ${left} checkpoints and resumed, it ends the same`,
    resumed.code === 0 && digest(killed) === first,
  )
}

async function everyAlgorithm(folder: string): Promise<void> {
  const recipe = everyWay()
  const names = ['one', 'two', 'killed'].map((name) => join(folder, 'ways', name, 'run'))
  const [one, two, killed] = names
  await trainIn(one, { recipe, backend: 'wasm', workers: 1 })
  await trainIn(two, { recipe, backend: 'wasm', workers: 2 })
  let update = 0
  for (const stage of recipe.stages) {
    // After the second update of a stage, whose checkpoint is there or not.
    const script = fileURLToPath(import.meta.url)
    const line = ['--import', 'tsx', '--conditions=source', script, '--killed-at', killed, String(update + 2)]
    const { code, err } = run(process.execPath, line)
    if (code !== null) throw new Error(`${stage.name} was not killed: ${err}`)
    update += stage.updates
  }
  await trainIn(killed, { recipe, backend: 'wasm', workers: 2, resume: true })

  const rows = names.map(metrics)
  for (const { name } of recipe.stages) {
    const [own, others, resumed] = rows.map((all) => all.filter(({ stage }) => stage === name))
    const alike = [others, resumed].every((some) => JSON.stringify(some) === JSON.stringify(own))
    const ends = names.map((run) => end(run, name))
    claim(
      `${name}: two workers as one, killed and resumed as undisturbed`,
      alike && new Set(ends).size === 1,
      ends[0],
    )
  }
  const different = new Set(recipe.stages.map(({ name }) => end(one, name)))
  claim('every way ends elsewhere', different.size === recipe.stages.length)
}

/** Goes on with the run in `out`, and dies without a chance to tidy up once it has done `update` updates. */
async function trainUntilKilled(out: string, update: number): Promise<void> {
  await trainIn(out, {
    recipe: everyWay(),
    backend: 'wasm',
    workers: 2,
    resume: existsSync(join(out, 'run.json')),
    onProgress: ({ row }) => {
      if (row.update + 1 === update) process.kill(process.pid, 'SIGKILL')
    },
  })
}

/** Rows but for the clock. */
function metrics(run: string): MetricsRow[] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => ({ ...JSON.parse(line), seconds: 0 }))
}

/** Hash of the checkpoint at the end of a stage. */
function end(run: string, stage: string): string {
  const last = metrics(run).findLast((row) => row.stage === stage)
  return digest(run, [String((last?.update ?? -1) + 1)])
}

function checkpoints(run: string): string[] {
  const folder = join(run, 'checkpoints')
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d+$/.test(name))
        .sort()
    : []
}

/** One hash over the files of checkpoints, of all unless given. */
function digest(run: string, names = checkpoints(run)): string {
  const hash = createHash('sha256')
  for (const name of names) {
    const folder = join(run, 'checkpoints', name)
    for (const file of readdirSync(folder).sort())
      hash.update(`${name}/${file}`).update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}
