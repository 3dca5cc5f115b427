import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { RecordEvent } from '#core/record'
import { MetricsRow, RunInfo } from '#core/run'
import type { EpisodeSummary, MetricsPage, RunSummary } from '#core/wire'
import { type Entry, EpisodeIndex } from './episodes.ts'
import { EpisodeReader } from './reader.ts'
import { eachLine, Tail } from './tail.ts'

/** A run, or an episode of it, that was not written for so long (ms) is not live, whatever its run.json says. */
const SILENCE = 300_000
/** Segments written within this time (ms) are looked at every time, the others now and then. */
const HOT = 10_000
const NOW_AND_THEN = 2_000
const METRICS_PAGE = 5_000

/** What happens in a run folder; the same for a run of this minute and one of last year. */
export interface RunListener {
  /** It appeared, or its summary changed. */
  run(folder: RunFolder): void
  /** Events were appended to an episode, the first of them number `seq`. */
  events(entry: Entry, seq: number, events: RecordEvent[]): void
  /** Rows were appended to the metrics. */
  metrics(folder: RunFolder, row: number, rows: MetricsRow[]): void
}

/** A run folder (see core/run.ts), indexed and followed while it is written. */
export class RunFolder {
  readonly id: string
  readonly path: string
  readonly index: EpisodeIndex
  /** When anything in it last changed (milliseconds since 1970). */
  touched = 0
  /** null until run.json can be read. */
  info: RunInfo | null = null
  rows = 0
  /** All that there was when it was found has been read. */
  scanned = false

  private readonly listener: RunListener
  private readonly reader: EpisodeReader
  private readonly segments = new Map<string, Tail>()
  private readonly metricsTail: Tail
  private infoMark = ''
  private polling: Promise<void> | null = null
  private lastRound = 0
  private listed = -1

  constructor(id: string, folder: string, listener: RunListener) {
    this.id = id
    this.path = folder
    this.listener = listener
    this.index = new EpisodeIndex(id)
    this.reader = new EpisodeReader(path.join(folder, 'episodes'))
    this.metricsTail = new Tail(path.join(folder, 'metrics.jsonl'))
  }

  get live(): boolean {
    return this.info?.status === 'running' && Date.now() - this.touched < SILENCE
  }

  /** @throws Error before run.json was read. */
  summary(): RunSummary {
    if (!this.info) throw new Error(`${this.path} has no run.json that can be read`)
    return { ...this.info, id: this.id, live: this.live, episodes: this.index.entries.size, rows: this.rows }
  }

  isLive(entry: Entry): boolean {
    return entry.summary.outcome === undefined && this.live && Date.now() - entry.touched < SILENCE
  }

  episode(entry: Entry): EpisodeSummary {
    return { ...entry.summary, live: this.isLive(entry) }
  }

  events(entry: Entry): Promise<readonly RecordEvent[]> {
    return this.reader.events(entry)
  }

  record(entry: Entry): Promise<Buffer> {
    return this.reader.record(entry)
  }

  /** Takes up what was written since the last call; calls during one share it. */
  poll(signal: AbortSignal): Promise<void> {
    this.polling ??= this.read(signal).finally(() => {
      this.polling = null
    })
    return this.polling
  }

  private async read(signal: AbortSignal): Promise<void> {
    const before = this.live
    const changed = await this.pollInfo()
    if (!this.info) return
    const round = Date.now() - this.lastRound > NOW_AND_THEN
    if (round) this.lastRound = Date.now()
    await this.pollMetrics()
    await this.listSegments(round)
    for (const [name, tail] of this.segments) {
      if (signal.aborted) return
      if (round || Date.now() - tail.changed < HOT) await this.pollSegment(name, tail, signal)
    }
    this.scanned = true
    if (changed || before !== this.live) this.listener.run(this)
  }

  /** Rows of the metrics from `after` on, a page at most. */
  async metrics(after: number): Promise<MetricsPage> {
    const rows: MetricsRow[] = []
    let row = 0
    const bytes = await readFile(this.metricsTail.path).catch(() => Buffer.alloc(0))
    eachLine(bytes.subarray(0, this.metricsTail.offset), (line) => {
      const parsed = parseRow(line)
      if (parsed === null) return
      if (row >= after && rows.length < METRICS_PAGE) rows.push(parsed)
      row++
    })
    return { row: Math.min(after, row), rows, total: row }
  }

  private async pollInfo(): Promise<boolean> {
    const file = path.join(this.path, 'run.json')
    const found = await stat(file).catch(() => null)
    const mark = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : ''
    if (found === null || mark === this.infoMark) return false
    try {
      this.info = RunInfo.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch {
      return false // half written or not ours: asked again next time
    }
    this.infoMark = mark
    this.touch(found.mtimeMs)
    return true
  }

  private async pollMetrics(): Promise<void> {
    for (let more = await this.metricsTail.grown(); more; ) {
      const lines = await this.metricsTail.read()
      if (!lines) return
      more = lines.more
      if (lines.restarted) this.rows = 0
      this.touch(this.metricsTail.changed)
      const rows: MetricsRow[] = []
      eachLine(lines.bytes, (line) => {
        const row = parseRow(line)
        if (row) rows.push(row)
      })
      const row = this.rows
      this.rows += rows.length
      if (this.scanned && rows.length > 0) this.listener.metrics(this, row, rows)
    }
  }

  /** Finds new segments by the folder's time, and gone ones. */
  private async listSegments(round: boolean): Promise<void> {
    const folder = path.join(this.path, 'episodes')
    const found = await stat(folder).catch(() => null)
    if (!found || (found.mtimeMs === this.listed && !round)) return
    this.listed = found.mtimeMs
    const names = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith('.jsonl'))
      .sort(byNumber)
    for (const name of names) {
      if (!this.segments.has(name)) this.segments.set(name, new Tail(path.join(folder, name)))
    }
    const present = new Set(names)
    for (const name of this.segments.keys()) {
      if (present.has(name)) continue
      this.segments.delete(name)
      this.index.drop(name)
    }
  }

  private async pollSegment(name: string, tail: Tail, signal: AbortSignal): Promise<void> {
    // What is written while this is read waits for the next tick, so that it comes in one batch.
    for (let more = await tail.grown(); more && !signal.aborted; ) {
      const lines = await tail.read()
      if (!lines) return
      more = lines.more
      if (lines.restarted) this.index.drop(name)
      this.touch(tail.changed)
      if (!this.scanned) {
        this.index.add(name, lines.start, lines.bytes, tail.changed)
        continue
      }
      const fresh = new Map<Entry, RecordEvent[]>()
      this.index.add(name, lines.start, lines.bytes, tail.changed, (entry, event) => {
        this.reader.append(entry, entry.summary.seq - 1, event)
        const events = fresh.get(entry)
        if (events) events.push(event)
        else fresh.set(entry, [event])
      })
      for (const [entry, events] of fresh)
        this.listener.events(entry, entry.summary.seq - events.length, events)
    }
  }

  private touch(time: number): void {
    if (time > this.touched) this.touched = time
  }
}

/** null for a line that is no row: it does not count. */
function parseRow(line: Buffer): MetricsRow | null {
  try {
    return MetricsRow.safeParse(JSON.parse(line.toString('utf8'))).data ?? null
  } catch {
    return null
  }
}

/** "9.jsonl" before "10.jsonl". */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
