import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRecord } from '#core/record/jsonl'
import { scratch, toy, trainIn } from '../toy.ts'

const few = ['stages.imitation.updates=16', 'stages.fre.updates=3', 'stages.shuffled.updates=1']

/** Records of the watched levels, by the name of their segment. */
function watched(out: string): Record<string, string> {
  const names = readdirSync(join(out, 'episodes')).filter((name) => name.startsWith('watch-'))
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(out, 'episodes', name), 'utf8')]),
  )
}

test('the same levels are played all along a training, which learns the same without', async () => {
  using place = scratch()
  const [without, out, stopped] = ['without', 'with', 'stopped'].map((name) =>
    join(place.folder, name, 'run'),
  )
  await trainIn(without, { recipe: toy(...few), workers: 0 })
  await trainIn(out, { recipe: toy(...few), workers: 0, watchLevels: 2 })
  const found = watched(out)
  expect(Object.keys(found)).toHaveLength(21)
  const seeds = new Set<string>()
  let solved = 0
  for (const [name, text] of Object.entries(found)) {
    const events = readRecord(text).events.map(({ event }) => event)
    const starts = events.filter((event) => event.type === 'start')
    expect(starts.map(({ episode }) => episode)).toEqual(
      [0, 1].map((i) => `watch-${Number(/\d+/.exec(name)?.[0])}-${i}`),
    )
    for (const { seed, update } of starts) {
      seeds.add(seed)
      expect(update).toBeLessThanOrEqual(Number(/\d+/.exec(name)?.[0]))
    }
    solved += events.filter((event) => event.type === 'end' && event.success).length
  }
  expect(seeds.size).toBe(2)
  expect(solved).toBeGreaterThan(0)
  expect(solved).toBeLessThan(42)

  const weights = (run: string) =>
    readdirSync(join(run, 'checkpoints')).map((name) =>
      readFileSync(join(run, 'checkpoints', name, 'progress.json'), 'utf8'),
    )
  expect(weights(out)).toEqual(weights(without))
  expect(watched(without)).toEqual({})

  // Stopped on its way and resumed without being told: as many levels, the same records.
  const onProgress = ({ row }: { row: { update: number } }) => {
    if (row.update === 17) throw new Error('stopped')
  }
  await expect(
    trainIn(stopped, { recipe: toy(...few), workers: 0, watchLevels: 2, onProgress }),
  ).rejects.toThrow('stopped')
  await trainIn(stopped, { recipe: toy(...few), workers: 0, resume: true })
  expect(watched(stopped)).toEqual(found)
})
