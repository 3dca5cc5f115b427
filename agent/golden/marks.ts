import { z } from 'zod'
import type { Store } from '#core/base/store'

/** What a run was after an update, as the mark of its checkpoint has it, a hash each. */
export type MarkHashes = Record<'weights' | 'optimizer' | 'metrics', string>

const Mark = z.looseObject({
  files: z.looseObject({ 'model.safetensors': z.string(), 'optimizer.safetensors': z.string() }),
  rows: z.looseObject({ hash: z.string() }),
})

/** The hashes of a checkpoint's mark; null for one of 0.1.0, which had none. */
export function hashesOf(mark: unknown): MarkHashes | null {
  const read = Mark.safeParse(mark)
  if (!read.success) return null
  const { files, rows } = read.data
  return {
    weights: files['model.safetensors'],
    optimizer: files['optimizer.safetensors'],
    metrics: rows.hash,
  }
}

/** The same store, which tells of every checkpoint of a run once it is whole. */
export function watchMarks(store: Store, tell: (update: number, hashes: MarkHashes) => void): Store {
  return {
    name: store.name,
    read: (file, from, to) => store.read(file, from, to),
    stat: (file) => store.stat(file),
    list: (folder) => store.list(folder),
    append: (file, content) => store.append(file, content),
    sync: (file) => store.sync(file),
    remove: (path) => store.remove(path),
    lock: () => store.lock(),
    write: async (file, content) => {
      await store.write(file, content)
      const update = /^checkpoints\/(\d+)\/progress\.json$/.exec(file)?.[1]
      const hashes = update === undefined ? null : hashesOf(JSON.parse(String(content)))
      if (hashes) tell(Number(update), hashes)
    },
  }
}
