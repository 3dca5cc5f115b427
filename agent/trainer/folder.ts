import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { parseJson } from '#core/config'
import { UserError } from '#core/errors'
import { writeLine } from '#core/jsonl'
import type { RecordEvent } from '#core/record'
import { MetricsRow, RunInfo } from '#core/run'
import { makeFolder } from '#stores/folder'
import { type About, loadTensors, MODEL_FILE, type Provenance, saveTensors } from '../model/checkpoint.ts'
import { Progress } from './progress.ts'
import { Recipe } from './recipe.ts'
import type { OptimizerState, Snapshot } from './replica.ts'

/** Segments of episodes that are kept unless told otherwise. */
export const KEEP_SEGMENTS = 200

/** A run's folder (core/run.ts), as the trainer writes it. */
export class RunFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
    makeFolder(join(path, 'episodes'))
    makeFolder(join(path, 'checkpoints'))
  }

  /**
   * Whether this is a run of `recipe`, but for its evaluation.
   * @throws UserError when it is not.
   */
  mustBeRunOf(recipe: Recipe): void {
    const { resolved } = readJson(RunInfo, join(this.path, 'run.json'))
    const trained = (given: Recipe): string => {
      const { evaluation: _, description: __, exhibition: ___, ...rest } = given
      return JSON.stringify(rest)
    }
    // Parsed again: a run of an earlier release lacks the keys that came later, and their defaults are what it did.
    const begun = Recipe.safeParse(resolved)
    if (begun.success && trained(begun.data) === trained(recipe)) return
    throw new UserError(
      `${this.path} was begun with another recipe or other settings: resume it with the same`,
    )
  }

  /** Writes run.json whole. */
  info(info: RunInfo): void {
    this.write('run.json', `${JSON.stringify(info, null, 2)}\n`)
  }

  metrics(row: MetricsRow): void {
    appendFileSync(join(this.path, 'metrics.jsonl'), `${JSON.stringify(row)}\n`)
  }

  readMetrics(): MetricsRow[] {
    const path = join(this.path, 'metrics.jsonl')
    if (!existsSync(path)) return []
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    return lines.map((line, i) => parseJson(MetricsRow, line, `${path}, line ${i + 1}`))
  }

  /** Appends an event to a segment. */
  event(segment: string, event: RecordEvent): void {
    appendFileSync(this.#segment(segment), writeLine(event))
  }

  /** Empties a segment that may have been begun before. */
  clearSegment(segment: string): void {
    rmSync(this.#segment(segment), { force: true })
  }

  /** Removes the segments of the oldest updates beyond `most`. */
  trimEpisodes(most: number): void {
    const names = this.#updateSegments()
    for (const name of names.slice(0, Math.max(0, names.length - most))) this.clearSegment(name)
  }

  /** Writes a file of the run under a temporary name, then renames it. */
  write(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name)
    writeFileSync(`${path}.part`, content)
    renameSync(`${path}.part`, path)
  }

  /** Writes a checkpoint aside, then renames it; removes all others but the ends of stages. */
  checkpoint(progress: Progress, snapshot: Snapshot, provenance: Provenance): void {
    const { shape, vocabulary } = snapshot
    const about: About = { format: 1, shape, vocabulary: [...vocabulary], ...provenance }
    const folder = this.checkpointFolder(progress.update)
    const aside = `${folder}.part`
    rmSync(aside, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
    saveTensors(join(aside, MODEL_FILE), {
      weights: snapshot.weights,
      metadata: { kickpush: JSON.stringify(about) },
    })
    saveTensors(join(aside, 'optimizer.safetensors'), {
      weights: Object.fromEntries(
        Object.entries(snapshot.optimizer.tensors).map(([name, data]) => [
          name,
          { shape: [data.length], data },
        ]),
      ),
      metadata: {},
    })
    writeFileSync(join(aside, 'progress.json'), `${JSON.stringify(progress, null, 2)}\n`)
    renameSync(aside, folder)
    const ends = new Set(Object.values(progress.ends))
    for (const update of this.#updates()) {
      if (update !== progress.update && !ends.has(update)) {
        rmSync(this.checkpointFolder(update), { recursive: true })
      }
    }
  }

  checkpointFolder(update: number): string {
    return join(this.path, 'checkpoints', String(update))
  }

  modelFile(update: number): string {
    return join(this.checkpointFolder(update), MODEL_FILE)
  }

  hasCheckpoint(): boolean {
    return this.#updates().length > 0
  }

  /** The newest checkpoint; metrics and episodes that came after it are removed. */
  resume(): { progress: Progress; optimizer: OptimizerState } {
    const update = this.#updates().at(-1)!
    const folder = this.checkpointFolder(update)
    const path = join(folder, 'progress.json')
    const progress = readJson(Progress, path)
    const { weights } = loadTensors(join(folder, 'optimizer.safetensors'))
    const tensors = Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data]))
    this.#truncate(progress.update)
    return { progress, optimizer: { steps: progress.optimizerSteps, tensors } }
  }

  #updates(): number[] {
    const names = readdirSync(join(this.path, 'checkpoints')).filter((name) => /^\d+$/.test(name))
    return names.map(Number).sort((a, b) => a - b)
  }

  /** Rows and segments of updates from `update` on were not kept by any checkpoint: they will be made again. */
  #truncate(update: number): void {
    const path = join(this.path, 'metrics.jsonl')
    if (existsSync(path)) {
      const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
      const rows = whole.filter(
        (line, i) => parseJson(MetricsRow, line, `${path}, line ${i + 1}`).update < update,
      )
      this.write('metrics.jsonl', rows.map((line) => `${line}\n`).join(''))
    }
    for (const name of this.#updateSegments()) if (name >= segmentOf(update)) this.clearSegment(name)
  }

  #updateSegments(): string[] {
    const names = readdirSync(join(this.path, 'episodes')).filter((name) => /^\d+\.jsonl$/.test(name))
    return names.map((name) => name.slice(0, -'.jsonl'.length)).sort()
  }

  #segment(name: string): string {
    return join(this.path, 'episodes', `${name}.jsonl`)
  }
}

/** @throws UserError when the file is not what `schema` wants. */
const readJson = <T>(schema: z.ZodType<T>, path: string): T =>
  parseJson(schema, readFileSync(path, 'utf8'), path)

/** The segment of an update's episodes. */
export const segmentOf = (update: number): string => String(update).padStart(7, '0')
