import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../agent/toy.ts'
import { run } from './run.ts'

const SHORT = ['imitation.updates=3', 'alignment.updates=1', 'fre.updates=1', 'mgt.updates=1'].flatMap(
  (one) => ['--set', `stages.${one}`],
)
const SMALL = ['recipes/xs.yaml', '--backend', 'wasm', '--workers', '0', '--set', 'evaluation.episodes=2']

test('a run folder is enough to go on: with its recipe, backend and what is recorded', async () => {
  using place = scratch()
  const out = join(place.folder, 'run')
  const first = await run('train', ...SMALL, ...SHORT, '--keep-episodes', '1', '--out', out)
  expect(first.code).toBe(0)
  const before = readFileSync(join(out, 'run.json'), 'utf8')
  expect(JSON.parse(before)).toMatchObject({ status: 'done', backend: 'wasm', keepEpisodes: 1 })
  const report = readFileSync(join(out, 'report.json'), 'utf8')
  // As it is printed, as it was in 0.1.0, and with the flag before the recipe.
  const ways = [
    ['--resume', out],
    [...SMALL, ...SHORT, '--out', out, '--resume'],
    ['--resume', ...SMALL, ...SHORT, '--out', out],
  ]
  for (const way of ways) {
    const again = await run('train', ...way)
    expect(again.err.join('\n')).toContain('resumes at update 6 of 6')
    expect(again).toMatchObject({ code: 0, out: first.out })
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(before)
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(report)
  }
  const other = await run('train', '--resume', out, '--set', 'stages.fre.updates=2')
  expect(other).toMatchObject({ code: 2, err: [expect.stringContaining('was begun with another recipe')] })

  // 0.1.0 taught the value head with the last value, also beside groups.
  const old = JSON.parse(before)
  for (const { algorithm } of old.resolved.stages) if (algorithm) algorithm.bootstrap = true
  writeFileSync(join(out, 'run.json'), JSON.stringify(old))
  for (const way of ways) {
    const { code, err } = await run('train', ...way)
    expect({ code, err }).toEqual({ code: 2, err: [expect.stringMatching(/^.{0,199}$/)] })
    expect(err[0]).toMatch(/ is of another release: finish it there, or train anew \(.*'algorithm.bootstrap'/)
  }
  expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(JSON.stringify(old))
})

test('what cannot go on is said in one line', async () => {
  using place = scratch()
  const lines: [string[], string][] = [
    [['--resume'], '--resume needs one run folder, like --resume runs/quick'],
    [['--resume', place.folder], `${place.folder} holds no run to resume`],
    [['recipes/xs.yaml', '--resume', place.folder, '--out', 'x'], '--resume needs one run folder'],
    [[], 'which recipe?'],
  ]
  for (const [words, line] of lines) {
    expect(await run('train', ...words)).toMatchObject({
      code: 2,
      out: [],
      err: [expect.stringContaining(line)],
    })
  }
})

test('everything that is wrong with a recipe is said in one line, and nothing is written', async () => {
  using place = scratch()
  const out = join(place.folder, 'run')
  const wrong = ['model=mini:nope', 'evaluation.agents=[nope]', 'stages.fre.reward={rule: nope}']
  const { code, err } = await run('train', ...SMALL, '--out', out, ...wrong.flatMap((one) => ['--set', one]))
  expect(code).toBe(2)
  expect(err).toHaveLength(1)
  for (const key of ['model', 'stages.fre.reward.rule', 'evaluation.agents.0']) expect(err[0]).toContain(key)
  const env = await run('train', ...SMALL, '--out', out, '--set', 'data.0.env=nope')
  expect(env).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/^data\.0\.env: unknown environment "nope"/)],
  })
  expect((await run('train', '--resume', out)).err[0]).toContain('holds no run')
})
