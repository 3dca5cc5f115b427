import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { train } from '#agent/trainer/train'
import { UserErrors } from '#core/base/errors'
import { MemoryStore } from '#stores/memory'
import { few, toy } from '../toy.ts'

const EVALUATION =
  'evaluation={agents: [start, fre, expert], episodes: 2, data: [{env: sokoban, config: {preset: tiny-1}}]}'

/** A source of one level. */
const ONE = '{env: sokoban, config: {level: "#######|#-@$-.#|#######"}}'

/** The lines that a recipe with these settings is refused with. */
async function problems(...settings: string[]): Promise<readonly string[]> {
  const store = new MemoryStore()
  const recipe = toy(...few, EVALUATION, ...settings)
  const problem = await train({ host: node, recipe, store, run: 'run', workers: 0, backend: 'cpu' }).catch(
    (e: unknown) => e,
  )
  expect(await store.list('')).toEqual([])
  expect(problem).toBeInstanceOf(UserErrors)
  return (problem as UserErrors).lines
}

test.each([
  ['data.0.env=nope', /^data\.0\.env: unknown environment "nope"/],
  ['data.0.config={preset: tiny-9}', /^data\.0\.config: sokoban has no preset "tiny-9"; did you mean/],
  ['data.0.config={width: 1}', /^data\.0\.config: config of sokoban: /],
  ['stages.fre.data=[{env: nope}]', /^stages\.fre\.data\.0\.env: unknown environment "nope"/],
  ['model=mini:nobody', /^model: no file, folder or shipped model 'nobody'/],
  ['model=mini:football-academy', /^model: it has no words for sokoban, which the recipe plays$/],
  ['vocabulary=[sokoban, nope]', /^vocabulary\.1: unknown environment "nope"/],
  ['vocabulary=[football]', /^vocabulary: it has no words for sokoban/],
  ['stages.fre.reward.rule=nope', /^stages\.fre\.reward\.rule: no reward rule 'nope' for sokoban/],
  ['stages.fre.conversation={macro: nope}', /^stages\.fre\.conversation\.macro: sokoban has no macro 'nope'/],
  ['stages.imitation.expert=nope', /^stages\.imitation\.expert: sokoban has no agent 'nope'/],
  [
    'stages.imitation={name: imitation, kind: sft, updates: 1, against: [random, nope], optimizer: {rate: 1}, data: [{env: football, config: {preset: academy_3_vs_1_with_keeper, controlled: 2}}]}',
    /^stages\.imitation\.against\.1: football has no agent 'nope'/,
  ],
  [
    'stages.imitation.against=[random]',
    /^stages\.imitation\.against: sokoban has one seat with this config, and nobody to play against$/,
  ],
  [
    'stages.imitation.sketch=1',
    /^stages\.imitation\.sketch: its slots are not asked about plans; take model: b$/,
  ],
  [
    'stages.imitation.leaveOut={words: ["#", Upp], share: 1}',
    /^stages\.imitation\.leaveOut\.words\.1: it has no word 'Upp'; did you mean 'Up'/,
  ],
  ['stages.fre.freeze=[vision., nope.]', /^stages\.fre\.freeze\.1: no weight's name begins with 'nope\.'$/],
  ['stages.fre.valid={data: [{env: nope}]}', /^stages\.fre\.valid\.data\.0\.env: unknown environment "nope"/],
  ['stages.fre.valid={episodes: 3}', /^stages\.fre\.valid\.episodes: sokoban: only \d of 3 valid levels/],
  [
    'stages.fre.curriculum={lessons: [{maxSteps: 6}, {width: 1}]}',
    /^stages\.fre\.curriculum\.lessons\.1\.0\.config: config of sokoban: /,
  ],
  [
    'stages.fre={kind: fre, name: fre, updates: 1, groups: 2, mistakes: {}, optimizer: {rate: 1}, data: [{env: football, config: {preset: academy_corner}}]}',
    /^stages\.fre\.mistakes: football does not tell what can still be won$/,
  ],
  ['evaluation.agents=[fre, nope]', /^evaluation\.agents\.1: sokoban has no agent 'nope'/],
  [
    'evaluation.agents=[fre, "mini:nobody"]',
    /^evaluation\.agents\.1: no file, folder or shipped model 'nobody'/,
  ],
  ['evaluation.agents=[fre, "chat:x"]', /^evaluation\.agents\.1: agent 'chat:x/],
  ['evaluation.blind=[nope]', /^evaluation\.blind\.0: sokoban has no agent 'nope'/],
  [
    'evaluation.compare=[{agent: nope, baseline: start, modality: text}]',
    /^evaluation\.compare\.0\.agent: evaluation\.agents has no 'nope'/,
  ],
  [
    'evaluation.compare=[{agent: fre, baseline: start, modality: both}]',
    /^evaluation\.compare\.0\.modality: evaluation\.modalities has no 'both'/,
  ],
  ['evaluation.opponents=[random]', /^evaluation\.opponents: sokoban has one seat with this config/],
  [
    'stages.fre.opponents=[self, random]',
    /^stages\.fre\.opponents: sokoban has one seat with this config, and nobody to play against$/,
  ],
  [
    'stages.fre={name: fre, kind: fre, updates: 1, groups: 4, opponents: [self, nope], optimizer: {rate: 1}, data: [{env: football, config: {preset: academy_3_vs_1_with_keeper, controlled: 2}}]}',
    /^stages\.fre\.opponents\.1: football has no agent 'nope'/,
  ],
  ['evaluation.conversation.macro=nope', /^evaluation\.conversation\.macro: sokoban has no macro 'nope'/],
  ['evaluation.data=[{env: nope}]', /^evaluation\.data\.0\.env: unknown environment "nope"/],
  [`evaluation.data=[${ONE}]`, /^evaluation\.episodes: sokoban: only [01] of 2 test levels/],
  ['exhibition=[{agent: nope, env: sokoban}]', /^exhibition\.0\.agent: sokoban has no agent 'nope'/],
  ['exhibition=[{agent: expert, env: nope}]', /^exhibition\.0\.env: unknown environment "nope"/],
])('%s is refused before anything is written', async (setting, line) => {
  expect(await problems(setting)).toEqual([expect.stringMatching(line)])
})

test('an environment that is not there is said once, whatever the model reads', async () => {
  expect(await problems('model=mini:sokoban-base', 'data.0.env=nope')).toEqual([
    expect.stringMatching(/^data\.0\.env: unknown environment "nope"/),
  ])
})

test('everything that is wrong is said at once, each thing with its key', async () => {
  const lines = await problems(
    'stages.fre.reward.rule=nope',
    'stages.shuffled.conversation={macro: nope}',
    'evaluation.agents=[nope, fre, nope2]',
    `evaluation.data=[${ONE}]`,
    'model=mini:nobody',
  )
  const keys = lines.map((line) => line.split(':', 1)[0]).sort()
  expect(keys).toEqual([
    'evaluation.agents.0',
    'evaluation.agents.2',
    'evaluation.episodes',
    'model',
    'stages.fre.reward.rule',
    'stages.shuffled.conversation.macro',
  ])
  for (const line of lines) expect(line.length).toBeLessThan(200)
})

const folder = mkdtempSync(join(tmpdir(), 'check-'))
afterAll(() => rmSync(folder, { recursive: true }))
const corridor = (length: number) =>
  `${'#'.repeat(length + 4)}\n#@$${' '.repeat(length - 1)}.#\n${'#'.repeat(length + 4)}`

test('levels of files that the model cannot read are named, or left out and listed', async () => {
  const path = (name: string) => join(folder, name)
  // The size of the toy recipe's model reads 24 columns.
  writeFileSync(path('a.txt'), [3, 30, 4, 40, 5, 6, 7].map(corridor).join('\n\n'))
  writeFileSync(path('b.txt'), `${corridor(5)}\n\n####\n#@ #\n####\n`)
  const source = (files: string[], more = '') =>
    `data=[{env: sokoban, levels: [${files.map(path).join(', ')}]${more}}]`
  const data = 'evaluation.data=[{env: sokoban, config: {preset: tiny-1}}]'
  const wide = "its prompts take 107 slots of 3x34 places, more than the model's 128 of 24x24"
  expect(await problems(source(['a.txt', 'b.txt']), data)).toEqual([
    `data.0.levels: ${path('a.txt')}: line 5, level 2: ${wide}; also level 4 (line 13) ('skipBad' leaves them out)`,
    `data.0.levels: ${path('b.txt')}: line 5, level 2: the level has no box ($ or *) ('skipBad' leaves them out)`,
  ])
  const notes: string[] = []
  const short = ['stages.imitation.updates=1', 'stages.fre.updates=1', 'stages.shuffled.updates=1']
  await train({
    host: node,
    recipe: toy(...few, ...short, source(['a.txt'], ', skipBad: true')),
    store: new MemoryStore(),
    run: 'run',
    workers: 0,
    backend: 'cpu',
    onNote: (note) => notes.push(note),
  })
  expect(notes.filter((note) => note.endsWith('; left out'))).toEqual([
    `${path('a.txt')}: line 5, level 2: ${wide}; left out`,
    `${path('a.txt')}: line 13, level 4: ${wide.replace('107', '137').replace('34', '44')}; left out`,
  ])
})
