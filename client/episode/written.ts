import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import type { Film } from './film.ts'

/** The record of what the film has, in the order it was written: what was said before what was done. */
export function recordOf(film: Film): string {
  if (film.sight) return film.sight.text
  return film.events.map((event: RecordEvent) => writeLine(event)).join('')
}
