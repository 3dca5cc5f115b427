import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readText, type Store } from '#core/base/store'
import { MemoryStore } from '#stores/memory'

/** What every store promises. @param create gives one that is empty. */
export function keepsTheContract(create: () => Store): void {
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
}

/** A store holds what memory would hold, after any sequence of operations. */
export async function agreesWithMemory(create: () => Store, numRuns: number): Promise<void> {
  const name = fc.constantFrom('a', 'b', 'd/a', 'd/e/b')
  const content = fc.oneof(fc.string({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }))
  const operation = fc.oneof(
    fc.record({ do: fc.constant('write' as const), name, content }),
    fc.record({ do: fc.constant('append' as const), name, content }),
    fc.record({ do: fc.constant('remove' as const), name: fc.oneof(name, fc.constant('d')) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
      const both = [new MemoryStore(), create()]
      for (const store of both) {
        for (const one of operations) {
          if (one.do === 'remove') await store.remove(one.name)
          else await store[one.do](one.name, one.content)
        }
      }
      for (const file of ['a', 'b', 'd/a', 'd/e/b']) {
        const [inMemory, kept] = await Promise.all(both.map((store) => store.read(file)))
        expect(kept).toEqual(inMemory)
      }
    }),
    { numRuns },
  )
}
