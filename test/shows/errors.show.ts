/** Every kind of bad input gets one clear line and exit code 2, and nothing is written. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claim, kickpush, show } from './show.ts'

await show((folder) => {
  const refuse = (what: string, message: RegExp, ...args: string[]) => {
    const { code, err } = kickpush(...args)
    const lines = err.trim().split('\n')
    claim(
      what,
      code === 2 && lines.length === 1 && message.test(lines[0]),
      `exit ${code}, ${err.trim().slice(0, 200)}`,
    )
  }
  const file = (name: string, text: string | Uint8Array) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const out = join(folder, 'run')

  refuse('a wrong flag', /unknown flag --sede; did you mean seed/, 'play', '--sede', '1')
  refuse('a wrong value of a flag', /'port'/, 'serve', '--port', 'http')
  refuse('a wrong command', /did you mean 'train'/, 'trian')
  refuse(
    'a wrong recipe key',
    /imitation: unknown key 'updatse'; did you mean 'updates'/,
    'train',
    'recipes/xs.yaml',
    '--set',
    'stages.0.updatse=3',
    '--out',
    out,
  )
  refuse(
    'a wrong recipe value',
    /updates/,
    'train',
    'recipes/xs.yaml',
    '--set',
    'stages.0.updates=many',
    '--out',
    out,
  )
  refuse('a recipe that is not there', /recipes\/none.yaml/, 'train', 'recipes/none.yaml', '--out', out)
  refuse('a recipe that is not YAML', /recipe/, 'train', file('bad.yaml', 'name: [unclosed'), '--out', out)
  refuse(
    'a wrong config value',
    /'maxSteps'.*got -1/,
    'play',
    '--env',
    'sokoban',
    '--config',
    'maxSteps=-1',
    '--agent',
    'random',
  )
  refuse(
    'a wrong preset',
    /did you mean 'small-v0'/,
    'play',
    '--env',
    'sokoban',
    '--config',
    'preset=smal-v0',
    '--agent',
    'random',
  )
  refuse('a wrong action', /Sideways/, 'play', '--env', 'sokoban', '--actions', 'Up,Sideways')
  refuse('an unknown agent', /did you mean 'expert'/, 'eval', '--env', 'sokoban', '--agent', 'exprt')
  refuse(
    'a corrupt checkpoint',
    /weights.safetensors/,
    'eval',
    '--env',
    'sokoban',
    '--agent',
    `mini:${file('weights.safetensors', new Uint8Array(64).fill(7))}`,
  )
  refuse('a record that is not one', /no episode/, 'replay', file('bad.jsonl', 'nonsense\n'), '--verify')
  refuse(
    'a record of an unknown format',
    /format 99/,
    'replay',
    file('format.jsonl', '{"type":"start","format":99}\n'),
    '--verify',
  )
  refuse('a folder where a record should be', /cannot read/, 'replay', folder, '--verify')
  claim('nothing was written', !existsSync(out))
})
