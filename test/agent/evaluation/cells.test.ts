import { expect, test } from 'vitest'
import type { Cell } from '#agent/evaluation/cells'
import { node } from '#agent/hosts/node/index'
import { type Trained, train } from '#agent/trainer/train'
import { readText } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { few, toy } from '../toy.ts'

const EVALUATION =
  'evaluation={agents: [random, fre, expert], modalities: [text], episodes: 3, data: [{env: sokoban, config: {preset: tiny-1}}], conversation: {maxTurns: 4}}'

interface Played extends Trained {
  readonly notes: readonly string[]
}

async function play(store: MemoryStore, ...settings: string[]): Promise<Played> {
  return playOn('wasm', store, ...settings)
}

async function playOn(backend: string, store: MemoryStore, ...settings: string[]): Promise<Played> {
  const recipe = toy(...few, EVALUATION, ...settings)
  const notes: string[] = []
  const resume = (await store.stat('run.json')) !== null
  const onNote = (note: string) => void notes.push(note)
  const ended = await train({
    host: node,
    recipe,
    store,
    run: 'run',
    workers: 0,
    backend,
    resume,
    onNote,
  })
  return { ...ended, notes }
}

/** A run that was evaluated once, copied for every test. */
const evaluated = (async () => {
  const store = new MemoryStore()
  return { store, ...(await play(store)) }
})()

async function copy(store: MemoryStore, folder = '', to = new MemoryStore()): Promise<MemoryStore> {
  for (const name of await store.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`
    const bytes = await store.read(path)
    if (bytes) await to.write(path, bytes)
    else await copy(store, path, to)
  }
  return to
}

const old = ({ notes }: Played): string[] => notes.filter((note) => note.includes('measured again'))

test('a cell whose settings are the same is taken up, and nothing is said', async () => {
  const { store, cells } = await evaluated
  const again = await play(await copy(store))
  expect(again.cells).toEqual(cells)
  expect(old(again)).toEqual([])
})

test.each([
  ['evaluation.episodes=4', 'episodes 3, now 4', 3],
  ['evaluation.seed=other', 'seed "test", now "other"', 3],
  ['evaluation.temperature=0', 'temperature 1, now 0', 3],
  ['evaluation.split=valid', 'split "test", now "valid"', 3],
  ['evaluation.conversation.maxTurns=3', 'conversation {', 3],
  ['evaluation.data.0.config.preset=tiny-2', 'levels "', 3],
  ['evaluation.agents=[random, fre, start]', '', 0],
])('after %s no result of before is called one of now', async (setting, said, many) => {
  const store = await copy((await evaluated).store)
  const changed = await play(store, setting)
  expect(old(changed)).toHaveLength(many)
  for (const line of old(changed)) expect(line).toContain(`.json is old (${said}`)
  const clean = new MemoryStore()
  const fresh = await play(clean, setting)
  expect(changed.cells).toEqual(fresh.cells)
  expect(await readText(store, 'report.json')).toBe(await readText(clean, 'report.json'))
})

test('a cell of another model, of 0.1.0, or one that is damaged is measured again', async () => {
  const { store: first, cells } = await evaluated
  const store = await copy(first)
  const cell = JSON.parse((await readText(store, 'evaluation/fre-text.json'))!) as Cell
  await store.write(
    'evaluation/fre-text.json',
    JSON.stringify({ ...cell, basis: { ...cell.basis, agent: 'x' }, results: [] }),
  )
  const { basis: _, ...unsaid } = cell
  await store.write(
    'evaluation/expert.json',
    JSON.stringify({ ...unsaid, agent: 'expert', modality: null, results: [] }),
  )
  await store.write('evaluation/random.json', '{"agent": "ran')
  const again = await play(store)
  expect(again.cells).toEqual(cells)
  expect(old(again)).toEqual([
    expect.stringContaining('random.json is not JSON'),
    expect.stringContaining('fre-text.json is old (agent "x", now'),
    'evaluation/expert.json is old (it does not say how it was measured): measured again',
  ])
})

test('an agent with an address in its name has a file, too', async () => {
  const { cells } = await play(
    await copy((await evaluated).store),
    'evaluation.agents=["mini:models/sokoban-base.safetensors"]',
  )
  expect(cells).toMatchObject([
    {
      agent: 'mini:models/sokoban-base.safetensors',
      basis: { agent: expect.stringMatching(/^[0-9a-f]{16}$/) },
    },
  ])
})

test('what another backend measured is measured again, and the report says which one trained', async () => {
  const store = await copy((await evaluated).store)
  const other = await playOn('cpu', store)
  expect(old(other)).toHaveLength(3)
  for (const line of old(other)) expect(line).toContain('.json is old (backend "wasm", now "cpu")')
  expect(await readText(store, 'report.md')).toContain('backend cpu (wasm until update 7), 2 shards')
  expect(old(await playOn('cpu', store))).toEqual([])
  const back = await playOn('wasm', store)
  expect(old(back)).toHaveLength(3)
  expect(await readText(store, 'report.md')).toContain('backend wasm, 2 shards')
})

test('the model of a stage is not evaluated when it is no longer the one that was written', async () => {
  const store = await copy((await evaluated).store)
  const ends = (await store.list('checkpoints')).sort((a, b) => Number(a) - Number(b))
  const [start, imitation] = ends.map((update) => `checkpoints/${update}/model.safetensors`)
  await store.write(imitation, (await store.read(start))!)
  const problem = await play(store, 'evaluation.agents=[imitation]').catch((error) => error)
  expect(problem.message).toContain(`${imitation} is damaged (its hash does not match)`)
})
