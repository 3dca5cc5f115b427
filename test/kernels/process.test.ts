import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('process.ts', import.meta.url))

function train(): { status: number | null; stderr: string; heard: number; hashes: string[] } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script],
    { encoding: 'utf8' },
  )
  return { status, stderr, ...JSON.parse(stdout || '{}') }
}

test('two processes train and write to the same bytes on wasm, without a word', () => {
  const first = train()
  expect(first).toMatchObject({ status: 0, stderr: '', heard: 0 })
  expect(new Set(first.hashes).size).toBe(6)
  expect(train().hashes).toEqual(first.hashes)
})
