import { type Note, pageOf } from '#core/record/page'
import type { Film } from '../episode/film.ts'
import { recordOf } from '../episode/written.ts'
import { words } from '../ui/format.ts'
import { packText } from './pack.ts'

/**
 * The episode as one HTML file: its record with everything that was said, and what plays it again and verifies it. It
 * needs no server, and fits into a frame of any page.
 * @throws Error in a line for people where this viewer was built without its player.
 */
export async function htmlOf(
  film: Film,
  seat: number,
  step: number,
  notes: readonly Note[],
): Promise<string> {
  const response = await fetch(new URL('player.js', document.baseURI)).catch(() => null)
  const type = response?.headers.get('content-type') ?? ''
  if (!response?.ok || !type.includes('javascript')) throw new Error('The player cannot be had now.')
  const preset = film.start?.config.preset
  const title = `${typeof preset === 'string' ? words(preset) : film.start?.env} · ${film.start?.agents[0]}`
  const episode = { title, record: await packText(recordOf(film)), seat, step, notes }
  return pageOf(title, { kind: 'episode', episode }, { text: await response.text() })
}
