import { RecordEvent, type StartEvent } from '#core/record'
import type { EpisodeSummary } from '#core/wire'
import { eachLine } from './tail.ts'

/** Where lines of an episode lie: bytes `start` to `end` of a segment, other episodes' lines among them. */
export interface Span {
  readonly segment: string
  readonly start: number
  end: number
}

/** What is kept of an episode: its summary and where its events are, never the events. */
export interface Entry {
  readonly summary: EpisodeSummary
  /** Its id as recorded. */
  readonly episode: string
  readonly spans: Span[]
  /** Milliseconds since 1970 when a line of it was last written. */
  touched: number
  /** A line of it cannot be read: what follows does not count. */
  broken: boolean
}

/** `{"type":"step","episode":"..."` as our writer begins a line: enough to count it without parsing it. */
const COUNTABLE = /^\{"type":"(turn|step)","episode":"([ !#-[\]-~]+)"/

/** The episodes of one run, by recorded id, oldest first. */
export class EpisodeIndex {
  readonly entries = new Map<string, Entry>()
  private readonly run: string
  private readonly words = new Map<string, string>()

  constructor(run: string) {
    this.run = run
  }

  /**
   * Takes up whole lines of a segment, `start` being the offset of their first byte.
   * @param follow called with each event in order of writing; without it turns and steps are only counted, so
   *   that the returns of unfinished episodes stay behind (see `recount`).
   */
  add(
    segment: string,
    start: number,
    bytes: Buffer,
    now: number,
    follow?: (entry: Entry, event: RecordEvent) => void,
  ): void {
    eachLine(bytes, (line, at) => {
      const countable = follow ? null : COUNTABLE.exec(line.toString('latin1', 0, 300))
      const event = countable ? null : parseEvent(line)
      const episode = countable ? countable[2] : event?.episode
      if (episode === undefined) return this.breakOff(line)
      const entry = event?.type === 'start' ? this.open(event) : this.entries.get(episode)
      if (!entry || entry.broken || entry.summary.outcome !== undefined) return
      extend(entry, segment, start + at, start + at + line.length + 1)
      entry.touched = now
      count(entry.summary, event ?? (countable?.[1] as 'turn' | 'step'))
      if (event) follow?.(entry, event)
    })
  }

  /** Forgets the episodes that have lines in a segment, because it is gone or written anew. */
  drop(segment: string): void {
    for (const [id, entry] of this.entries) {
      if (entry.spans.some((span) => span.segment === segment)) this.entries.delete(id)
    }
  }

  private open(event: StartEvent): Entry {
    const { episode, config, conversation } = event
    const summary: EpisodeSummary = {
      id: `${this.run}/${episode}`,
      run: this.run,
      stage: event.stage === undefined ? undefined : this.word(event.stage),
      update: event.update,
      env: this.word(event.env),
      version: event.version,
      preset: typeof config.preset === 'string' ? this.word(config.preset) : undefined,
      seed: event.seed,
      agents: event.agents.map((agent) => this.word(agent)),
      modality: this.word(conversation.modality),
      turns: 0,
      steps: 0,
      return: event.agents.map(() => 0),
      live: true,
      seq: 0,
    }
    const entry: Entry = { summary, episode, spans: [], touched: 0, broken: false }
    this.entries.delete(episode)
    this.entries.set(episode, entry)
    return entry
  }

  /** A line that is no event ends what can be read of the episode it begins to name. */
  private breakOff(line: Buffer): void {
    const named = COUNTABLE.exec(line.toString('latin1', 0, 300))
    const entry = named ? this.entries.get(named[2]) : undefined
    if (entry) entry.broken = true
  }

  /** Names repeat a hundred thousand times: each is kept once. */
  private word(word: string): string {
    const known = this.words.get(word)
    if (known !== undefined) return known
    this.words.set(word, word)
    return word
  }
}

/** The event on a line; null when it is torn, altered or of another kind. */
export function parseEvent(line: Buffer): RecordEvent | null {
  try {
    const result = RecordEvent.safeParse(JSON.parse(line.toString('utf8')))
    return result.success ? result.data : null
  } catch {
    return null
  }
}

/** Brings the summary in line with all events of its episode, as they can be read. */
export function recount(entry: Entry, events: readonly RecordEvent[]): void {
  const { summary } = entry
  summary.turns = 0
  summary.steps = 0
  summary.seq = 0
  summary.return.fill(0)
  for (const event of events) count(summary, event)
}

function count(summary: EpisodeSummary, event: RecordEvent | 'turn' | 'step'): void {
  summary.seq++
  if (event === 'turn') summary.turns++
  else if (event === 'step') summary.steps++
  else if (event.type === 'turn') summary.turns++
  else if (event.type === 'step') {
    summary.steps++
    for (let seat = 0; seat < summary.return.length; seat++) summary.return[seat] += event.rewards[seat] ?? 0
  } else if (event.type === 'end') {
    summary.steps = event.steps
    summary.return = event.return
    summary.score = event.score
    summary.outcome = event.outcome
    summary.success = event.success
  }
}

function extend(entry: Entry, segment: string, start: number, end: number): void {
  const last = entry.spans.at(-1)
  if (last?.segment === segment) last.end = end
  else entry.spans.push({ segment, start, end })
}
