import type { Store } from '#core/base/store'
import type { RecordEvent } from '#core/record/record'
import { type Entry, parseEvent, type Span } from './episodes.ts'
import { WireFailure } from './errors.ts'
import { bufferOf, eachLine } from './tail.ts'

/** Events kept in memory, so that a thousand late joins read a file once. */
const CACHE_EVENTS = 20_000
/** Bytes read and parsed at once: a few milliseconds. */
const CHUNK = 1 << 16

/** Reads the events of an episode from its segments, keeping those read last. */
export class EpisodeReader {
  private readonly store: Store
  private readonly folder: string
  private readonly cache = new Map<Entry, RecordEvent[]>()
  private readonly reading = new Map<Entry, Promise<readonly RecordEvent[]>>()
  private cached = 0

  /** @param folder where in the store the segments are. */
  constructor(store: Store, folder: string) {
    this.store = store
    this.folder = folder
  }

  /**
   * All events of the episode up to its present `seq`; fewer when a line of it cannot be read.
   * @throws StoreError
   */
  async events(entry: Entry): Promise<readonly RecordEvent[]> {
    const cached = this.cache.get(entry)
    if (cached && cached.length >= entry.summary.seq) {
      this.cache.delete(entry)
      this.cache.set(entry, cached)
      return cached
    }
    const pending = this.reading.get(entry)
    if (pending) {
      const events = await pending
      return events.length >= entry.summary.seq ? events : this.events(entry)
    }
    const promise = this.readAll(entry)
    this.reading.set(entry, promise)
    try {
      return await promise
    } finally {
      this.reading.delete(entry)
    }
  }

  /** Keeps a cached episode up to date while it is written; `seq` is the event's number. */
  append(entry: Entry, seq: number, event: RecordEvent): void {
    const cached = this.cache.get(entry)
    if (cached?.length !== seq) return
    cached.push(event)
    this.cached++
    this.trim()
  }

  private forget(entry: Entry): void {
    this.cached -= this.cache.get(entry)?.length ?? 0
    this.cache.delete(entry)
  }

  /** The episode's lines as they were written: its record. @throws StoreError */
  async record(entry: Entry): Promise<Buffer> {
    const lines: Buffer[] = []
    await this.eachEvent(entry, (_, line) => lines.push(line, NEWLINE))
    return Buffer.concat(lines)
  }

  private async readAll(entry: Entry): Promise<readonly RecordEvent[]> {
    const { seq } = entry.summary
    const events: RecordEvent[] = []
    await this.eachEvent(entry, (event) => events.push(event))
    if (events.length < seq) {
      entry.broken = true
      entry.summary.seq = events.length
    }
    this.keep(entry, events)
    return events
  }

  /** Visits the episode's events up to its present `seq`, or up to the first line that cannot be read. */
  private async eachEvent(entry: Entry, each: (event: RecordEvent, line: Buffer) => void): Promise<void> {
    const { seq } = entry.summary
    const name = JSON.stringify(entry.episode)
    let seen = 0
    let whole = true
    for (const span of entry.spans.map((span) => ({ ...span }))) {
      await eachLineOf(this.store, `${this.folder}/${span.segment}`, span, (line) => {
        if (!whole || seen === seq || !line.includes(name)) return
        const event = parseEvent(line)
        if (event === null) whole = false
        if (event?.episode !== entry.episode) return
        seen++
        each(event, line)
      })
    }
  }

  private keep(entry: Entry, events: RecordEvent[]): void {
    this.forget(entry)
    this.cache.set(entry, events)
    this.cached += events.length
    this.trim()
  }

  /** Forgets what was read longest ago; an episode longer than the cache is not kept at all. */
  private trim(): void {
    for (const oldest of this.cache.keys()) {
      if (this.cached <= CACHE_EVENTS) return
      this.forget(oldest)
    }
  }
}

const NEWLINE = Buffer.from('\n')

/**
 * Reads the lines of a span.
 * @throws StoreError; WireFailure BUSY when they are gone, or others in their place, which is soon taken up.
 */
async function eachLineOf(
  store: Store,
  file: string,
  span: Span,
  each: (line: Buffer) => void,
): Promise<void> {
  let rest: Buffer[] = []
  for (let at = span.start; at < span.end; ) {
    const read = await store.read(file, at, Math.min(span.end, at + CHUNK))
    if (!read?.length) break
    at += read.length
    const bytes = bufferOf(read)
    const whole = bytes.lastIndexOf(NEWLINE) + 1
    // A line of many chunks is put together once.
    if (whole > 0) eachLine(Buffer.concat([...rest, bytes.subarray(0, whole)]), each)
    rest = whole > 0 ? [bytes.subarray(whole)] : [...rest, bytes]
  }
  const found = await store.stat(file)
  if (found?.identity !== span.identity) {
    throw new WireFailure('BUSY', 'the episode is being written anew: ask again')
  }
}
