import { expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { RunFolder } from '#agent/trainer/folder'
import type { TrainProgress } from '#agent/trainer/stage'
import { type TrainOptions, train } from '#agent/trainer/train'
import { readText } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { few, filesOf, toy } from '../toy.ts'

const recipe = toy(...few, 'checkpointEvery=500')
const options = (store: MemoryStore, more: Partial<TrainOptions> = {}): TrainOptions => ({
  host: node,
  recipe,
  store,
  run: 'run',
  workers: 0,
  backend: 'wasm',
  ...more,
})

test('a run that is stopped after any update goes on from there, and ends as one that was not', async () => {
  const undisturbed = new MemoryStore()
  await train(options(undisturbed))
  const expected = await filesOf(undisturbed)
  expect(Object.keys(expected).length).toBeGreaterThan(15)
  const store = new MemoryStore()
  let stops = 0
  for (let done = false; !done; ) {
    const stop = new AbortController()
    const reason = new Error('enough')
    // A timer, as a signal of the system: it comes only where the thread is free.
    const onProgress = () => void setTimeout(() => stop.abort(reason))
    const resume = stops > 0
    const problem = await train(options(store, { signal: stop.signal, resume, onProgress })).catch((e) => e)
    done = problem !== reason
    expect((await new RunFolder(store).readInfo())?.status).toBe(done ? 'done' : 'stopped')
    const rows = await new RunFolder(store).readMetrics()
    expect(await store.list('checkpoints')).toContain(String(rows.length))
    stops++
  }
  expect(stops).toBeGreaterThan(3)
  const ended = await filesOf(store)
  expect(ended).toEqual(expected)
})

test('a replica in this thread leaves it to others between its pieces of work', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const updates: number[] = []
  await train(options(new MemoryStore(), { onProgress: () => updates.push(ticks) }))
  clearInterval(timer)
  expect(updates.every((seen, i) => seen > (updates[i - 1] ?? 0))).toBe(true)
})

test('an evaluation that is stopped is left at once, and goes on later with the cells it has', async () => {
  const evaluated = toy(
    ...few,
    'evaluation={agents: [random, fre, expert], episodes: 1, modalities: [text], data: [{env: sokoban, config: {preset: tiny-1}}]}',
  )
  const store = new MemoryStore()
  const stop = new AbortController()
  const reason = new Error('enough')
  const onNote = (note: string) => {
    if (note.startsWith('random:')) stop.abort(reason)
  }
  await expect(train(options(store, { recipe: evaluated, signal: stop.signal, onNote }))).rejects.toBe(reason)
  expect(await store.list('evaluation')).toEqual(['random.json'])
  const { cells } = await train(options(store, { recipe: evaluated, resume: true }))
  expect(cells.map(({ agent }) => agent)).toEqual(['random', 'fre', 'expert'])
})

test('one training at a time writes a folder, and says what it took over', async () => {
  const store = new MemoryStore()
  const lock = await store.lock()
  for (const resume of [false, true]) {
    const going = train(options(store, { resume }))
    await expect(going).rejects.toThrow(
      resume ? 'holds no run to resume' : 'is being written by somebody else',
    )
  }
  await lock.release()
  await train(options(store))
  await expect(train(options(store))).rejects.toThrow('already holds a run')
  const held = await store.lock()
  await expect(train(options(store, { resume: true }))).rejects.toThrow('is being written by somebody else')
  await held.release()
  const note = 'process 1, which was writing memory, is gone: taken over'
  store.lock = async () => ({ note, release: async () => {} })
  const notes: string[] = []
  await train(options(store, { resume: true, onNote: (line) => notes.push(line) }))
  expect(notes).toContain(note)
})

test('a run of 0.1.0, whose checkpoints say less, goes on to the same end', async () => {
  const undisturbed = new MemoryStore()
  await train(options(undisturbed))
  const store = new MemoryStore()
  const stop = new AbortController()
  const reason = new Error('enough')
  const onProgress = ({ row }: TrainProgress) => {
    if (row.update === 3) stop.abort(reason)
  }
  await expect(train(options(store, { signal: stop.signal, onProgress }))).rejects.toBe(reason)
  for (const update of await store.list('checkpoints')) {
    const file = `checkpoints/${update}/progress.json`
    const { files: _, rows: __, hash: ___, ...rest } = JSON.parse((await readText(store, file)) ?? '')
    await store.write(file, JSON.stringify({ ...rest, format: 1 }))
  }
  await train(options(store, { resume: true }))
  const [ended, expected] = [await filesOf(store), await filesOf(undisturbed)]
  // The marks of its own checkpoints stay as they are.
  const own = (all: Record<string, string>) => ({
    ...all,
    'checkpoints/0/progress.json': '',
    'checkpoints/3/progress.json': '',
  })
  expect(own(ended)).toEqual(own(expected))
})
