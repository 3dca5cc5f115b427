import { afterEach, describe, expect, test } from 'vitest'
import { Pool } from '#server/pool'
import { type Pause, Slices } from '#server/slices'

const work = { entry: new URL('./job-thread.ts', import.meta.url) }
const lines: string[] = []
let pool: Pool
afterEach(() => pool?.close())

/** A job that holds its thread until it is let go. */
function held(client: string): { done: Promise<unknown>; letGo(): void } {
  const flag = new SharedArrayBuffer(4)
  const done = pool.ask(client, { name: 'held', flag })
  return {
    done,
    letGo() {
      Atomics.store(new Int32Array(flag), 0, 1)
      Atomics.notify(new Int32Array(flag), 0)
    },
  }
}

describe('a pool', () => {
  test('lets clients take turns, and refuses what is too much', async () => {
    pool = new Pool(work, { threads: 1, perClient: 4, most: 6 }, (line) => lines.push(line))
    const first = held('a')
    const jobs = ['a1', 'a2', 'a3'].map((name) => pool.ask('a', { name }))
    expect(() => pool.ask('a', { name: 'a4' })).toThrow('4 of yours wait to be done')
    jobs.push(pool.ask('b', { name: 'b1' }), pool.ask('c', { name: 'c1' }))
    expect(() => pool.ask('d', { name: 'd1' })).toThrow(expect.objectContaining({ code: 'BUSY' }))
    first.letGo()
    await Promise.all(jobs)
    expect(await pool.ask('d', { name: 'd1' })).toEqual(['held', 'a1', 'b1', 'c1', 'a2', 'a3', 'd1'])
  })

  test('gives each job to the thread with least to do, or to the one that is named', async () => {
    pool = new Pool(work, { threads: 2, perClient: 9, most: 9 }, (line) => lines.push(line))
    const first = held('a')
    expect(pool.freest()).toBe(1)
    expect(await pool.ask('a', { name: 'other' })).toEqual(['other'])
    first.letGo()
    await first.done
    expect(await pool.ask('a', { name: 'same' }, { thread: 0 })).toEqual(['held', 'same'])
  })

  test('starts a thread again that broke down, and says so', async () => {
    pool = new Pool(work, { threads: 1, perClient: 9, most: 9 }, (line) => lines.push(line))
    expect(await pool.ask('a', { name: 'one' })).toEqual(['one'])
    const life = pool.life(0)
    const broken = pool.ask('a', { name: 'break' })
    const after = pool.ask('a', { name: 'two' })
    await expect(broken).rejects.toThrow('what was asked broke a thread down')
    expect(await after).toEqual(['two'])
    expect(pool.life(0)).not.toBe(life)
    expect(lines).toEqual([expect.stringContaining('a thread broke down')])
  })
})

test('slices: short work waits for no more than a slice, clients take turns, too much is refused', async () => {
  const slices = new Slices()
  const order: string[] = []
  let long = true
  const endless = slices.do('a', async (pause: Pause) => {
    while (long) await pause()
    order.push('endless')
  })
  const rest = ['a1', 'a2', 'b1', 'c1'].map((name) => slices.do(name[0], async () => void order.push(name)))
  // Timers and sockets have their turn while it works on.
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(order).toEqual([])
  long = false
  await Promise.all([endless, ...rest])
  expect(order).toEqual(['endless', 'a1', 'b1', 'c1', 'a2'])

  const many = Array.from({ length: 201 }, () => slices.do('a', () => new Promise(() => {})))
  expect(many).toHaveLength(201)
  expect(() => slices.do('a', async () => {})).toThrow(expect.objectContaining({ code: 'BUSY' }))
})
