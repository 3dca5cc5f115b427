import { RecordEvent, type StartEvent } from '#core/record/record'
import type { EpisodeSummary } from '#core/record/wire'
import { eachLine, type Lines } from './tail.ts'

/** Where lines of an episode lie: bytes `start` to `end` of a segment, other episodes' lines among them. */
export interface Span {
  readonly segment: string
  /** Of the file, as the store tells it: another may come into its place. */
  readonly identity: string
  readonly start: number
  end: number
}

/** What is kept of an episode: its summary and where its events are, never the events. */
export interface Entry {
  readonly summary: EpisodeSummary
  /** Its id as recorded. */
  readonly episode: string
  /** Tells it from others of this id: the file it begins in, and where. */
  readonly take: string
  readonly spans: Span[]
  /** Milliseconds since 1970 when a line of it was last written. */
  touched: number
  /** A line of it cannot be read: what follows does not count. */
  broken: boolean
}

/** Bytes of the segments that hold an episode's lines: about as many as its events have. */
export function bytesOf({ spans }: Entry): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0)
}

/**
 * The beginning of a turn or step as our writer writes it, with its episode and a step's rewards: enough to count
 * it without parsing the line.
 */
const COUNTABLE =
  /^\{"type":"(turn|step)","episode":"([ !#-[\]-~]+)",(?:"t":\d+,"actions":\[[\d,]*\],"rewards":\[([-+.e\d,]+)\])?/
const HEAD = 500
/** In a turn whose answer could not be read; within a text its quotes would be escaped. */
const INVALID = '"valid":false'

/** The episodes of one run, by recorded id, oldest first. */
export class EpisodeIndex {
  readonly entries = new Map<string, Entry>()
  private readonly run: string
  private readonly words = new Map<string, string>()

  constructor(run: string) {
    this.run = run
  }

  /**
   * Takes up whole lines of a segment.
   * @param follow called with each event in order of writing; without it turns and steps are counted by how
   *   their lines begin, several times as fast.
   */
  add(
    segment: string,
    { start, bytes, identity, changed }: Pick<Lines, 'start' | 'bytes' | 'identity' | 'changed'>,
    follow?: (entry: Entry, event: RecordEvent) => void,
  ): void {
    eachLine(bytes, (line, at) => {
      const head = follow ? null : readHead(line)
      const event = head ? null : parseEvent(line)
      const episode = head?.episode ?? event?.episode
      if (episode === undefined) return this.breakOff(line)
      const entry =
        event?.type === 'start' ? this.open(event, `${identity}.${start + at}`) : this.entries.get(episode)
      if (!entry || entry.broken || entry.summary.outcome !== undefined) return
      extend(entry, { segment, identity, start: start + at, end: start + at + line.length + 1 })
      entry.touched = changed
      if (head) count(entry.summary, head.rewards, line.includes(INVALID))
      else if (event) {
        countEvent(entry.summary, event)
        follow?.(entry, event)
      }
    })
  }

  /** Forgets the episodes that have lines in a segment, because it is gone or written anew. */
  drop(segment: string): void {
    for (const [id, entry] of this.entries) {
      if (entry.spans.some((span) => span.segment === segment)) this.entries.delete(id)
    }
  }

  private open(event: StartEvent, take: string): Entry {
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
    const entry: Entry = { summary, episode, take, spans: [], touched: 0, broken: false }
    this.entries.delete(episode)
    this.entries.set(episode, entry)
    return entry
  }

  /** A line that is no event ends what can be read of the episode it begins to name. */
  private breakOff(line: Buffer): void {
    const named = COUNTABLE.exec(line.toString('latin1', 0, HEAD))
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

/** Episode of a turn or step, and a step's rewards; null when the line must be parsed. */
function readHead(line: Buffer): { episode: string; rewards?: number[] } | null {
  const found = COUNTABLE.exec(line.toString('latin1', 0, HEAD))
  if (!found) return null
  const [, type, episode, rewards] = found
  if (type === 'turn') return { episode }
  return rewards === undefined ? null : { episode, rewards: rewards.split(',').map(Number) }
}

function countEvent(summary: EpisodeSummary, event: RecordEvent): void {
  if (event.type === 'turn') count(summary, undefined, !event.valid)
  else if (event.type === 'step') count(summary, event.rewards)
  else summary.seq++
  if (event.type !== 'end') return
  summary.steps = event.steps
  summary.return = event.return
  summary.score = event.score
  summary.outcome = event.outcome
  summary.success = event.success
  if (event.seats) summary.seats = event.seats
}

/** Counts a step with its rewards, or a turn. */
function count(summary: EpisodeSummary, rewards?: readonly number[], invalid = false): void {
  summary.seq++
  if (!rewards) {
    summary.turns++
    if (invalid) summary.malformed = (summary.malformed ?? 0) + 1
  } else {
    summary.steps++
    for (let seat = 0; seat < summary.return.length; seat++) summary.return[seat] += rewards[seat] ?? 0
  }
}

function extend(entry: Entry, span: Span): void {
  const last = entry.spans.at(-1)
  if (last?.segment === span.segment && last.identity === span.identity) last.end = span.end
  else entry.spans.push(span)
}
