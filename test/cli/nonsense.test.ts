/** Whatever a command is given: it works, or says in one line why not. Nothing long is begun here, and no server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { packaged } from '#cli/root'
import { run } from './run.ts'

/** What would begin once all that was given is fine; for these tests that is the end. */
const { begin } = vi.hoisted(() => ({
  begin: () => {
    throw Object.assign(new Error('begun'), { syscall: 'go on', path: '', errno: undefined })
  },
}))
vi.mock('#agent/trainer/train', async (original) => ({ ...(await original<object>()), train: begin }))
vi.mock('#agent/study/reproduce', async (original) => ({ ...(await original<object>()), reproduce: begin }))
vi.mock('#agent/evaluation/evaluate', async (original) => ({
  ...(await original<object>()),
  evaluate: begin,
}))
vi.mock('#agent/rewards/audit', async (original) => ({ ...(await original<object>()), audit: begin }))
vi.mock('#core/check/conformance', async (original) => ({
  ...(await original<object>()),
  conformance: begin,
}))
vi.mock('#core/env/split', async (original) => ({ ...(await original<object>()), seedsOf: begin }))
vi.mock('#server/server', async (original) => ({ ...(await original<object>()), serve: begin }))
vi.mock('#server/openenv', async (original) => ({ ...(await original<object>()), serveEnv: begin }))
vi.mock('#server/reward', async (original) => ({ ...(await original<object>()), serveRewards: begin }))
vi.mock('#server/vec/serve', async (original) => ({
  ...(await original<object>()),
  ...{ talkOver: begin, serveSocket: begin, serveWebSocket: begin },
}))
vi.mock('#server/mcp/serve', async (original) => ({
  ...(await original<object>()),
  ...{ serveMcpStdio: begin, serveMcpHttp: begin },
}))
vi.mock('#cli/serving', async (original) => ({ ...(await original<object>()), openServer: begin }))
vi.mock('#cli/viewer', () => ({ oldViewer: async () => undefined }))
vi.mock('#bench/index', () => ({ BENCHMARKS: { train: begin, envs: begin } }))
vi.mock('../../envs/football/commands/statistics.ts', async (original) => ({
  ...(await original<object>()),
  simulate: begin,
}))
vi.mock('#bench/calibration/index', async (original) => ({
  ...(await original<object>()),
  calibration: begin,
}))
vi.mock('../../envs/sokoban/generate/generate.ts', async (original) => ({
  ...(await original<object>()),
  generate: begin,
}))
// A package without sources, so that no game is added to this one.
vi.mock('#cli/root', async (original) => ({
  ...(await original<object>()),
  root: new URL('file:///nowhere/'),
}))

const RECIPE = 'recipe.yaml'
const LEVEL = 'level=#####|#@$.#|#####'
const home = mkdtempSync(join(tmpdir(), 'kickpush-nonsense-'))
const before = process.cwd()
// Some nonsense is a path: from here `..` leads nowhere else.
mkdirSync(join(home, 'a', 'b'), { recursive: true })
process.chdir(join(home, 'a', 'b'))

const START = {
  ...{ type: 'start', format: 1, episode: 'a', kickpush: '', env: 'sokoban', version: 1, look: 1 },
  ...{ config: {}, seed: '\u001b[31m', agents: ['x\ny'], conversation: {}, hash: '0'.repeat(16) },
}
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  empty: '',
  noise: new Uint8Array(3000).map((_, i) => (i * 7919) % 256),
  zeros: new Uint8Array(1000),
  'line.txt': 'these\nare\nlines\n',
  'long.txt': 'x'.repeat(100_000),
  'deep.json': '['.repeat(20_000),
  'deeper.json': `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'null.json': 'null',
  'list.json': '[1, "constructor", {"left": 1, "right": 2}]',
  'object.json': '{"__proto__": {"left": 1}, "constructor": {}, "left": null, "right": []}',
  'record.jsonl': `${JSON.stringify(START)}\n`,
  'types.jsonl':
    '{"type":"start"}\n{"type":"constructor"}\n{"type":"start","format":{"a":"\\n"}}\n{}\nnull\n',
  'config.jsonl': `${JSON.stringify({ ...START, config: { level: '__proto__\n\u202e' } })}\n`,
  'bad.yaml': 'name: [unclosed',
  'alias.yaml': 'name: &x [*x]\n',
  'nested.yaml': `name: ${'['.repeat(3000)}`,
  'dashes.yaml': '- '.repeat(3000),
  'names.yaml': 'name: {toString: 1}\nstages: [{name: {toString: 1}, kind: constructor}]\n',
  'scalar.yaml': '5',
  'scene.py': 'def build_scenario(builder):\n  builder.SetTeam(constructor)\n',
  'proto.py': 'def build_scenario(builder):\n  __proto__ = Team.e_Left\n  builder.SetTeam(__proto__)\n',
  'call.py':
    'def build_scenario(builder):\n  builder.constructor(1)\n  builder.config().__proto__ = 1\n  builder.AddPlayer(\n',
  'level.xsb': '####\n#@$\u001b\n####\n',
  'open.xsb': '#####\n#@$. \n#####\n',
  'levels.xsb': '; constructor\n#####\n#@$.#\n#####\n',
}

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', 'length', 'then']
const VALUES = [
  ...NAMES,
  ...NAMES.map((name) => `preset=${name}`),
  ...NAMES.map((name) => `${name}=1`),
  ...NAMES.map((name) => `stages.0.${name}=1`),
  ...NAMES.map((name) => `${name}:x`),
  ...[
    '',
    ' ',
    '-',
    '--',
    '=',
    ',',
    ',,',
    'a=',
    '=b',
    'a=b',
    'a=b=c',
    ':',
    '::',
    '@',
    '|',
    '0=',
    '0=random',
    '9=random',
  ],
  ...['-1', '0', '1', '2', '1.5', '1e309', '-0', '0x1', 'NaN', 'Infinity', '99999999999999999999', '1e-400'],
  ...[
    '{',
    '[',
    '{}',
    '[]',
    '[[]]',
    '{"a":',
    '{"__proto__":{"a":1}}',
    '{"level":null}',
    '[[[',
    '"',
    'null',
    '{"preset":{}}',
  ],
  ...[
    'a={',
    'stages.fre.updates=[1',
    'data.0.config={a: &x [*x]}',
    'stages.0.name={toString: 1}',
    'stages.-1=1',
  ],
  ...[
    'stages.length=0',
    'stages.4294967294.kind=1',
    'data.0.config={level: "\\n"}',
    'name=!!js/function x',
    'a.b.c.d=1',
  ],
  ...[
    'optimizer.rate=.nan',
    'evaluation.agents=[nope]',
    'data.0.env=nope',
    'model=mini:nope',
    'seed={a: 1}',
    'seed=[1, 2]',
  ],
  ...[
    '\n',
    'a\nb',
    '\r',
    '\t',
    '\0',
    '\u001b[2J',
    '\u202eabc',
    '\u2028',
    'é\ud800',
    '💥'.repeat(50),
    'x'.repeat(5000),
    '\n'.repeat(300),
  ],
  ...[
    'level=\n',
    'level=#####|#@$.#|#####',
    'level=9999#',
    `level=${'('.repeat(200)}`,
    'width=1e9',
    'maxSteps=\u001b',
    'frame=99',
  ],
  ...[
    'mini:',
    'mini:nope',
    'mini:empty',
    'mini:noise',
    'mini:.',
    'mini:\n',
    'script:',
    'script:nope',
    'script:.',
    'script:noise',
  ],
  ...[
    'script:deep.json',
    'script:list.json',
    'script:line.txt',
    'chat:',
    'chat:x',
    'chat:x@y',
    'chat:@http://h',
    'chat:m@ftp://u:p@h',
  ],
  ...[
    'human:x',
    'random',
    'idle',
    'expert',
    'sokoban',
    'football',
    'tiny-1',
    'Up',
    'Up,Down',
    'lurd',
    'text',
    'frame',
    'wasm',
    'cpu',
  ],
  ...[
    'rule=constructor',
    'rule=',
    'alpha=x',
    '{"rule":{}}',
    'format-accuracy',
    'rule=format-accuracy,measure=\n',
    'magebench',
  ],
  ...[
    '/proc/x/y',
    '/proc/self/mem',

    '/dev/null/x',
    '.',
    './',
    'nowhere/at/all',
    'empty/x',
    ...Object.keys(FILES),
  ],
]

const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...VALUES) },
  // Nothing that is a path out of this folder, and nothing that a command may well be told to do a thousand times.
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/^[/~.]|^\d+$/.test(text)),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
)

interface Spoken {
  readonly name: string
  readonly flags: readonly string[]
  readonly examples: readonly (readonly string[])[]
}
let commands: Spoken[] = []

beforeAll(async () => {
  for (const [name, content] of Object.entries(FILES)) writeFileSync(name, content)
  writeFileSync(RECIPE, readFileSync(packaged('recipes/xs.yaml')))
  await run(...`play --env sokoban --config ${LEVEL} --agent expert --record play.jsonl`.split(' '))
  const task = {
    env: 'sokoban',
    config: { level: '#####|#@$.#|#####' },
    seed: '1',
    actions: 9,
    modality: 'text',
  }
  const row = { message: '[]', question: 'which?', answer: 'Right', env_path: JSON.stringify(task) }
  writeFileSync('data.jsonl', `${JSON.stringify(row)}\n`)
  const listed = await run('scenarios', 'list', 'academy_empty_goal_close', '--json')
  writeFileSync('scenarios.json', `${listed.out[0]}\n`)
  const overview = (await run('--help')).out.join('\n')
  const names = [...overview.matchAll(/^ {2}([^\s-]\S*(?: \S+)?) {2,}\S/gm)].map(([, name]) => name)
  const everywhere = [...overview.matchAll(/^ {2}(--\S+)/gm)].map(([, flag]) => flag)
  commands = await Promise.all(
    names.map(async (name) => {
      const help = (await run(...name.split(' '), '--help')).out.join('\n')
      return {
        name,
        flags: [...[...help.matchAll(/^ {2}(--\S+)/gm)].map(([, flag]) => flag), ...everywhere],
        examples: [...help.matchAll(/^ {2}kickpush (.*)$/gm)].map(([, line]) => line.split(' ')),
      }
    }),
  )
})

afterAll(() => {
  process.chdir(before)
  rmSync(home, { recursive: true })
})

/** Controls, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** A note on a level that --skip-bad leaves out: not what the command ended of. */
const LEFT_OUT = /; left out$/

async function behaves(words: readonly string[]): Promise<void> {
  const { code, out, err } = await run(...words)
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(event)
  const told = JSON.stringify({ words, code, err }).slice(0, 2000)
  expect([0, 1, 2, 3], told).toContain(code)
  for (const line of [...out, ...err]) expect(line.replaceAll('\n', ''), told).not.toMatch(UNSEEN)
  if (code !== 2) return
  // Of several files, each may have its line, which it begins.
  const errors = err.filter((line) => !(words.includes('--skip-bad') && LEFT_OUT.test(line)))
  expect(new Set(errors.map((line) => line.split(': ', 1)[0])).size, told).toBe(errors.length)
  expect(errors.length, told).toBeGreaterThan(0)
  for (const line of err) {
    expect(line, told).not.toContain('\n')
    expect(line.length, told).toBeLessThan(200)
    expect(line, told).toMatch(/\w/)
  }
}

/** Milliseconds for what hangs, however long the look. */
const LONG = 600_000
/** More for a long look: NONSENSE=1000 npx vitest run test/cli/nonsense.test.ts */
const RUNS = Number(process.env.NONSENSE ?? 25)

it('there are commands to be spoken to', () => {
  expect(commands.length).toBeGreaterThan(20)
  expect(commands.every(({ examples }) => examples.length > 0)).toBe(true)
})

it(
  'flags, values and files that are nonsense end in one line',
  async () => {
    for (const { name, flags } of commands) {
      const flag = fc.tuple(fc.constantFrom('--nonsense', '-x', ...flags), value)
      const written = fc.oneof(
        flag.map(([one, given]) => [one, given]),
        flag.map(([one, given]) => [`${one}=${given}`]),
        flag.map(([one]) => [one]),
        value.map((word) => [word]),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(written, { maxLength: 5 }), (parts) =>
          behaves([...name.split(' '), ...parts.flat()]),
        ),
        { numRuns: RUNS },
      )
    }
  },
  LONG,
)

it(
  'a command line that works, with one word spoilt, works or ends in one line',
  async () => {
    for (const { examples } of commands) {
      const line = fc.constantFrom(...examples)
      const spoilt = fc.tuple(line, fc.nat(), fc.constantFrom('set', 'drop', 'add', 'swap'), value)
      await fc.assert(
        fc.asyncProperty(spoilt, ([words, place, how, given]) => {
          const at = place % (words.length + 1)
          const next = [...words]
          if (how === 'set') next[at] = given
          else if (how === 'drop') next.splice(at, 1)
          else if (how === 'add') next.splice(at, 0, given)
          else next.push(...next.splice(at, 1))
          return behaves(next)
        }),
        { numRuns: RUNS },
      )
    }
  },
  LONG,
)

/** Keys that a config, a recipe, a record or a row may have, and some that they may not. */
const key = fc.constantFrom(
  ...[
    'preset',
    'level',
    'width',
    'boxes',
    'layout',
    'length',
    'minLength',
    'actionSet',
    'maxSteps',
    'style',
    'tile',
    'frame',
  ],
  ...[
    'scenario',
    'controlled',
    'reward',
    'rule',
    'alpha',
    'measure',
    'ball',
    'left',
    'right',
    'players',
    'role',
    'duration',
  ],
  ...[
    'seed',
    'name',
    'kind',
    'from',
    'data',
    'env',
    'config',
    'weight',
    'stages',
    'updates',
    'optimizer',
    'rate',
    'shards',
  ],
  ...[
    'conversation',
    'mode',
    'modality',
    'macro',
    'evaluation',
    'agents',
    'compare',
    'blind',
    'model',
    'vocabulary',
    'freeze',
  ],
  ...[
    'type',
    'format',
    'episode',
    'version',
    'look',
    'hash',
    'actions',
    'rewards',
    'terms',
    't',
    'turn',
    'seat',
    'observation',
  ],
  ...NAMES,
)
/** Plain data of any kind: never a number so large that a command may well do as it is told for hours. */
const datum: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      1,
      2.5,
      Number.POSITIVE_INFINITY,
      -0,
      [],
      {},
      '',
      [[]],
      [null],
      ['x'],
      [{}],
    ),
  },
  { weight: 4, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.dictionary(key, fc.constantFrom<unknown>(null, 1, 'x', [], {}), { maxKeys: 3 }),
  },
)
const config = fc.oneof(
  fc.tuple(key, datum).map(([name, given]) => JSON.stringify({ [name]: given })),
  fc.dictionary(key, datum, { maxKeys: 4 }).map((given) => JSON.stringify(given)),
  fc.tuple(key, value).map(([name, given]) => `${name}=${given}`),
  value,
)
const place = fc
  .array(fc.oneof(key, fc.constantFrom('0', '1', 'fre', 'imitation', '-1', '9')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((keys) => keys.join('.'))
const setting = fc.oneof(
  fc.tuple(place, datum).map(([keys, given]) => `${keys}=${JSON.stringify(given)}`),
  fc.tuple(place, value).map(([keys, given]) => `${keys}=${given}`),
)
const game = fc.constantFrom('sokoban', 'football')

it(
  'values of every kind, where each is read, work or end in one line',
  async () => {
    const lines = fc.oneof(
      setting.map((one) => ['train', RECIPE, '--set', one, '--out', 'run']),
      fc.tuple(setting, setting).map(([a, b]) => ['train', RECIPE, '--set', a, '--set', b, '--out', 'run']),
      fc
        .tuple(game, config)
        .map(([env, one]) => ['play', '--env', env, '--config', one, '--agent', 'idle', '--max-turns', '2']),
      fc.tuple(game, config).map(([env, one]) => ['env-server', '--env', env, '--config', one]),
      fc
        .tuple(game, config)
        .map(([env, one]) => ['dataset', 'export', '--env', env, '--config', one, '--out', 'data']),
      fc.tuple(game, value).map(([env, one]) => ['play', '--env', env, '--agent', one, '--max-turns', '2']),
      fc.tuple(game, value).map(([env, one]) => ['play', '--env', env, '--actions', one]),
      fc.tuple(game, datum).map(([env, one]) => ['play', '--env', env, '--actions', JSON.stringify([one])]),
      fc
        .tuple(game, value)
        .map(([env, one]) => ['play', '--env', env, '--agent', 'idle', '--macro', one, '--max-turns', '1']),
      fc.tuple(game, config).map(([env, one]) => ['env-server', '--env', env, '--reward', one]),
      config.map((one) => ['reward-server', '--reward', one]),
      value.map((one) => ['eval', '--env', 'sokoban', '--config', LEVEL, '--agent', one]),
      value.map((one) => ['compare', '--env', 'sokoban', '--config', LEVEL, 'random', one]),
      value.map((one) => ['eval', '--env', 'sokoban', '--agent', 'random', '--levels', one]),
      value.map((one) => [
        'play',
        '--env',
        'sokoban',
        '--config',
        LEVEL,
        '--agent',
        'idle',
        '--max-turns',
        '1',
        '--record',
        one,
      ]),
      fc
        .tuple(fc.constantFrom('--step', '--episode', '--png', '--size'), value)
        .map((one) => ['replay', 'play.jsonl', ...one]),
    )
    await fc.assert(fc.asyncProperty(lines, behaves), { numRuns: 20 * RUNS })
  },
  LONG,
)

/** A text with a part of it doubled, dropped, or something put into it. */
const spoil = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.constantFrom('drop', 'double', 'put'), value)
    .map(([at, length, how, given]) => {
      const part = text.slice(at, at + length)
      const middle = how === 'drop' ? '' : how === 'double' ? part + part : given
      return text.slice(0, at) + middle + text.slice(how === 'put' ? at : at + length)
    })

/** Lines of JSON with one value of one line replaced. */
function replaced(text: string): fc.Arbitrary<string> {
  const rows = text.trim().split('\n')
  return fc
    .tuple(fc.nat(rows.length - 1), fc.array(fc.nat(20), { maxLength: 4 }), datum)
    .map(([line, path, given]) => {
      const row = JSON.parse(rows[line])
      let parent = row
      let name = Object.keys(row)[path[0] ?? 0] ?? 'type'
      for (const step of path.slice(1)) {
        const next = parent[name]
        if (next === null || typeof next !== 'object' || Object.keys(next).length === 0) break
        parent = next
        name = Object.keys(next)[step % Object.keys(next).length]
      }
      parent[name] = given
      return rows.map((one, i) => `${i === line ? JSON.stringify(row) : one}\n`).join('')
    })
}

const PYTHON = `from . import *
def build_scenario(builder):
  builder.config().game_duration = 400
  builder.config().deterministic = False
  first = Team.e_Left
  if builder.EpisodeNumber() % 2 == 0:
    first = Team.e_Right
  builder.SetBallPosition(0.02, -0.02)
  builder.SetTeam(Team.e_Left)
  builder.AddPlayer(-1.0, 0.0, e_PlayerRole_GK, controllable=False)
  builder.AddPlayer(0.0, 0.02, e_PlayerRole_RM, lazy=True)
  builder.SetTeam(first)
  builder.AddPlayer(-1.0, 0.0, e_PlayerRole_GK)
`
const COLLECTION =
  '; one\n#####\n#@$.#\n#####\n\nComment:\ntext\nComment-End:\n3#|#@#|3#\nTitle: two\n\n######\n#.$@ #\n######\n'

it(
  'files of every kind, a little spoilt, are read or refused in one line',
  async () => {
    const record = readFileSync('play.jsonl', 'utf8')
    const rows = readFileSync('data.jsonl', 'utf8')
    const recipe = readFileSync(RECIPE, 'utf8')
    const batch = `${JSON.stringify({ env: 'sokoban', config: { level: '#####|#@$.#|#####' }, seed: 1, actions: ['Right'] })}\n`
    const file =
      (...words: string[]) =>
      (text: string) => ({ words, text })
    const scenarios = readFileSync('scenarios.json', 'utf8')
    const lines = fc.oneof(
      fc.oneof(spoil(record), replaced(record)).map(file('replay', 'x', '--verify')),
      fc.oneof(spoil(record), replaced(record)).map(file('replay', 'x', '--step', '1')),
      spoil(recipe).map(file('train', 'x', '--out', 'run')),
      fc.oneof(spoil(rows), replaced(rows)).map(file('reward-server', '--dataset', 'x')),
      fc.oneof(spoil(batch), replaced(batch)).map(file('play', '--batch', 'x')),
      spoil(COLLECTION).map(file('levels', 'import', 'x')),
      spoil(COLLECTION).map(file('levels', 'stats', 'x', '--limit-ms', '10')),
      spoil(COLLECTION).map(file('eval', '--env', 'sokoban', '--agent', 'random', '--levels', 'x')),
      spoil(PYTHON).map(file('scenarios', 'import', 'x')),
      fc.oneof(spoil(scenarios), replaced(scenarios)).map(file('scenarios', 'check', 'x')),
      fc
        .oneof(
          value,
          datum.map((one) => JSON.stringify(one)),
        )
        .map(file('play', '--env', 'sokoban', '--config', LEVEL, '--agent', 'script:x', '--max-turns', '2')),
    )
    const property = fc.asyncProperty(lines, ({ words, text }) => {
      writeFileSync('x', text)
      return behaves(words)
    })
    await fc.assert(property, { numRuns: 20 * RUNS })
  },
  LONG,
)
