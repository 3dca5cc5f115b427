/**
 * Every kind of bad input gets one clear line and exit code 2 and writes nothing; a malformed socket message gets its
 * typed error; and what was there before is there after.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Place } from '../server/place.ts'
import { Writer } from '../server/writer.ts'
import { claim, kickpush, show } from './show.ts'

const RECIPE = 'recipes/xs.yaml'
const GAME = ['--env', 'sokoban', '--config', 'preset=tiny-1']

/** What is wrong, the line that says so, and the command line. */
type Case = readonly [what: string, message: RegExp, words: readonly string[]]

const flags: readonly Case[] = [
  ['a wrong command', /did you mean 'train'/, ['trian']],
  ['a group without its tool', /which one\?.*allowed: .*solve/, ['levels']],
  ['a wrong flag', /unknown flag --sede; did you mean --seed/, ['play', '--sede', '1']],
  ['a flag without its value', /--agent needs a value/, ['eval', '--agent', '--json']],
  ['a flag given twice', /--seed is given twice/, ['play', '--seed', '1', '--seed', '2']],
  ['a value of another kind', /--port must be a number \(got "http"\)/, ['serve', '--port', 'http']],
  ['a value out of bounds', /--port must be at most 65535/, ['serve', '--port', '65536']],
  ['a choice that is none', /--modality: no "sound" \(allowed: text/, ['eval', '--modality', 'sound']],
  ['a word too many', /unexpected word 'b'/, ['train', 'a', 'b']],
]

const values: readonly Case[] = [
  ['a wrong environment', /did you mean 'sokoban'/, ['play', '--env', 'sokobn', '--agent', 'random']],
  ['a wrong agent', /did you mean 'expert'/, ['eval', ...GAME, '--agent', 'exprt']],
  ['a wrong preset', /did you mean 'small-v0'/, configured('preset=smal-v0')],
  ['a wrong config key', /unknown key 'maxStep'; did you mean 'maxSteps'/, configured('maxStep=5')],
  ['a wrong config value', /'maxSteps' must be at least 1 \(got -1\)/, configured('maxSteps=-1')],
  ['a config that is no JSON', /--config is not JSON/, configured('{"maxSteps":')],
  ['a level that is none', /no player/, configured('level=###')],
  ['a wrong action', /no action "Sideways"/, ['play', ...GAME, '--actions', 'Up,Sideways']],
  ['actions that are no JSON', /--actions is not JSON/, ['play', ...GAME, '--actions', '[1,']],
  ['a seat that is not there', /seats 0 to 0/, ['play', ...GAME, '--agent', '1=random']],
]

function configured(config: string): string[] {
  return ['play', '--env', 'sokoban', '--config', config, '--agent', 'random']
}

/** @param at makes paths of files in the show's folder. */
function files(at: (name: string) => string): readonly Case[] {
  const set = (override: string) => ['train', RECIPE, '--set', override, '--out', at('run')]
  const verify = (name: string) => ['replay', at(name), '--verify']
  return [
    ['a wrong recipe key', /unknown key 'updatse'; did you mean 'updates'/, set('stages.0.updatse=3')],
    ['a wrong recipe value', /'updates' must be a number \(got "many"\)/, set('stages.0.updates=many')],
    ['a stage that is not there', /no 'fry'; did you mean 'fre'/, set('stages.fry.updates=3')],
    ['a recipe that is not there', /none\.yaml/, ['train', at('none.yaml'), '--out', at('run')]],
    ['a recipe that is not YAML', /bad\.yaml/, ['train', at('bad.yaml'), '--out', at('run')]],
    ['a run that is not there', /holds no run to resume/, ['train', RECIPE, '--resume', '--out', at('run')]],
    [
      'a file where a run should be',
      /a file is in the way of a folder/,
      ['train', RECIPE, '--out', at('bad.yaml')],
    ],
    ['a checkpoint of noise', /noise/, ['eval', ...GAME, '--agent', `mini:${at('noise.safetensors')}`]],
    ['a checkpoint cut off', /cut/, ['eval', ...GAME, '--agent', `mini:${at('cut.safetensors')}`]],
    ['a record that is none', /no episode; line 1 is not JSON/, verify('lines.txt')],
    ['a record cut off in its first line', /cut off in its first line/, verify('bad.yaml')],
    ['an empty record', /is empty/, verify('empty')],
    ['a record of an unknown format', /format 99/, verify('format.jsonl')],
    ['a folder where a record should be', /illegal operation on a directory/, ['replay', at('.')]],
    [
      'a folder that cannot be written',
      /cannot write/,
      ['replay', at('good.jsonl'), '--gif', at('empty/x.gif')],
    ],
    ['an episode that is not there', /no episode 'x'/, [...verify('good.jsonl'), '--episode', 'x']],
    ['a step that is not there', /steps 0 to/, ['replay', at('good.jsonl'), '--step', '999']],
    ['no level in a file', /no level/, ['levels', 'solve', '--file', at('empty')]],
  ]
}

await show(async (folder) => {
  const at = (name: string) => join(folder, name)
  kickpush('play', ...GAME, '--agent', 'expert', '--record', at('good.jsonl'))
  writeFileSync(at('bad.yaml'), 'name: [unclosed')
  writeFileSync(at('lines.txt'), 'these\nare\nlines\n')
  writeFileSync(at('empty'), '')
  writeFileSync(at('noise.safetensors'), new Uint8Array(64).fill(7))
  writeFileSync(at('cut.safetensors'), readFileSync(shippedModel()).subarray(0, 5000))
  writeFileSync(at('format.jsonl'), '{"type":"start","format":99}\n')
  const before = contents(folder)
  for (const [what, message, words] of [...flags, ...values, ...files(at)]) {
    const { code, out, err } = kickpush(...words)
    const clear = code === 2 && out === '' && err.trim().split('\n').length === 1 && message.test(err)
    claim(what, clear, `${clear ? '' : `exit ${code}, `}${err.trim().replaceAll(folder, '').slice(0, 160)}`)
  }
  claim('nothing was written, and nothing lost', contents(folder) === before)
  await sockets(at('good.jsonl'), at('runs'))
})

function shippedModel(): string {
  const models = readdirSync('models', { recursive: true, encoding: 'utf8' })
  return join('models', models.find((name) => name.endsWith('.safetensors'))!)
}

/** One hash over the names and contents of a folder. */
function contents(folder: string): string {
  const hash = createHash('sha256')
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(entry.name)
    if (entry.isFile()) hash.update(readFileSync(join(entry.parentPath, entry.name)))
  }
  return hash.digest('hex')
}

async function sockets(record: string, runs: string): Promise<void> {
  new Writer(runs, 'a', 'done').raw('0.jsonl', readFileSync(record))
  const place = await Place.open({}, runs)
  const socket = await place.socket()
  const messages: readonly [name: string, value: unknown, code: string, line: RegExp][] = [
    ['watch', {}, 'INVALID_MESSAGE', /episode/],
    ['watch', { episode: 'a/play', after: -1 }, 'INVALID_MESSAGE', /after/],
    ['watch', 'a/play', 'INVALID_MESSAGE', /watch/],
    ['wathc', {}, 'INVALID_MESSAGE', /did you mean 'watch'/],
    ['watch', { episode: 'a/none' }, 'NOT_FOUND', /none/],
  ]
  for (const [name, value, code, line] of messages) {
    const answer = await socket.timeout(20_000).emitWithAck(name, value)
    const { error } = answer as { error?: { code: string; message: string } }
    const said = `${error?.code}: ${error?.message}`
    claim(`socket message ${name} ${JSON.stringify(value)}`, error?.code === code && line.test(said), said)
  }
  const watched = await socket.timeout(20_000).emitWithAck('watch', { episode: 'a/play' })
  claim('the socket goes on after all of them', watched.ok === true)
  await place.close()
}
