import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { hashBytes, hashText } from '#core/base/hash'
import { readText, type Store } from '#core/base/store'
import { parseJson } from '#core/env/config'
import { encodeModel, MODEL_FILE, type Provenance } from '../model/checkpoint.ts'
import { decodeSafetensors, encodeSafetensors } from '../model/safetensors.ts'
import type { OptimizerState, Snapshot } from './jobs.ts'
import { Progress } from './progress.ts'

const MARK_FILE = 'progress.json'
const OPTIMIZER_FILE = 'optimizer.safetensors'

/** How many rows of metrics there were, and the hash over them but for their clocks. */
export const Rows = z.strictObject({ count: z.int().min(0), hash: z.string() })
export type Rows = z.infer<typeof Rows>

/** What makes files a checkpoint: written last, it says how far the run is and which bytes belong to it. */
const Mark = z.discriminatedUnion('format', [
  // Of 0.1.0, whose checkpoints were renamed into place whole.
  Progress.extend({ format: z.literal(1) }),
  Progress.extend({
    format: z.literal(2),
    /** Hash of each file. */
    files: z.record(z.string(), z.string()),
    rows: Rows,
    /** Of this mark without it. */
    hash: z.string(),
  }),
])
type Mark = z.infer<typeof Mark>

/** A checkpoint as a resume needs it. */
export interface Checkpoint {
  readonly progress: Progress
  readonly optimizer: OptimizerState
  /** Unknown of checkpoints of 0.1.0, which wrote one row per update. */
  readonly rows: Rows | null
}

/** The folder `checkpoints` of a run: one folder per update, of which only those with a mark count. */
export class Checkpoints {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * Writes a checkpoint, its mark last; `more` are files beside the model and the optimizer.
   * @throws StoreError; NotFinite, before anything is written.
   */
  async write(
    progress: Progress,
    rows: Rows,
    snapshot: Snapshot,
    provenance: Provenance,
    more: Readonly<Record<string, Uint8Array>> = {},
  ): Promise<void> {
    const moments = Object.entries(snapshot.optimizer.tensors)
    const files: Record<string, Uint8Array> = {
      [MODEL_FILE]: encodeModel(snapshot, provenance),
      [OPTIMIZER_FILE]: encodeSafetensors({
        weights: Object.fromEntries(moments.map(([name, data]) => [name, { shape: [data.length], data }])),
        metadata: {},
      }),
      ...more,
    }
    const hashes = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, hashBytes(bytes)]))
    const folder = folderOf(progress.update)
    for (const [name, bytes] of Object.entries(files)) await this.#store.write(`${folder}/${name}`, bytes)
    const mark = { format: 2, ...progress, files: hashes, rows }
    const sealed = { ...mark, hash: hashText(JSON.stringify(mark)) }
    await this.#store.write(`${folder}/${MARK_FILE}`, `${JSON.stringify(sealed, null, 2)}\n`)
  }

  /**
   * The newest checkpoint whose files are all there, unharmed and finite, durable; null where no checkpoint was finished.
   * `note` is told why newer ones are passed over.
   * @throws UserError when there are checkpoints and none is good; StoreError.
   */
  async newest(note: (line: string) => void): Promise<Checkpoint | null> {
    let first: string | undefined
    for (const update of (await this.#updates()).reverse()) {
      try {
        const found = await this.#read(update)
        if (!found) continue
        // Whoever wrote its mark may have been stopped before that was durable, and others are removed for it.
        await this.#store.sync(`${folderOf(update)}/${MARK_FILE}`)
        return found
      } catch (error) {
        if (!(error instanceof UserError) || error.name === 'StoreError') throw error
        first ??= error.message
        note(`${error.message}: the checkpoint before it is taken`)
      }
    }
    if (first !== undefined) throw new UserError(`${first}; there is no good checkpoint before it`)
    return null
  }

  /** Removes all checkpoints but those of `updates`, and what is none. The mark goes first. @throws StoreError */
  async keep(updates: Iterable<number>): Promise<void> {
    const names = new Set([...updates].map(String))
    for (const name of await this.#store.list('checkpoints')) {
      if (names.has(name)) continue
      await this.#store.remove(`checkpoints/${name}/${MARK_FILE}`)
      await this.#store.remove(`checkpoints/${name}`)
    }
  }

  /** Removes what has no mark. @throws StoreError */
  async sweep(): Promise<void> {
    for (const name of await this.#store.list('checkpoints')) {
      if ((await this.#store.stat(`checkpoints/${name}/${MARK_FILE}`)) === null) {
        await this.#store.remove(`checkpoints/${name}`)
      }
    }
  }

  /** The bytes of a model. @throws UserError when they are not there, or not what the mark says; StoreError. */
  model(update: number): Promise<Uint8Array> {
    return this.file(update, MODEL_FILE)
  }

  /** The bytes of a file. @throws as `model` does. */
  async file(update: number, name: string): Promise<Uint8Array> {
    const folder = folderOf(update)
    const what = `${this.#store.name}/${folder}`
    const bytes = await this.#store.read(`${folder}/${name}`)
    if (!bytes) throw new UserError(`${what}/${name} is gone`)
    const text = await readText(this.#store, `${folder}/${MARK_FILE}`)
    if (text === null) throw new UserError(`${what}/${MARK_FILE} is gone`)
    mustBeAsMarked(parseMark(text, what, update), name, bytes, what)
    return bytes
  }

  /** null: not finished. @throws UserError saying what is wrong with it. */
  async #read(update: number): Promise<Checkpoint | null> {
    const folder = folderOf(update)
    const what = `${this.#store.name}/${folder}`
    const text = await readText(this.#store, `${folder}/${MARK_FILE}`)
    if (text === null) return null
    const mark = parseMark(text, what, update)
    const files = [MODEL_FILE, OPTIMIZER_FILE]
    const [model, optimizer] = await Promise.all(
      files.map(async (name) => {
        const bytes = await this.#store.read(`${folder}/${name}`)
        if (!bytes) throw new UserError(`${what}/${name} is gone`)
        mustBeAsMarked(mark, name, bytes, what)
        return decodeSafetensors(bytes, `${what}/${name}`)
      }),
    )
    const { weights } = optimizer
    const tensors = Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data]))
    for (const [name, { data }] of Object.entries(weights)) {
      const weight = model.weights[name.replace(/\.(mean|square)$/, '')]
      if (weight?.data.length === data.length) continue
      throw new UserError(`${what}/${OPTIMIZER_FILE} is of another model ('${name}')`)
    }
    const { optimizerSteps } = mark
    return {
      progress: Progress.strip().parse(mark),
      optimizer: { steps: optimizerSteps, tensors },
      rows: mark.format === 2 ? mark.rows : null,
    }
  }

  async #updates(): Promise<number[]> {
    const names = (await this.#store.list('checkpoints')).filter((name) => /^\d+$/.test(name))
    return names.map(Number).sort((a, b) => a - b)
  }
}

/** @throws UserError when it is damaged, or of another update. */
function parseMark(text: string, what: string, update: number): Mark {
  const mark = parseJson(Mark, text, `${what}/${MARK_FILE}`)
  if (mark.format === 2) {
    const { hash, ...rest } = JSON.parse(text)
    if (hashText(JSON.stringify(rest)) !== hash) throw new UserError(`${what}/${MARK_FILE} is damaged`)
  }
  if (mark.update !== update) throw new UserError(`${what}/${MARK_FILE} is of update ${mark.update}`)
  return mark
}

/** @throws UserError for a file with other bytes than when the mark was made. */
function mustBeAsMarked(mark: Mark, name: string, bytes: Uint8Array, what: string): void {
  if (mark.format === 2 && hashBytes(bytes) !== mark.files[name])
    throw new UserError(`${what}/${name} is damaged (its hash does not match)`)
}

/** Where a run's model after an update is. */
export const modelFile = (update: number): string => `${folderOf(update)}/${MODEL_FILE}`
const folderOf = (update: number): string => `checkpoints/${update}`
