import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeAside } from '#cli/io'

const home = mkdtempSync(join(tmpdir(), 'kickpush-io-'))
afterAll(() => rmSync(home, { recursive: true }))

it('a file is written whole, with its folder, and nothing is left beside it', async () => {
  await writeAside(join(home, 'a/b/file'), 'one')
  await writeAside(join(home, 'a/b/file'), 'two')
  expect(readFileSync(join(home, 'a/b/file'), 'utf8')).toBe('two')
  expect(readdirSync(join(home, 'a/b'))).toEqual(['file'])
  await expect(writeAside(join(home, 'a/b'), 'x')).rejects.toThrow(/cannot write/)
  expect(readdirSync(join(home, 'a'))).toEqual(['b'])
})

it('a link stays a link', async () => {
  writeFileSync(join(home, 'target'), 'old')
  symlinkSync(join(home, 'target'), join(home, 'link'))
  await writeAside(join(home, 'link'), 'new')
  expect(lstatSync(join(home, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(home, 'target'), 'utf8')).toBe('new')
})

it.skipIf(process.platform === 'win32')('a pipe is written to, and not replaced', async () => {
  const pipe = join(home, 'pipe')
  execFileSync('mkfifo', [pipe])
  const reader = await open(pipe, 'r+')
  await writeAside(pipe, 'through')
  const { buffer, bytesRead } = await reader.read()
  await reader.close()
  expect(buffer.toString('utf8', 0, bytesRead)).toBe('through')
  expect(lstatSync(pipe).isFIFO()).toBe(true)
})
