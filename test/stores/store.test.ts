import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readText, type Store, StoreError } from '#core/base/store'
import { FileStore } from '#stores/files'
import { MemoryStore } from '#stores/memory'
import { agreesWithMemory, keepsTheContract } from './contract.ts'

const root = mkdtempSync(join(tmpdir(), 'kickpush-stores-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let made = 0
const folder = (): string => join(root, String(++made))

const stores: Readonly<Record<string, () => Store>> = {
  memory: () => new MemoryStore(),
  files: () => new FileStore(folder()),
}

describe.each(Object.entries(stores))('a store of %s', (_, create) => {
  keepsTheContract(create)
})

test('files and memory agree about any sequence of operations', async () => {
  await agreesWithMemory(() => new FileStore(folder()), 40)
})

describe('a folder', () => {
  test('holds nothing beside a file that could not be written, and says why in one line', async () => {
    const path = folder()
    const store = new FileStore(path)
    await store.write('there/file', 'old')
    await expect(store.write('there', 'new')).rejects.toThrow(
      `cannot write '${join(path, 'there')}': a folder is in the way of a file`,
    )
    expect(readdirSync(path)).toEqual(['there'])
    expect(await readText(store, 'there/file')).toBe('old')
    await expect(store.append('there/file/below', 'x')).rejects.toMatchObject({ kind: 'denied' })
  })

  test.skipIf(process.platform !== 'linux')('that cannot be made is refused', async () => {
    await expect(new FileStore('/proc/none/of/these').write('x', '')).rejects.toBeInstanceOf(StoreError)
  })

  test('without room says so', async () => {
    if (!existsSync('/dev/full')) return
    const store = new FileStore('/dev')
    await expect(store.append('full', 'x')).rejects.toMatchObject({
      kind: 'full',
      message: "cannot append to '/dev/full': no room is left on the disk",
    })
  })

  test('takes over the lock of a process that is gone, and says so', async () => {
    const path = folder()
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    const store = new FileStore(path)
    await store.write('lock', JSON.stringify({ pid, started: '', host: hostname(), key: 'k' }))
    const lock = await store.lock()
    expect(lock.note).toBe(`process ${pid}, which was writing ${path}, is gone: taken over`)
    expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8')).pid).toBe(process.pid)
    await lock.release()
    expect(readdirSync(path)).toEqual([])
  })

  test.skipIf(process.platform !== 'linux')('knows a process from another that got its number', async () => {
    const path = folder()
    const store = new FileStore(path)
    await store.write(
      'lock',
      JSON.stringify({ pid: process.pid, started: 'earlier', host: hostname(), key: 'k' }),
    )
    expect((await store.lock()).note).toContain('is gone')
  })

  test('respects a lock of another machine, and takes one that names nobody', async () => {
    const path = folder()
    const store = new FileStore(path)
    await store.write('lock', JSON.stringify({ pid: 1, started: '', host: 'elsewhere', key: 'k' }))
    await expect(store.lock()).rejects.toThrow(
      `${path} is being written by process 1 on elsewhere: if that is gone, remove ${join(path, 'lock')}`,
    )
    writeFileSync(join(path, 'lock'), 'nonsense')
    expect((await store.lock()).note).toBe(`the lock of ${path} names nobody: taken over`)
  })

  test('that is locked holds nothing half written by those who are gone', async () => {
    const path = folder()
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    const store = new FileStore(path)
    await store.write('a/b', 'whole')
    await store.write('inner/lock', 'of another run')
    const key = '00000000-0000-0000-0000-000000000000'
    const left = [
      'run.json.0123abcd.part',
      'a/b.0123abcd.part',
      `lock.${pid}.${key}`,
      `lock.${pid}.${key}.old`,
    ]
    for (const name of [...left, 'inner/x.0123abcd.part']) writeFileSync(join(path, name), 'hal')
    expect(await store.list('a')).toEqual(['b'])
    await (await store.lock()).release()
    expect(readdirSync(path).sort()).toEqual(['a', 'inner'])
    expect(readdirSync(join(path, 'a'))).toEqual(['b'])
    expect(readdirSync(join(path, 'inner')).sort()).toEqual(['lock', 'x.0123abcd.part'])
  })

  test('has one writer when many try at once', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    for (let round = 0; round < 20; round++) {
      const store = new FileStore(folder())
      await store.write('lock', JSON.stringify({ pid, started: '', host: hostname(), key: 'k' }))
      const tries = await Promise.allSettled(Array.from({ length: 16 }, () => store.lock()))
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
  })
})
