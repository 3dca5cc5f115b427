import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'mine.yaml')
writeFileSync(
  path,
  `
name: mine
model: xs
data: [{ env: sokoban, config: { preset: tiny-1 } }]
stages:
  - name: base
    kind: base
    updates: 3
    batch: 4
    optimizer: { rate: 1.0e-3 }
    conversation: &talk { actionsPerTurn: 2, maxTurns: 3, memoryActions: 1 }
  - name: fre
    kind: fre
    updates: 50
    groups: 16
    groupSize: 4
    conversation: *talk
    optimizer: { rate: 1.0e-3 }
`,
)

describe('kickpush doctor', () => {
  test('says what it measured, how long it takes, and that it looks right', async () => {
    const { code, out, err } = await run('doctor', path, '--backend', 'wasm')
    expect({ code, err }).toEqual({ code: 0, err: [] })
    expect(out.at(-1)).toBe('looks right')
    expect(
      out.filter((line) => /^ok {3}stages\.(base|fre): time: about .*, [\d.e-]+ s an update$/.test(line)),
    ).toHaveLength(2)
    expect(out.every((line, i) => line.startsWith('ok   ') || i === out.length - 1)).toBe(true)
  })

  test('says in a line each what to change, and leaves with 1', async () => {
    const { code, out } = await run(
      'doctor',
      path,
      '--set',
      'stages.fre.conversation.actionsPerTurn=60',
      '--json',
    )
    expect(code).toBe(1)
    const findings = out.map((line) => JSON.parse(line))
    expect(findings.filter(({ advice }) => advice)).toMatchObject([
      { key: 'stages.base', what: 'longest answer', value: '65 words of 32 without a thought' },
    ])
  })

  test.each([
    [[join(folder, 'none.yaml')], /none\.yaml/],
    [[path, '--set', 'data.0.env=sokobn'], /data\.0\.env.*did you mean 'sokoban'/],
    [[path, '--set', 'stages.fre.reward.rule=magebnch'], /did you mean 'magebench'/],
    [[], /recipe/],
  ])('%j is refused in a line', async (words, message) => {
    const { code, out, err } = await run('doctor', ...words)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
  })
})
