import { expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { RunFolder } from '#agent/trainer/folder'
import { Diverged } from '#agent/trainer/stage'
import { train } from '#agent/trainer/train'
import { readText } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { few, toy } from '../toy.ts'

/** Enough imitation for rewards that differ. */
const LEARNT = 'stages.imitation.updates=16'

const status = async (store: MemoryStore) => new RunFolder(store).readInfo()

test.each([
  ['imitation', '1e308', 'wasm', 0],
  ['imitation', '1e30', 'wasm', 0],
  ['imitation', '1e308', 'cpu', 0],
  ['fre', '1e308', 'wasm', 16],
  ['fre', '1e25', 'wasm', 16],
])(
  'stage %s at rate %s on %s ends as diverged, with its last good checkpoint',
  async (stage, rate, backend, last) => {
    const store = new MemoryStore()
    const recipe = toy(...few, LEARNT, `stages.${stage}.optimizer.rate=${rate}`)
    const options = { host: node, recipe, store, run: 'run', workers: 0, backend }
    const problem = await train(options).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(Diverged)
    const { message } = problem as Diverged
    expect(message).toMatch(
      new RegExp(`diverged in update \\d+ \\(stage ${stage}, its update \\d\\): .* not finite`),
    )
    expect(message).toContain(`try a smaller optimizer.rate than ${Number(rate)}`)
    expect(await status(store)).toMatchObject({ status: 'diverged', reason: message })
    const kept = (await store.list('checkpoints')).map(Number)
    expect(Math.max(...kept)).toBe(last)
    expect((await readText(store, 'metrics.jsonl')) ?? '').not.toContain('null')
    // Going on begins at that checkpoint, and comes to the same end.
    const notes: string[] = []
    await expect(train({ ...options, resume: true, onNote: (note) => notes.push(note) })).rejects.toThrow(
      message,
    )
    expect(notes.join()).toContain(`resumes at update ${last} of 20`)
  },
)

test.each(['1e4', '1e10', '1e18'])(
  'at rate %s a training never ends in anything else than done or diverged',
  async (rate) => {
    const store = new MemoryStore()
    const recipe = toy(...few, LEARNT, `stages.fre.optimizer.rate=${rate}`, 'stages.fre.optimizer.clip=0')
    const problem = await train({ host: node, recipe, store, run: 'run', workers: 0, backend: 'wasm' }).catch(
      (e: unknown) => e,
    )
    expect(problem instanceof Error ? problem : undefined).toSatisfy(
      (e) => e === undefined || e instanceof Diverged,
    )
    expect((await status(store))?.status).toBe(problem instanceof Diverged ? 'diverged' : 'done')
  },
)
