import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeOfMember } from '#cli/members'
import { run } from './run.ts'

test('check refuses a game that is not there', async () => {
  const { code, err } = await run('check', 'sokobn')
  expect(err).toEqual([expect.stringContaining("did you mean 'sokoban'?")])
  expect(code).toBe(2)
})

test('a member is found where it is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-members-'))
  try {
    mkdirSync(join(folder, 'deep'))
    writeFileSync(join(folder, 'index.ts'), 'export const game = {\n  load,\n  legal: (state) => [],\n}\n')
    writeFileSync(
      join(folder, 'deep', 'state.ts'),
      '\nexport function save() {}\nexport function load() {}\n',
    )
    expect(placeOfMember(folder, 'save and load')).toBe('deep/state.ts:2')
    expect(placeOfMember(folder, 'legal')).toBe('index.ts:3')
    expect(placeOfMember(folder, 'policies.expert')).toBeNull()
    expect(placeOfMember(join(folder, 'none'), 'save')).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
