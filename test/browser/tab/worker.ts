import { type GoldenRow, golden, writeRow } from '#agent/golden/golden'
import { aloneWith } from '#agent/hosts/browser/alone'
import { browserWith } from '#agent/hosts/browser/index'
import { parseRecipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import type { Store } from '#core/base/store'
import { MemoryStore } from '#stores/memory'
import { OpfsStore } from '#stores/opfs'
import { parts } from './parts.ts'

const host = browserWith(parts, {
  start: () => new Worker(new URL('./replica.ts', import.meta.url), { type: 'module' }),
  alone: aloneWith(parts),
})
const stores = new Map<string, Store>()
const locks = new Map<string, { release(): Promise<void> }>()

/** What the page asks for: its arguments are its name. */
const jobs = {
  store: async (kind: string, name: string) => {
    stores.set(name, kind === 'opfs' ? new OpfsStore(name) : new MemoryStore(name))
  },
  do: async (name: string, method: keyof Store, ...given: unknown[]) => {
    const what = stores.get(name)![method] as (...given: unknown[]) => Promise<unknown>
    return what.apply(stores.get(name), given)
  },
  lock: async (name: string) => {
    locks.set(name, await stores.get(name)!.lock())
  },
  release: async (name: string) => locks.get(name)?.release(),
  /** The golden table of this engine, as lines. */
  golden: async (recipe: string) => {
    const lines: string[] = []
    const tell = (row: GoldenRow) => void lines.push(writeRow(row))
    await golden({ host, recipe, store: new MemoryStore('golden'), workers: 0, tell })
    return lines.join('\n')
  },
  /** Trains a recipe into a store; tells the page of every update, and writes nothing more after update number `last`. */
  train: async (
    name: string,
    recipe: string,
    overrides: string[],
    workers: number,
    resume: boolean,
    last?: number,
  ) => {
    let over = false
    await train({
      host,
      recipe: parseRecipe(recipe, overrides, 'recipe'),
      store: asLongAs(() => !over, stores.get(name)!),
      run: 'run',
      workers,
      resume,
      onProgress: ({ row }) => {
        over = row.update + 1 === last
        postMessage({ update: row.update + 1 })
      },
    })
  },
}

/** A store that answers as long as it may. */
function asLongAs(may: () => boolean, store: Store): Store {
  return new Proxy(store, {
    get(of, key: keyof Store) {
      const member = of[key]
      if (typeof member !== 'function') return member
      const call = member as (...given: unknown[]) => Promise<unknown>
      return (...given: unknown[]) => (may() ? call.apply(of, given) : new Promise(() => {}))
    },
  })
}

addEventListener('message', async ({ data }: MessageEvent<{ id: number; job: string; given: unknown[] }>) => {
  const { id, job, given } = data
  try {
    const run = jobs[job as keyof typeof jobs] as (...given: unknown[]) => Promise<unknown>
    postMessage({ id, result: await run(...given) })
  } catch (error) {
    const { name, message, kind } = error as Error & { kind?: string }
    postMessage({ id, error: { name, message, kind } })
  }
})
