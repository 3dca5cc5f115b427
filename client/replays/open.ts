import { readRecord } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { shownAs } from '#core/record/shown'
import { isSight, readSight } from '#core/record/sight'
import { Film } from '../episode/film.ts'
import { keepFilm, LOCAL } from '../episode/films.ts'
import { address, here } from '../net/router.ts'
import { toast } from '../ui/toast.ts'

/**
 * Reads files of records or levels in the browser alone and shows their episode, or a list where there are several;
 * says what cannot be read. Who has gone to another page meanwhile stays there, and is told where the list is.
 */
export async function openRecords(files: Iterable<File>): Promise<void> {
  const { name, rest } = here()
  let opened: string | null = null
  let list: string | null = null
  let levels: string | null = null
  const notes: string[] = []
  for (const file of files) {
    try {
      const text = await file.text()
      if (isSight(text)) {
        const film = seenFilm(text, file.name)
        keepFilm(film)
        opened ??= film.id
        continue
      }
      // Records are JSON lines; what else there is may be levels of a game.
      if (!text.trimStart().startsWith('{')) {
        const { readLevels } = await import('../levels/read.ts')
        if (readLevels(file.name, text)) {
          levels ??= file.name
          continue
        }
      }
      const { events, bad, torn } = readRecord(text)
      const episodes = new Map<string, RecordEvent[]>()
      for (const { event } of events) {
        const own = episodes.get(event.episode)
        if (own) own.push(event)
        else episodes.set(event.episode, [event])
      }
      for (const [episode, own] of episodes) {
        const film = new Film(`${LOCAL}${file.name}/${episode}`)
        film.push(own, false)
        keepFilm(film)
        opened ??= film.id
      }
      if (episodes.size > 1) list ??= file.name
      if (bad.length > 0) notes.push(`${file.name} line ${bad[0].line} ${bad[0].problem}`)
      if (torn) notes.push(`the last line of ${file.name} was cut off`)
      if (episodes.size === 0 && bad.length === 0) notes.push(`${file.name} holds no record`)
    } catch (error) {
      notes.push(`${file.name}: ${(error as Error).message}`)
    }
  }
  const now = here()
  const left = now.name !== name || now.rest !== rest
  if (left && opened) notes.push('what was opened is under Replays')
  if (left && levels) notes.push('the levels are under Play')
  if (notes.length > 0) toast(notes.join('; '))
  if (left) return
  if (levels) location.hash = address('levels', '', { file: levels })
  else if (list) location.hash = address('replays', '', { file: list })
  else if (opened) location.hash = address('episode', opened)
}

/** An episode as a seat saw it. @throws UserError when its lines are not whole. */
function seenFilm(text: string, name: string): Film {
  const sight = readSight(text)
  const { env, events } = shownAs(sight, name)
  const film = new Film(`${LOCAL}${name}`, [env], { text, seat: sight.begin.seat })
  film.push(events, false)
  return film
}
