import { most } from '#core/base/lists'
import { readText, type Store } from '#core/base/store'
import type { CreditFigures, CreditLine } from '#core/record/credit'
import type { RecordEvent } from '#core/record/record'
import { type MetricsRow, RunInfo } from '#core/record/run'
import type { EpisodeSummary, MetricsPage, Results, RunSummary } from '#core/record/wire'
import { type Clock, systemClock } from './clock.ts'
import { Credits } from './credits.ts'
import { type Entry, EpisodeIndex } from './episodes.ts'
import { EpisodeReader } from './reader.ts'
import { type Pause, unhurried } from './slices.ts'
import { bufferOf, eachLine, linesOf, Tail } from './tail.ts'

/** A run, or an episode of it, that was not written for so long (ms) is not live, whatever its run.json says. */
const SILENCE = 300_000
/** Segments written within this time (ms) are looked at every time, the others now and then. */
const HOT = 10_000
const NOW_AND_THEN = 2_000
const METRICS_PAGE = 5_000
/** The place of every so many rows is known, so that a page is read without those before it. */
const MARKED = 1_000

/** What happens in a run folder; the same for a run of this minute and one of last year. */
export interface RunListener {
  /** It appeared, or its summary changed. */
  run(folder: FollowedRun): void
  /** Events were appended to an episode, the first of them number `seq`. */
  events(entry: Entry, seq: number, events: RecordEvent[]): void
  /** Rows were appended to the metrics. */
  metrics(folder: FollowedRun, row: number, rows: MetricsRow[]): void
}

/** A run folder (see core/run.ts), indexed and followed while it is written. */
export class FollowedRun {
  readonly id: string
  readonly index: EpisodeIndex
  /** When anything in it last changed (milliseconds since 1970). */
  touched = 0
  /** null until run.json can be read. */
  info: RunInfo | null = null
  rows = 0
  /** Offsets of rows 0, MARKED, 2 MARKED ... in metrics.jsonl. */
  private readonly marks: number[] = []
  /** All that there was when it was found has been read. */
  scanned = false

  private readonly store: Store
  private readonly listener: RunListener
  private readonly clock: Clock
  private readonly reader: EpisodeReader
  private readonly credits: Credits
  private readonly segments = new Map<string, Tail>()
  private readonly metricsTail: Tail
  private infoMark = ''
  private polling: Promise<void> | null = null
  private lastRound = Number.NEGATIVE_INFINITY
  /** What the listener knows: a reading that fails half-way leaves the rest of its news to the next one. */
  private told = { info: true, live: false, rows: 0 }

  /** @param store the folder named `id` in it is the run. */
  constructor(id: string, store: Store, listener: RunListener, clock: Clock = systemClock) {
    this.id = id
    this.store = store
    this.listener = listener
    this.clock = clock
    this.index = new EpisodeIndex(id)
    this.reader = new EpisodeReader(store, `${id}/episodes`)
    this.credits = new Credits(store, `${id}/credit`)
    this.metricsTail = new Tail(store, this.path('metrics.jsonl'))
  }

  get live(): boolean {
    return this.info?.status === 'running' && this.clock.now() - this.touched < SILENCE
  }

  /** @throws Error before run.json was read. */
  summary(): RunSummary {
    if (!this.info) throw new Error(`${this.store.name}/${this.id} has no run.json that can be read`)
    return { ...this.info, id: this.id, live: this.live, episodes: this.index.entries.size, rows: this.rows }
  }

  isLive(entry: Entry): boolean {
    return entry.summary.outcome === undefined && this.live && this.clock.now() - entry.touched < SILENCE
  }

  episode(entry: Entry): EpisodeSummary {
    const summary = { ...entry.summary, ...this.credits.figures.get(entry.episode) }
    return { ...summary, live: this.isLive(entry), touched: Math.floor(entry.touched) }
  }

  /** Whether there is still a run. @throws StoreError */
  async present(): Promise<boolean> {
    return (await this.store.stat(this.path('run.json'))) !== null
  }

  /** A file of the run; null where there is none. @throws StoreError */
  async file(name: string): Promise<Buffer | null> {
    const found = await this.store.stat(this.path(name))
    const bytes = found && (await this.store.read(this.path(name)))
    return bytes && bufferOf(bytes)
  }

  /** What the run's checkpoints say of themselves (progress.json), by their updates. @throws StoreError */
  async checkpoints(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {}
    for (const update of await this.store.list(this.path('checkpoints'))) {
      const text = await readText(this.store, this.path(`checkpoints/${update}/progress.json`))
      try {
        if (text !== null) found[update] = JSON.parse(text)
      } catch {
        // It is being written, or damaged: no checkpoint.
      }
    }
    return found
  }

  /** The file of its newest model that was saved; null where there is none. @throws StoreError */
  async model(): Promise<Buffer | null> {
    const updates = Object.keys(await this.checkpoints()).map(Number)
    return updates.length > 0 ? this.file(`checkpoints/${most(updates)}/model.safetensors`) : null
  }

  events(entry: Entry): Promise<readonly RecordEvent[]> {
    return this.reader.events(entry)
  }

  /** What somebody is told who has `after` events; those of another take are void. */
  answer(entry: Entry, events: readonly RecordEvent[], after: number, take = entry.take): Results['watch'] {
    const from = take === entry.take ? after : 0
    return {
      take: entry.take,
      seq: events.length,
      events: events.slice(from),
      live: this.isLive(entry),
      summary: this.episode(entry),
    }
  }

  record(entry: Entry): Promise<Buffer> {
    return this.reader.record(entry)
  }

  /** How training saw an episode, to sort by. */
  figures(entry: Entry): CreditFigures | undefined {
    return this.credits.figures.get(entry.episode)
  }

  /** What training used of an episode; nothing where none did. @throws StoreError */
  credit({ spans, episode }: Entry): Promise<CreditLine[]> {
    return this.credits.of(spans[0].segment, episode)
  }

  /** Takes up what was written since the last call; calls during one share it. */
  poll(signal: AbortSignal): Promise<void> {
    this.polling ??= this.read(signal).finally(() => {
      this.polling = null
    })
    return this.polling
  }

  private async read(signal: AbortSignal): Promise<void> {
    if (await this.pollInfo()) this.told.info = false
    if (!this.info) return
    // By a clock that does not jump: set back by an hour, nothing would be looked at for an hour.
    const round = this.clock.elapsed() - this.lastRound > NOW_AND_THEN
    if (round) this.lastRound = this.clock.elapsed()
    await this.pollMetrics().catch(ignore)
    await this.listSegments()
    let grows = round
    for (const [name, tail] of this.segments) {
      if (signal.aborted) return
      const hot = this.clock.now() - tail.changed < HOT
      if (round || hot) await this.pollSegment(name, tail, signal).catch(ignore)
      grows ||= hot
    }
    if (grows) await this.credits.poll().catch(ignore)
    this.scanned = true
    // Rows that come late may be the last: no later one shows whom they did not reach.
    const { live, rows, told } = this
    const late = !live && rows !== told.rows
    const changed = !told.info || live !== told.live || late
    this.told = { info: true, live, rows }
    if (changed) this.listener.run(this)
  }

  /** Rows of the metrics from `after` on, a page at most. @throws StoreError */
  async metrics(after: number, pause: Pause = unhurried): Promise<MetricsPage> {
    const rows: MetricsRow[] = []
    const total = this.rows
    let row = Math.floor(Math.min(after, total) / MARKED) * MARKED
    const from = this.marks[row / MARKED] ?? this.metricsTail.offset
    const to = this.marks[Math.ceil((after + METRICS_PAGE) / MARKED)] ?? this.metricsTail.offset
    const bytes = await this.store.read(this.path('metrics.jsonl'), from, to)
    for (const line of linesOf(bytes ? bufferOf(bytes) : Buffer.alloc(0))) {
      await pause()
      const parsed = parseRow(line)
      if (parsed === null) continue
      if (row >= after && row < total && rows.length < METRICS_PAGE) rows.push(parsed)
      row++
    }
    return { row: Math.min(after, total), rows, total }
  }

  private async pollInfo(): Promise<boolean> {
    const file = this.path('run.json')
    const found = await this.store.stat(file)
    const mark = found ? `${found.changed} ${found.size} ${found.identity}` : ''
    if (found === null || mark === this.infoMark) return false
    try {
      this.info = RunInfo.parse(JSON.parse((await readText(this.store, file)) ?? ''))
    } catch {
      return false // half written, not readable now or not ours: asked again next time
    }
    this.infoMark = mark
    this.touch(found.changed)
    return true
  }

  private async pollMetrics(): Promise<void> {
    for (let more = await this.metricsTail.grown(); more; ) {
      const lines = await this.metricsTail.read()
      if (!lines) return
      more = lines.more
      if (lines.restarted) {
        this.rows = 0
        this.marks.length = 0
      }
      this.touch(lines.changed)
      const rows: MetricsRow[] = []
      eachLine(lines.bytes, (line, at) => {
        const row = parseRow(line)
        if (!row) return
        if ((this.rows + rows.length) % MARKED === 0) this.marks.push(lines.start + at)
        rows.push(row)
      })
      const row = this.rows
      this.rows += rows.length
      if (this.scanned && rows.length > 0) this.listener.metrics(this, row, rows)
    }
  }

  /** Finds new segments, and gone ones. */
  private async listSegments(): Promise<void> {
    const names = (await this.store.list(this.path('episodes')))
      .filter((name) => name.endsWith('.jsonl'))
      .sort(byNumber)
    for (const name of names) {
      if (!this.segments.has(name)) {
        this.segments.set(name, new Tail(this.store, this.path(`episodes/${name}`)))
      }
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
      this.touch(lines.changed)
      if (!this.scanned) {
        this.index.add(name, lines)
        continue
      }
      const fresh = new Map<Entry, RecordEvent[]>()
      this.index.add(name, lines, (entry, event) => {
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

  private path(file: string): string {
    return `${this.id}/${file}`
  }
}

/** A file that cannot be read now may answer at the next tick, and keeps no other from being read. */
function ignore(): void {}

/** null for a line that is no row: it does not count. */
function parseRow(line: Buffer): MetricsRow | null {
  try {
    const row = JSON.parse(line.toString('utf8'))
    // As its schema says; a hundred thousand rows are parsed by hand in a fifth of the time.
    const whole = Number.isInteger(row?.update) && row.update >= 0 && typeof row.stage === 'string'
    return whole ? (row as MetricsRow) : null
  } catch {
    return null
  }
}

/** "9.jsonl" before "10.jsonl". */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
