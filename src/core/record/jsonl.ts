import type { z } from 'zod'
import { legible, shown, UserError } from '../base/errors.ts'
import { own } from '../base/own.ts'
import { EndEvent, FORMAT, type RecordEvent, StartEvent, StepEvent, TurnEvent } from './record.ts'

/** A line that could not be read; `line` counts from 1. */
export interface BadLine {
  readonly line: number
  readonly problem: string
}

/** What a record file says: its events with the lines they stand on, and the lines that are lost. */
export interface ReadRecord {
  readonly events: readonly { readonly line: number; readonly event: RecordEvent }[]
  readonly bad: readonly BadLine[]
  /** The last line was cut off in writing; it is not among `bad`. */
  readonly torn: boolean
}

/** The line of an event, with its end. */
export function writeLine(event: RecordEvent): string {
  return `${JSON.stringify(event)}\n`
}

/**
 * Reads the text of a record. A bad line costs that line; unknown fields are kept.
 * @throws UserError for a record format that this release does not know.
 */
export function readRecord(text: string): ReadRecord {
  const lines = text.split('\n')
  // Whole files end with a line end, so that what follows the last one was cut off.
  const last = lines.pop() ?? ''
  const events: { line: number; event: RecordEvent }[] = []
  const bad: BadLine[] = []
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim() === '') continue
    const read = readLine(lines[i])
    if (typeof read === 'string') bad.push({ line: i + 1, problem: read })
    else events.push({ line: i + 1, event: read })
  }
  if (last.trim() === '') return { events, bad, torn: false }
  // A whole event without its line end is still whole.
  const read = readLine(last)
  if (typeof read === 'string') return { events, bad, torn: true }
  events.push({ line: lines.length + 1, event: read })
  return { events, bad, torn: false }
}

/**
 * The event of one line, or what is wrong with it.
 * @throws UserError for a record format that this release does not know.
 */
export function readLine(line: string): RecordEvent | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'is not JSON'
  }
  refuseFormat(value)
  const type = (value as { type?: unknown } | null)?.type
  const event = typeof type === 'string' ? own(EVENTS, type) : undefined
  if (!event) return `is no event (type ${shown(type)})`
  const result = event.safeParse(value)
  return result.success ? result.data : problem(result.error)
}

/** By its type; a union would try them all on every line that is none. */
const EVENTS: Readonly<Record<string, z.ZodType<RecordEvent>>> = {
  start: StartEvent,
  turn: TurnEvent,
  step: StepEvent,
  end: EndEvent,
}

function refuseFormat(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'start') return
  if (!('format' in value) || value.format === FORMAT) return
  throw new UserError(`record format ${shown(value.format)} is unknown (this release reads format ${FORMAT})`)
}

function problem(error: z.ZodError): string {
  const { path, message } = error.issues[0]
  return legible(path.length > 0 ? `'${path.map(String).join('.')}': ${message}` : message, 100)
}
