import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Recipe } from '#agent/recipe/recipe'
import type { TrainProgress } from '#agent/trainer/stage'
import type { MetricsRow } from '#core/record/run'
import { everyWay, few, scratch, sparring, toy, trainIn } from '../toy.ts'

/** Hash of every file below a folder, by its path. */
function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .map((path) => [
        path.slice(folder.length),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ])
      .sort(),
  )
}

const checkpoints = (run: string): Record<string, string> => hashes(join(run, 'checkpoints'))

/** Puts a past self in another's place for a while: that is noticed. */
async function exchangeSelves(folder: string, run: string, recipe: Recipe): Promise<void> {
  const [older, newer] = readdirSync(folder).map((name) => join(folder, name))
  const bytes = readFileSync(newer)
  copyFileSync(older, newer)
  const misled = trainIn(run, { recipe, workers: 0, resume: true })
  await expect(misled).rejects.toThrow('is damaged (its hash does not match)')
  writeFileSync(newer, bytes)
}

describe('a run of the same recipe', () => {
  test('ends byte-equal with no, one and two workers', async () => {
    using place = scratch()
    const ends = []
    for (const workers of [0, 1, 2]) {
      const out = join(place.folder, String(workers), 'run')
      await trainIn(out, { recipe: toy(...few), workers, keepEpisodes: 3 })
      ends.push({
        ...checkpoints(out),
        ...hashes(join(out, 'episodes')),
        ...hashes(join(out, 'credit')),
      })
    }
    expect(Object.keys(ends[0]).length).toBeGreaterThan(10)
    expect(ends[1]).toEqual(ends[0])
    expect(ends[2]).toEqual(ends[0])
  }, 600_000)

  test('killed in the middle and resumed, ends byte-equal to an undisturbed one', async () => {
    using place = scratch()
    const undisturbed = join(place.folder, 'undisturbed', 'run')
    await trainIn(undisturbed, { recipe: toy(...few), workers: 0 })

    const killed = join(place.folder, 'killed', 'run')
    // Killed after update 4, whose checkpoint is two updates old or not yet there.
    expect(await killAt(4, killed, place.folder)).toBe('SIGKILL')
    expect(checkpoints(killed)).not.toEqual(checkpoints(undisturbed))
    await trainIn(killed, { recipe: toy(...few), workers: 0, resume: true })

    expect(checkpoints(killed)).toEqual(checkpoints(undisturbed))
    expect(metrics(killed)).toEqual(metrics(undisturbed))
    for (const part of ['episodes', 'credit'])
      expect(hashes(join(killed, part))).toEqual(hashes(join(undisturbed, part)))
  }, 600_000)

  test('by any algorithm ends byte-equal, whoever computes and wherever it stops', async () => {
    using place = scratch()
    const ways = ['grpo-turn-kl', 'reinforce-baseline-episode', 'ppo-token-kl', 'ppo-bi-level']
    const recipe = everyWay((stage) => ways.includes(stage))
    const [undisturbed, shared, stopped] = ['undisturbed', 'shared', 'stopped'].map((name) =>
      join(place.folder, name, 'run'),
    )
    await trainIn(undisturbed, { recipe, workers: 0 })
    await trainIn(shared, { recipe, workers: 2 })
    // In the imitation, then after the second update of each way, whose checkpoint is there or not.
    for (const at of [9, 22, 25, 28, 31]) {
      const onProgress = ({ row }: TrainProgress) => {
        if (row.update + 1 === at) throw new Error('stopped')
      }
      if (at === 6) await exchangeSelves(join(stopped, 'pool', 'fre'), stopped, recipe)
      const goesOn = trainIn(stopped, { recipe, workers: 0, resume: at > 9, onProgress })
      await expect(goesOn).rejects.toThrow('stopped')
    }
    await trainIn(stopped, { recipe, workers: 0, resume: true })
    for (const other of [shared, stopped]) {
      expect(checkpoints(other)).toEqual(checkpoints(undisturbed))
      expect(metrics(other)).toEqual(metrics(undisturbed))
    }
    for (const way of ways) {
      const last = metrics(undisturbed).findLast(({ stage }) => stage === way)
      expect(last?.norm).toBeGreaterThan(0)
      if (way.endsWith('kl')) expect(last?.referenceKl).toBeGreaterThan(0)
    }
  }, 600_000)

  test('against past selves ends byte-equal, whoever computes and wherever it stops', async () => {
    using place = scratch()
    const recipe = sparring()
    const [undisturbed, shared, stopped] = ['undisturbed', 'shared', 'stopped'].map((name) =>
      join(place.folder, name, 'run'),
    )
    await trainIn(undisturbed, { recipe, workers: 0 })
    await trainIn(shared, { recipe, workers: 2 })
    // Before and after a past self is kept, with and without a checkpoint since.
    for (const [i, at] of [3, 4, 5, 6].entries()) {
      const onProgress = ({ row }: TrainProgress) => {
        if (row.update + 1 === at) throw new Error('stopped')
      }
      if (at === 6) await exchangeSelves(join(stopped, 'pool', 'fre'), stopped, recipe)
      const goesOn = trainIn(stopped, { recipe, workers: i % 2, resume: i > 0, onProgress })
      await expect(goesOn).rejects.toThrow('stopped')
    }
    const pool = hashes(join(undisturbed, 'pool'))
    const selves = Object.keys(pool)
    expect(selves.map((name) => name.replace(/-[0-9a-f]{16}/, ''))).toEqual([
      '/fre/2.safetensors',
      '/fre/4.safetensors',
    ])
    await trainIn(stopped, { recipe, workers: 0, resume: true })
    for (const other of [shared, stopped]) {
      expect(checkpoints(other)).toEqual(checkpoints(undisturbed))
      expect(metrics(other)).toEqual(metrics(undisturbed))
      expect(hashes(join(other, 'pool'))).toEqual(pool)
      expect(hashes(join(other, 'episodes'))).toEqual(hashes(join(undisturbed, 'episodes')))
    }
    const rows = metrics(undisturbed).filter(({ stage }) => stage === 'fre')
    expect(rows.every(({ rating }) => Number.isFinite(rating))).toBe(true)
    const games = rows.flatMap((row) => Object.keys(row).filter((key) => key.startsWith('games.')))
    expect(games).toEqual(expect.arrayContaining(['games.pool:2', 'games.random', 'games.self']))
  }, 600_000)

  test('does not start over a run that is there', async () => {
    using place = scratch()
    const info = { format: 1, id: 'old', kickpush: '0', recipe: 'r', seed: '1', backend: 'cpu', stages: [] }
    writeFileSync(join(place.folder, 'run.json'), JSON.stringify({ ...info, status: 'done', envs: {} }))
    await expect(trainIn(place.folder, { recipe: toy(...few), workers: 0 })).rejects.toThrow(
      'already holds a run',
    )
  })

  test('goes on only with the recipe it was begun with', async () => {
    using place = scratch()
    const out = join(place.folder, 'run')
    await expect(trainIn(out, { recipe: toy(...few), workers: 0, resume: true })).rejects.toThrow(
      'no run to resume',
    )
    const stop = new AbortController()
    const stopped = trainIn(out, {
      recipe: toy(...few),
      workers: 0,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    const other = toy(...few, 'stages.fre.groups=5')
    await expect(trainIn(out, { recipe: other, workers: 0, resume: true })).rejects.toThrow('another recipe')
  })
})

/** Metrics rows but for the clock. */
function metrics(run: string): MetricsRow[] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => ({ ...JSON.parse(line), seconds: 0 }))
}

/** Trains in another process and kills it, with no chance to tidy up, once it has done `update` updates. */
async function killAt(update: number, out: string, folder: string): Promise<NodeJS.Signals | null> {
  const script = join(folder, 'train.mts')
  writeFileSync(
    script,
    `import { few, toy, trainIn } from '${join(process.cwd(), 'test/agent/toy.ts')}'
    await trainIn('${out}', { recipe: toy(...few), workers: 0,
      onProgress: ({ row }) => process.stdout.write('update ' + (row.update + 1) + '\\n') })`,
  )
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
    if (said.includes(`update ${update}\n`)) child.kill('SIGKILL')
  })
  return new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
}
