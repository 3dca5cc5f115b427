import { hashesOf, type MarkHashes } from '#agent/golden/marks'
import { RunFolder } from '#agent/trainer/folder'
import type { Store } from '#core/base/store'
import { readText } from '#core/base/store'
import type { MetricsRow } from '#core/record/run'
import type { Rerun } from '../net/tab.ts'

/** A training beside the run that it repeats: every row of metrics, and every checkpoint that the run still has. */
export class Comparison {
  state: Rerun
  readonly #rows: readonly MetricsRow[]
  readonly #marks: ReadonlyMap<number, MarkHashes>

  private constructor(of: string, rows: readonly MetricsRow[], marks: ReadonlyMap<number, MarkHashes>) {
    this.#rows = rows
    this.#marks = marks
    this.state = { of, updates: 0, checkpoints: 0, hash: null, difference: null, over: false }
  }

  /** @throws UserError when the run cannot be read. */
  static async with(of: string, from: Store): Promise<Comparison> {
    const marks = new Map<number, MarkHashes>()
    for (const update of await from.list('checkpoints')) {
      const text = await readText(from, `checkpoints/${update}/progress.json`)
      const hashes = text === null ? null : hashesOf(JSON.parse(text))
      if (hashes) marks.set(Number(update), hashes)
    }
    return new Comparison(of, await new RunFolder(from).readMetrics(), marks)
  }

  row(row: MetricsRow): void {
    const before = this.#rows[row.update]
    if (!before) return
    const names = Object.keys({ ...before, ...row }).filter((name) => name !== 'seconds')
    const other = names.find((name) => before[name] !== row[name])
    if (other === undefined) this.#change({ updates: this.state.updates + 1 })
    else this.#differs(`update ${row.update}: ${other} is ${row[other]}, was ${before[other]}`)
  }

  mark(update: number, hashes: MarkHashes): void {
    const before = this.#marks.get(update)
    if (!before) return
    const other = (Object.keys(hashes) as (keyof MarkHashes)[]).find((name) => before[name] !== hashes[name])
    if (other === undefined) {
      this.#change({ checkpoints: this.state.checkpoints + 1, hash: { update, weights: hashes.weights } })
    } else this.#differs(`checkpoint ${update}: ${other} are ${hashes[other]}, were ${before[other]}`)
  }

  end(): void {
    this.#change({ over: true })
  }

  #differs(difference: string): void {
    if (this.state.difference === null) this.#change({ difference })
  }

  #change(news: Partial<Rerun>): void {
    this.state = { ...this.state, ...news }
  }
}
