/**
 * Trainings with the same seed, and with another number of workers, end with the same bytes; one that is killed and
 * resumed too. On wasm, with a small recipe.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claim, kickpush, ROOT, show } from './show.ts'

const RECIPE = 'recipes/xs.yaml'

await show(async (folder) => {
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
  const args = [
    join(ROOT, 'bin/kickpush.js'),
    'train',
    RECIPE,
    '--backend',
    'wasm',
    '--workers',
    '2',
    '--out',
    killed,
  ]
  const child = spawn(process.execPath, args, { stdio: 'ignore', cwd: ROOT })
  while (checkpoints(killed).length < 2) await sleep(50)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const left = checkpoints(killed).length
  const resumed = kickpush('train', RECIPE, '--backend', 'wasm', '--out', killed, '--resume')
  claim(
    `killed after ${left} checkpoints and resumed, it ends the same`,
    resumed.code === 0 && digest(killed) === first,
  )
})

function checkpoints(run: string): string[] {
  const folder = join(run, 'checkpoints')
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d+$/.test(name))
        .sort()
    : []
}

/** One hash over the files of all checkpoints. */
function digest(run: string): string {
  const hash = createHash('sha256')
  for (const name of checkpoints(run)) {
    const folder = join(run, 'checkpoints', name)
    for (const file of readdirSync(folder).sort())
      hash.update(`${name}/${file}`).update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}
