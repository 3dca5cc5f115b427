import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readText, type Store, StoreError } from '#core/base/store'
import { FileStore } from '#stores/files'
import { MemoryStore } from '#stores/memory'

const root = mkdtempSync(join(tmpdir(), 'kickpush-stores-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let made = 0
const folder = (): string => join(root, String(++made))

const stores: Readonly<Record<string, () => Store>> = {
  memory: () => new MemoryStore(),
  files: () => new FileStore(folder()),
}

describe.each(Object.entries(stores))('a store of %s', (_, create) => {
  test('has nothing to begin with', async () => {
    const store = create()
    expect(await store.read('a')).toBeNull()
    expect(await store.stat('a/b')).toBeNull()
    expect(await store.list('')).toEqual([])
    await store.remove('a')
    await store.sync('a')
  })

  test('gives back what was written and appended, whole and in parts', async () => {
    const store = create()
    await store.append('a/log', 'one\n')
    await store.append('a/log', new Uint8Array([50, 10]))
    expect(await readText(store, 'a/log')).toBe('one\n2\n')
    expect(await store.read('a/log', 4)).toEqual(new Uint8Array([50, 10]))
    expect(await store.read('a/log', 2, 5)).toEqual(new Uint8Array([101, 10, 50]))
    expect(await store.read('a/log', 9, 12)).toEqual(new Uint8Array(0))
    await store.sync('a/log')
    expect((await store.stat('a/log'))?.size).toBe(6)
  })

  test('tells that a file was replaced, and not that it has grown', async () => {
    const store = create()
    await store.write('f', 'x')
    const first = await store.stat('f')
    await store.append('f', 'y')
    expect((await store.stat('f'))?.identity).toBe(first?.identity)
    await store.write('f', 'x')
    expect((await store.stat('f'))?.identity).not.toBe(first?.identity)
    await store.append('g', 'x')
    const removed = await store.stat('g')
    await store.remove('g')
    await store.append('g', 'x')
    expect((await store.stat('g'))?.identity).not.toBe(removed?.identity)
  })

  test('lists the names in a folder in order, and removes files and folders', async () => {
    const store = create()
    for (const file of ['c/2/x', 'c/10/x', 'c/1', 'b']) await store.write(file, file)
    expect(await store.list('')).toEqual(['b', 'c'])
    expect(await store.list('c')).toEqual(['1', '10', '2'])
    await store.remove('c/2')
    expect(await store.list('c')).toEqual(['1', '10'])
    await store.remove('c')
    expect(await store.read('c/10/x')).toBeNull()
  })

  test('keeps no hold of the bytes it was given', async () => {
    const store = create()
    const bytes = new Uint8Array([1, 2])
    await store.write('f', bytes)
    bytes[0] = 9
    expect(await store.read('f')).toEqual(new Uint8Array([1, 2]))
  })

  test('has one writer at a time', async () => {
    const store = create()
    const lock = await store.lock()
    await expect(store.lock()).rejects.toMatchObject({ name: 'StoreError', kind: 'locked' })
    await lock.release()
    await (await store.lock()).release()
  })
})

test('files and memory agree about any sequence of operations', async () => {
  const name = fc.constantFrom('a', 'b', 'd/a', 'd/e/b')
  const content = fc.oneof(fc.string({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }))
  const operation = fc.oneof(
    fc.record({ do: fc.constant('write' as const), name, content }),
    fc.record({ do: fc.constant('append' as const), name, content }),
    fc.record({ do: fc.constant('remove' as const), name: fc.oneof(name, fc.constant('d')) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
      const both = [new MemoryStore(), new FileStore(folder())]
      for (const store of both) {
        for (const one of operations) {
          if (one.do === 'remove') await store.remove(one.name)
          else await store[one.do](one.name, one.content)
        }
      }
      for (const file of ['a', 'b', 'd/a', 'd/e/b']) {
        const [inMemory, onDisk] = await Promise.all(both.map((store) => store.read(file)))
        expect(onDisk).toEqual(inMemory)
      }
    }),
    { numRuns: 40 },
  )
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
    const store = new FileStore(folder())
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    await store.write('lock', JSON.stringify({ pid, started: '', host: hostname(), key: 'k' }))
    const tries = await Promise.allSettled(Array.from({ length: 16 }, () => store.lock()))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})
