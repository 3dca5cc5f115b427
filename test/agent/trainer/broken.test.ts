import { expect, test } from 'vitest'
import type { Host } from '#agent/host'
import { node } from '#agent/hosts/node/index'
import { RunFolder } from '#agent/trainer/folder'
import { type Ask, behind } from '#agent/trainer/member'
import { Team } from '#agent/trainer/team'
import { train } from '#agent/trainer/train'
import { StoreError } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { few, filesOf, toy } from '../toy.ts'

const recipe = toy(
  ...few,
  'checkpointEvery=1',
  'evaluation={agents: [random, fre], episodes: 2, modalities: [text], data: [{env: sokoban, config: {preset: tiny-1}}]}',
)
const options = { host: node, recipe, run: 'run', workers: 0, backend: 'wasm' }

/** The files of a run that nothing went wrong in. */
const undisturbed = (async () => {
  const store = new MemoryStore()
  await train({ ...options, store })
  return filesOf(store)
})()

/** A memory with room for so many bytes; what is appended when it runs full is cut off. */
class SmallStore extends MemoryStore {
  capacity: number

  constructor(capacity: number) {
    super()
    this.capacity = capacity
  }

  async used(folder = ''): Promise<number> {
    let bytes = 0
    for (const name of await this.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`
      bytes += (await this.stat(path))?.size ?? (await this.used(path))
    }
    return bytes
  }

  // The old content is there until the new one is, as on a disk.
  override async write(file: string, content: Uint8Array | string): Promise<void> {
    if ((await this.used()) + content.length > this.capacity) throw full(file)
    await super.write(file, content)
  }

  override async append(file: string, content: Uint8Array | string): Promise<void> {
    const room = Math.max(0, this.capacity - (await this.used()))
    await super.append(file, content.slice(0, room))
    if (content.length > room) throw full(file)
  }
}

const full = (file: string) => new StoreError('full', `cannot write '${file}': no room is left`)

test.each([0, 5e3, 4e4, 6e5, 1.7e6])(
  'with room for %d bytes a run says that it failed and why, and goes on when there is more',
  async (capacity) => {
    const store = new SmallStore(capacity)
    const problem = await train({ ...options, store }).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(StoreError)
    const info = await new RunFolder(store).readInfo()
    expect(info !== null).toBe(capacity > 0)
    if (info) expect(info).toMatchObject({ status: 'failed', reason: (problem as Error).message })
    store.capacity = Number.POSITIVE_INFINITY
    await train({ ...options, store, resume: info !== null })
    expect(await filesOf(store)).toEqual(await undisturbed)
  },
)

/** A host whose replica is gone at the job of that number. */
function dying(at: number): Host {
  return {
    ...node,
    team: (_, onEvent) => {
      const inner = node.team(0, onEvent)
      let asked = 0
      const member = behind({ post: (ask) => void answer(ask), end: () => inner.close() }, onEvent)
      const answer = async (ask: Ask): Promise<void> => {
        if (++asked === at) return member.fail('it ended with code 134')
        try {
          member.hear({ id: ask.id, result: await inner.first(ask.job, ask.given as never) })
        } catch (error) {
          const { name, message } = error as Error
          member.hear({ id: ask.id, error: { name, message } })
        }
      }
      return new Team([member])
    },
  }
}

test.each([12, 40])('a worker that dies at job %d fails its run in one line, and it goes on', async (at) => {
  const store = new MemoryStore()
  const reason = 'a training worker has died: it ended with code 134'
  await expect(train({ ...options, host: dying(at), store })).rejects.toThrow(reason)
  expect(await new RunFolder(store).readInfo()).toMatchObject({ status: 'failed', reason })
  await train({ ...options, store, resume: true })
  expect(await filesOf(store)).toEqual(await undisturbed)
})
