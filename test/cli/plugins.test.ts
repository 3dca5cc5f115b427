import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'kickpush-plugins-'))
const game = join(home, 'game')

/** The command line in a folder, as a shell runs it. */
function kickpush(cwd: string, ...words: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...words], {
    cwd,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

const RECIPE = `
name: four
model: xs
data: [{ env: four-in-a-row, config: {} }]
shards: 2
stages:
  - { name: imitation, kind: base, updates: 1, batch: 2, optimizer: { rate: 1.0e-3 }, conversation: { maxTurns: 20 } }
`

beforeAll(() => {
  cpSync(join(ROOT, 'examples/four-in-a-row'), game, { recursive: true })
  writeFileSync(join(home, 'four.yaml'), RECIPE)
})
afterAll(() => rmSync(home, { recursive: true }))

describe('a game of another package', () => {
  it('brings tools of its own to the command line, loaded when one is asked for', () => {
    const index = join(game, 'src/tooled.ts')
    writeFileSync(index, "export * from './index.ts'\nexport const tools = () => import('./tools.ts')\n")
    writeFileSync(
      join(game, 'src/tools.ts'),
      `import { z } from 'kickpush/env'
const count = {
  summary: 'count to a number',
  examples: ['kickpush fours count'],
  flags: z.object({ to: z.coerce.number().default(3) }),
  run: async ({ to }, io) => (io.print('counted to ' + to), 0),
}
export const commands = { 'fours count': count }
`,
    )
    const module = ['--env-module', './game/src/tooled.ts']
    expect(kickpush(home, 'fours', 'count', '--to', '4', ...module)).toMatchObject({
      code: 0,
      out: 'counted to 4\n',
    })
    expect(kickpush(home, '--help', ...module).out).toMatch(/fours count +count to a number/)
    expect(kickpush(home, 'fours', 'count')).toMatchObject({ code: 2, out: '' })
  })

  it('is found by the config file of a folder above', () => {
    mkdirSync(join(game, 'deep'))
    const { out, code } = kickpush(join(game, 'deep'), 'play', '--env', 'four-in-a-row', '--agent', 'greedy')
    expect(code).toBe(0)
    expect(out).toMatch(/seat \d wins|draw/)
    const elsewhere = kickpush(home, 'play', '--env', 'four-in-a-row', '--agent', 'greedy')
    expect(elsewhere).toMatchObject({ code: 2, out: '' })
    expect(elsewhere.err).toMatch(/unknown environment "four-in-a-row"/)
  })

  it('is in every thread of a training, and its package in the run and its records; a resume loads it again', () => {
    const module = ['--env-module', './game/src/index.ts']
    const trained = kickpush(
      home,
      'train',
      'four.yaml',
      '--out',
      'run',
      '--workers',
      '2',
      '--backend',
      'cpu',
      ...module,
    )
    expect(trained).toMatchObject({ code: 0 })
    const info = JSON.parse(readFileSync(join(home, 'run/run.json'), 'utf8'))
    expect(info.packages['four-in-a-row']).toEqual({
      package: 'kickpush-four-in-a-row',
      version: '0.1.0',
      module: join(game, 'src/index.ts'),
    })
    expect(kickpush(home, 'train', '--resume', 'run')).toMatchObject({ code: 0 })

    kickpush(home, 'play', '--env', 'four-in-a-row', '--agent', 'greedy', '--record', 'e.jsonl', ...module)
    expect(JSON.parse(readFileSync(join(home, 'e.jsonl'), 'utf8').split('\n')[0]).package).toBe(
      'kickpush-four-in-a-row@0.1.0',
    )
    expect(kickpush(home, 'replay', 'e.jsonl', '--verify', ...module).out).toMatch(/^verified/)

    const manifest = join(game, 'package.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"0.1.0"', '"0.2.0"'))
    const other = kickpush(home, 'train', '--resume', 'run')
    writeFileSync(manifest, text)
    expect(other.code).toBe(2)
    expect(other.err).toBe(
      'run was begun with four-in-a-row of kickpush-four-in-a-row 0.1.0; here is kickpush-four-in-a-row 0.2.0\n',
    )
  })

  const write = (name: string, text: string) => {
    const file = join(home, name)
    writeFileSync(file, text)
    return file
  }
  it.each([
    ['./nowhere', /^game module '.\/nowhere': there is no such file or folder\n$/],
    ['kickpush-nowhere', /no package of that name is installed/],
    [write('throws.mjs', "throw new Error('a\\nb')"), /throws.mjs' cannot be loaded: a\n$/],
    [write('empty.mjs', 'export const a = 1'), /it exports no game/],
    [
      write('half.mjs', 'export const a = { id: "half", title: "", version: 1, look: 1, terms: [] }'),
      /its game "half" has no 'config' \(an Env's is an object\)\n$/,
    ],
    [
      write('number.mjs', 'export const a = { id: 3, title: "", version: 1, look: 1, terms: [] }'),
      /its game 3 has a number as 'id' \(an Env's is a string\)\n$/,
    ],
    [
      write('taken.mjs', `export { sokoban } from 'kickpush/games/sokoban'`),
      /there is a game 'sokoban' already\n$/,
    ],
  ])('%s is refused in one line', (module, line) => {
    const { code, out, err } = kickpush(home, 'check', '--env-module', module)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(line)
    expect(err.split('\n')).toHaveLength(2)
  })

  it('needs a good config file', () => {
    const bad = write('bad.json', '{ "games": [] }')
    expect(kickpush(home, 'check', '--config-file', bad).err).toMatch(/bad.json: .*games/)
    const list = write('list.mjs', "export default { envModules: ['./game/src/index.ts'] }")
    const { out } = kickpush(home, '--help', '--config-file', list)
    expect(out).toMatch(/environments: .*four-in-a-row\n$/)
    expect(kickpush(home, '--help', '--env-module').err).toBe('kickpush: --env-module needs a value\n')
  })
})
