/** A file system without hard links, as exFAT and many network drives are. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { FileStore } from '#stores/files'

const { refused } = vi.hoisted(() => ({ refused: { code: 'EPERM', times: 0 } }))
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  link: async () => {
    refused.times++
    throw Object.assign(new Error(`${refused.code}: link`), { code: refused.code })
  },
}))

const root = mkdtempSync(join(tmpdir(), 'kickpush-links-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let path: string
let made = 0
beforeEach(() => {
  refused.times = 0
  path = join(root, String(++made))
})

test.each(['EPERM', 'ENOTSUP', 'ENOSYS'])('that says %s is locked all the same, by one', async (code) => {
  refused.code = code
  const store = new FileStore(path)
  const lock = await store.lock()
  expect(refused.times).toBeGreaterThan(0)
  expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8')).pid).toBe(process.pid)
  await expect(store.lock()).rejects.toMatchObject({ kind: 'locked' })
  await lock.release()
  expect(readdirSync(path)).toEqual([])
  await (await store.lock()).release()
})

test.each(['', 'dead'])('lets in one of many, also where an old lock (%j) is taken over', async (old) => {
  const store = new FileStore(path)
  const { pid } = spawnSync(process.execPath, ['--version'])
  const dead = JSON.stringify({ pid, started: '', host: hostname(), key: 'k' })
  await store.write('lock', old && dead)
  const tries = await Promise.allSettled(Array.from({ length: 16 }, () => store.lock()))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const tried of tries)
    if (tried.status === 'rejected')
      expect(tried.reason).toMatchObject({ name: 'StoreError', kind: 'locked' })
  expect(readdirSync(path)).toEqual(['lock'])
})

test('whose disk says something else says so in one line', async () => {
  refused.code = 'EROFS'
  await expect(new FileStore(path).lock()).rejects.toThrow(/^cannot lock .*the file system is read-only$/)
})
