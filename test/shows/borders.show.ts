/**
 * What comes from outside and is bad, large or strange: each input with what it gives now. One line and exit code 2, work
 * that grows as the text does, and in a clone the sources as they are.
 */
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAnswer, wordsIn } from '#agent/dialogue/answer'
import { parseRecipe } from '#agent/recipe/recipe'
import { didYouMean, legible } from '#core/base/errors'
import { readRecord } from '#core/record/jsonl'
import { envs } from '#envs'
import { responseOf } from '#server/response'
import { READERS } from '../readers.ts'
import { Work } from '../work.ts'
import { claim, kickpush, ROOT, run, show } from './show.ts'

const RECIPE = join(ROOT, 'recipes/xs.yaml')
const GAME = ['--env', 'sokoban', '--config', 'preset=tiny-1']
/** Most CPU-seconds for what took longer than anybody waits. */
const MOST_SECONDS = 30

await show((folder) => {
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const out = ['--out', join(folder, 'run')]
  const set = (...settings: string[]) => [
    'train',
    RECIPE,
    ...settings.flatMap((one) => ['--set', one]),
    ...out,
  ]
  const noise = file(
    'noise',
    new Uint8Array(5000).map((_, i) => (i * 7919) % 256),
  )

  console.log('-- settings and recipes')
  for (const one of [
    ...['a={', 'stages.fre.updates=[1', 'data.0.config={a: &x [*x]}', 'stages.0.name={toString: 1}'],
    ...[
      'stages.length=0',
      'stages.4294967294.kind=fre',
      'constructor.prototype.x=1',
      '__proto__.x=1',
      'seed={a: 1}',
    ],
    ...['data.0.env=nope', 'data.0.config.preset=constructor', 'model=mini:nope', 'evaluation.agents=[nope]'],
    ...[
      'evaluation.episodes=1000000',
      'optimizer.rate=.nan',
      `name=${'x'.repeat(50_000)}`,
      'name=\u001b[2J\n\u202e',
    ],
  ]) {
    refused(one, set(one))
  }
  refused('a recipe nested 100,000 deep', ['train', file('deep.yaml', `a: ${'['.repeat(100_000)}`), ...out])
  refused('a recipe of 100,000 dashes', ['train', file('dashes.yaml', '- '.repeat(100_000)), ...out])
  refused('a recipe that is noise', ['train', noise, ...out])
  refused('a recipe that never ends', ['train', '/dev/zero', ...out])
  refused('a folder that cannot be made', ['train', RECIPE, '--out', '/proc/x/y'])

  console.log('-- names that every object has')
  const python = 'def build_scenario(builder):\n  builder.SetTeam(constructor)\n'
  refused('SetTeam(constructor)', ['scenarios', 'import', file('a.py', python)])
  for (const name of ['constructor', 'toString', '__proto__']) {
    refused(`a command`, [name])
    refused(`an environment`, ['play', '--env', name, '--agent', 'random'])
    refused(`a preset`, ['play', '--env', 'sokoban', '--config', `preset=${name}`, '--agent', 'random'])
    refused(`an agent`, ['play', ...GAME, '--agent', name])
    refused(`an action`, ['play', ...GAME, '--actions', name])
    refused(`a macro`, ['play', ...GAME, '--agent', 'random', '--macro', name])
    refused(`a reward rule`, ['env-server', ...GAME, '--reward', name])
    refused(`a study`, ['reproduce', name])
  }

  console.log('-- flags and files')
  refused('a number that is blank', ['serve', '--port='])
  refused('episodes below 1', ['eval', ...GAME, '--agent', 'random', '--episodes', '-1'])
  refused('one agent to compare', ['compare', 'random', '--env', 'sokoban'])
  refused('an empty record', ['replay', '/dev/null', '--verify'])
  refused('a record that never ends', ['replay', '/dev/zero', '--verify'])
  refused('a record that is noise', ['replay', noise, '--verify'])
  refused('lines that never end', ['play', '--batch', '/dev/zero'])
  refused('a record that moves the cursor', ['replay', file('esc.jsonl', '\u001b[2J\n'), '--verify'])
  refused('a count of 400 digits', [
    'eval',
    '--env',
    'sokoban',
    '--agent',
    'random',
    '--levels',
    file('rle', `#${'9'.repeat(400)}()#`),
  ])
  refused('a chat address with a password', [
    'eval',
    ...GAME,
    '--agent',
    'chat:m@http://user:secret@127.0.0.1:1/v1',
    '--episodes',
    '1',
    '--tries',
    '1',
  ])

  console.log('-- large texts: CPU-seconds')
  const names = envs[0].actions(envs[0].config.parse({}))
  const think = `<think>${'\n'.repeat(50_000)}x</think><answer>${names[0]}</answer>`
  spent('a response of 100,000 blanks and an x', () => responseOf(`p${' '.repeat(100_000)}x`, 'p'))
  spent('a thought of 50,000 line ends', () => [parseAnswer(think, names, 9), wordsIn(think)])
  spent('a word of 10 MB', () => didYouMean('a'.repeat(10_000_000), names))
  spent('a level file of 80,000 comments', () => envs[0].levels!('Comment:\nComment-End:\n'.repeat(80_000)))
  spent('a heading of 1,000,000 blanks', () => envs[0].levels!(`level${' '.repeat(1_000_000)}x`))
  spent('a record of a million {} lines', () => readRecord('{}\n'.repeat(1_000_000)))
  const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join('')
  spent('a recipe of 100,000 keys', () => parseRecipe(keys, [], 'recipe'))

  console.log(
    '-- twice the text: times the work (blocks of code, and letters that built-in functions look at)',
  )
  const work = new Work()
  for (const [name, n, read] of READERS) {
    const of = (size: number) => work.of(() => quiet(() => read(size)))
    of(10)
    const times = of(2 * n) / of(n)
    claim(name, times < 2.5, times.toFixed(2))
  }
  work.close()

  console.log('-- a clone')
  clone(join(folder, 'clone'))
})

/** A command line that is to end in one line and exit code 2. */
function refused(what: string, words: readonly string[]): void {
  const { code, out, err } = kickpush(...words)
  const [line = '', ...more] = err.split('\n').filter((text) => text !== '')
  const clear =
    code === 2 && out === '' && more.length === 0 && line.length < 200 && !/[\p{Cc}\p{Cf}]|secret/u.test(line)
  const shown = legible(what, 60)
  claim(shown, clear, `${clear ? '' : `exit ${code}, `}${err.trim().slice(0, 300)}`)
}

function spent(what: string, read: () => unknown): void {
  const before = process.cpuUsage()
  quiet(read)
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  claim(what, seconds < MOST_SECONDS, seconds.toFixed(2))
}

/** What is refused has been read as well. */
function quiet(read: () => unknown): void {
  try {
    read()
  } catch {}
}

/** A clone with a mistake in a game, and a build from before it. */
function clone(home: string): void {
  const cloned = run('git', ['clone', '-q', ROOT, home])
  if (cloned.code !== 0) throw new Error(cloned.err)
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
  const bin = (...words: string[]) =>
    run(process.execPath, [join(home, 'bin/kickpush.js'), ...words], { cwd: home })
  const first = bin('--version')
  claim('without a build the sources run', first.code === 0, first.out.trim())
  const built = run(process.execPath, ['build.mjs', 'node'], { cwd: home })
  claim('it builds', built.code === 0, built.err.trim())
  const good = bin('check', 'sokoban')
  claim('check of a good game', good.code === 0, good.out.trim().split('\n').at(-1))
  const rules = join(home, 'envs/sokoban/look/text.ts')
  run('sed', ['-i', 's/^export function text(.*$/&\\n  if (Math.random() < 0.5) return ""/', rules])
  const bad = bin('check', 'sokoban')
  claim('check of a game broken since the build', bad.code === 1, bad.out.trim().split('\n').at(-1))
}
