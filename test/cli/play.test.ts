import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-'))
const LEVEL = '#####\n#@$.#\n#####'

describe('play', () => {
  it('plays given actions and prints one object per step', async () => {
    const config = JSON.stringify({ level: LEVEL })
    const { code, out } = await run(
      'play',
      '--env',
      'sokoban',
      '--config',
      config,
      '--actions',
      'Right',
      '--json',
    )
    expect(code).toBe(0)
    expect(out).toHaveLength(1)
    expect(JSON.parse(out[0])).toMatchObject({
      t: 1,
      actions: [3],
      rewards: [10.9],
      terminated: true,
      truncated: false,
    })
  })

  it('writes a record that plays the same again', async () => {
    const file = join(folder, 'episode.jsonl')
    const line = [
      'play',
      '--env',
      'sokoban',
      '--config',
      'preset=tiny-1',
      '--seed',
      '5',
      '--agent',
      'expert',
      '--record',
    ]
    await run(...line, file)
    const first = readFileSync(file, 'utf8')
    await run(...line, file)
    expect(readFileSync(file, 'utf8')).toBe(first)
    expect(
      first
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text).type),
    ).toContain('end')
  })

  it('plays a batch line by line, and a bad line costs only itself', async () => {
    const file = join(folder, 'batch.jsonl')
    const good = JSON.stringify({ env: 'sokoban', config: { level: LEVEL }, seed: 1, actions: ['Right'] })
    writeFileSync(file, `${good}\nnonsense\n{"env":"sokban","seed":1,"actions":[]}\n${good}\n`)
    const { code, out } = await run('play', '--batch', file, '--json')
    const rows = out.map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(rows.map((row) => row.index)).toEqual([0, 1, 2, 3])
    expect(rows[0]).toMatchObject({
      steps: 1,
      rewards: [10.9],
      return: 10.9,
      outcome: 'solved',
      terminated: true,
    })
    expect(rows[1].error).toMatch(/JSON/)
    expect(rows[2].error).toMatch(/did you mean/)
    expect({ ...rows[3], index: 0 }).toEqual(rows[0])
  })

  it.each([
    [['play', '--env', 'sokobn', '--agent', 'random'], /did you mean/],
    [['play', '--env', 'sokoban', '--agent', 'exprt'], /did you mean 'expert'/],
    [['play', '--env', 'sokoban'], /either --agent or --actions/],
    [
      ['play', '--env', 'sokoban', '--config', 'preset=smal-v0', '--agent', 'random'],
      /did you mean 'small-v0'/,
    ],
    [['play', '--env', 'sokoban', '--config', 'maxSteps=0', '--agent', 'random'], /'maxSteps'.*got 0/],
    [['play', '--env', 'sokoban', '--actions', 'Up,Sideways'], /Sideways/],
    [['play', '--batch', '/nowhere/at/all'], /cannot read/],
    [['paly'], /unknown command 'paly'; did you mean 'play'/],
  ])('%j is refused in one line with exit code 2', async (words, message) => {
    const { code, out, err } = await run(...words)
    expect(code).toBe(2)
    expect(out).toEqual([])
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
  })
})
