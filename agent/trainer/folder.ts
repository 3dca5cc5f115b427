import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { readText, type Store } from '#core/base/store'
import { parseJson } from '#core/env/config'
import type { CreditLine } from '#core/record/credit'
import type { RecordEvent } from '#core/record/record'
import { MetricsRow, RunInfo } from '#core/record/run'
import type { Provenance } from '../model/checkpoint.ts'
import { type Recipe, recipeOf } from '../recipe/recipe.ts'
import { type Checkpoint, Checkpoints, type Rows } from './checkpoints.ts'
import { EpisodeLog } from './episodes.ts'
import type { Snapshot } from './jobs.ts'
import type { Progress } from './progress.ts'

/** Segments of episodes that are kept. */
const KEEP_SEGMENTS = 200
const METRICS = 'metrics.jsonl'
const RESERVE = 'reserve'
/** Bytes: run.json twice, with its blocks. */
const RESERVED = 1 << 15
const NO_ROWS: Rows = { count: 0, hash: '' }

/** A run's folder (core/run.ts), as the trainer writes it; whoever does should hold the store's lock. */
export class RunFolder {
  readonly store: Store
  readonly #checkpoints: Checkpoints
  #rows = NO_ROWS
  /** Segments that nothing relies on yet: they would be written again. */
  readonly #unsynced = new Set<string>()
  #log: EpisodeLog | null = null

  constructor(store: Store) {
    this.store = store
    this.#checkpoints = new Checkpoints(store)
  }

  /** What run.json says; null where there is none. @throws UserError when it is damaged. */
  async readInfo(): Promise<RunInfo | null> {
    const text = await readText(this.store, 'run.json')
    return text === null ? null : parseJson(RunInfo, text, `${this.store.name}/run.json`)
  }

  async writeInfo(info: RunInfo): Promise<void> {
    await this.store.write('run.json', `${JSON.stringify(info, null, 2)}\n`)
  }

  /** Appends a row. */
  async metrics(row: MetricsRow): Promise<void> {
    const line = JSON.stringify(row)
    await this.store.append(METRICS, `${line}\n`)
    this.#rows = withRow(this.#rows, line)
  }

  async readMetrics(): Promise<MetricsRow[]> {
    const lines = linesOf(await readText(this.store, METRICS))
    return lines.map((line, i) => parseJson(MetricsRow, line, `${this.store.name}/${METRICS}, line ${i + 1}`))
  }

  /** Begins a segment of the episodes named in `order` anew; those that were in it before are gone. */
  async openSegment(name: string, order: readonly string[]): Promise<void> {
    const file = segmentFile(name)
    await this.store.remove(file)
    this.#unsynced.add(file)
    this.#log = new EpisodeLog(this.store, file, order)
  }

  /** Takes an event of an episode of the segment that was opened last. */
  record(event: RecordEvent): void {
    this.#log?.take(event)
  }

  /** Writes what was learnt of a segment's episodes; no file where that is nothing. @throws StoreError */
  async credit(name: string, lines: readonly CreditLine[]): Promise<void> {
    if (lines.length === 0) return
    await this.store.write(creditFile(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }

  /** Resolves when all that was recorded is written. @throws StoreError */
  async closeSegment(): Promise<void> {
    await this.#log?.end()
    this.#log = null
  }

  /** Removes the segments of the oldest updates beyond those that are kept. */
  async trimEpisodes(): Promise<void> {
    const names = await this.#updateSegments()
    for (const name of names.slice(0, -KEEP_SEGMENTS)) await this.#removeSegment(name)
  }

  /** Makes a checkpoint of all there is; removes the others but the ends of stages. @throws NotFinite; StoreError. */
  async checkpoint(
    progress: Progress,
    snapshot: Snapshot,
    provenance: Provenance,
    more?: Readonly<Record<string, Uint8Array>>,
  ): Promise<void> {
    await this.store.sync(METRICS)
    await this.syncEpisodes()
    await this.#checkpoints.write(progress, this.#rows, snapshot, provenance, more)
    await this.#keep(progress)
  }

  /** Makes all episodes durable, before something relies on them. */
  async syncEpisodes(): Promise<void> {
    for (const file of this.#unsynced) {
      await this.store.sync(file)
      this.#unsynced.delete(file)
    }
  }

  /** The bytes of the model after an update that a checkpoint was made of. */
  model(update: number): Promise<Uint8Array> {
    return this.#checkpoints.model(update)
  }

  /** A file of that checkpoint. */
  fileOf(update: number, name: string): Promise<Uint8Array> {
    return this.#checkpoints.file(update, name)
  }

  /**
   * The newest good checkpoint; metrics, episodes and checkpoints that came after it are removed. null where none was
   * finished. `note` is told which newer ones are not good.
   * @throws UserError when none is good, or metrics are missing.
   */
  async resume(note: (line: string) => void): Promise<Checkpoint | null> {
    const found = await this.#checkpoints.newest(note)
    const update = found?.progress.update ?? 0
    await this.#cutMetrics(update, found?.rows ?? null)
    for (const name of await this.#updateSegments()) {
      if (name >= segmentOf(update)) await this.#removeSegment(name)
    }
    for (const name of await this.store.list('episodes')) {
      const after = name.startsWith(WATCHED) && name > `${WATCHED}${segmentOf(update)}.jsonl`
      if (after) await this.store.remove(`episodes/${name}`)
    }
    await this.#keep(found?.progress)
    return found
  }

  /** Takes some room, so that a run that fills the disk can still say so. */
  async reserve(): Promise<void> {
    await this.store.write(RESERVE, new Uint8Array(RESERVED))
  }

  /** Gives it back. */
  async release(): Promise<void> {
    await this.store.remove(RESERVE)
  }

  /** Gives back what was reserved, and all that a resume would remove. */
  async makeRoom(): Promise<void> {
    await this.release()
    for (const file of this.#unsynced) await this.store.remove(file)
    await this.#checkpoints.sweep()
  }

  /** The checkpoints that are needed once `progress` has one. */
  async #keep(progress: Progress | undefined): Promise<void> {
    const best = progress?.best ? [progress.best.update] : []
    await this.#checkpoints.keep(progress ? [progress.update, ...best, ...Object.values(progress.ends)] : [])
  }

  async #cutMetrics(update: number, rows: Rows | null): Promise<void> {
    const text = await readText(this.store, METRICS)
    const lines = linesOf(text)
    const count = rows?.count ?? update
    const kept = lines.slice(0, count)
    this.#rows = kept.reduce(withRow, NO_ROWS)
    const place = `${this.store.name}/${METRICS}`
    if (kept.length < count) {
      throw new UserError(
        `${place} has lost rows (${kept.length} are left of ${count} that checkpoint ${update} counts): put it back, or remove that checkpoint`,
      )
    }
    if (rows && rows.hash !== this.#rows.hash) {
      throw new UserError(
        `${place} has other rows than checkpoint ${update} counts: put it back, or remove that checkpoint`,
      )
    }
    const whole = kept.map((line) => `${line}\n`).join('')
    if (text !== null && text !== whole) await this.store.write(METRICS, whole)
  }

  async #removeSegment(name: string): Promise<void> {
    await this.store.remove(segmentFile(name))
    await this.store.remove(creditFile(name))
  }

  async #updateSegments(): Promise<string[]> {
    const names = (await this.store.list('episodes')).filter((name) => /^\d+\.jsonl$/.test(name))
    return names.map((name) => name.slice(0, -'.jsonl'.length))
  }
}

/** What is after the last line end was cut off in writing. */
const linesOf = (text: string | null): string[] => text?.split('\n').slice(0, -1) ?? []

/** Rows with one more; each hash covers the one before. */
function withRow({ count, hash }: Rows, line: string): Rows {
  return { count: count + 1, hash: hashText(hash + withoutClock(line)) }
}

function withoutClock(line: string): string {
  try {
    const { seconds: _, ...row } = JSON.parse(line)
    return JSON.stringify(row)
  } catch {
    return line
  }
}

/**
 * The recipe of a run. One of an earlier release lacks the keys that came later, and their defaults are what it did.
 * @throws UserError where this release would not do as that one did.
 */
export function recipeOfRun({ resolved }: RunInfo, where: string): Recipe {
  try {
    return recipeOf(resolved ?? {}, 'recipe')
  } catch (error) {
    const why = (error as Error).message
    throw new UserError(`${where} is of another release: finish it there, or train anew (${why})`)
  }
}

/** @throws UserError when `info` is not of a run of `recipe`, but for its evaluation. */
export function mustBeRunOf(info: RunInfo, recipe: Recipe, where: string): void {
  const trained = (given: Recipe): string => {
    const { evaluation: _, description: __, exhibition: ___, ...rest } = given
    return JSON.stringify(rest)
  }
  if (trained(recipeOfRun(info, where)) === trained(recipe)) return
  throw new UserError(`${where} was begun with another recipe or other settings: resume it with the same`)
}

/** The segment of an update's episodes. */
export const segmentOf = (update: number): string => String(update).padStart(7, '0')
/** What the segments of watched levels begin with; the number of updates done follows. */
export const WATCHED = 'watch-'
const segmentFile = (name: string): string => `episodes/${name}.jsonl`
const creditFile = (name: string): string => `credit/${name}.jsonl`
