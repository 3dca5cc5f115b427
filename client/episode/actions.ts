import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import type { Board } from '../board/board.ts'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { type IconName, icon } from '../ui/icon.ts'
import { save } from '../ui/save.ts'
import { copy, toast } from '../ui/toast.ts'
import type { Film } from './film.ts'
import type { Player } from './player.ts'

/** What one can take away from an episode, or do with it. */
export function actions(film: Film, player: Player, board: Board): HTMLElement {
  const button = (mark: IconName, label: string, run: () => void) =>
    h('button', { class: 'button square', 'aria-label': label, title: label, onclick: run }, icon(mark))
  return h(
    'div',
    { class: 'row' },
    film.sight ? null : button('copy', 'Copy the seed', () => void copy(film.start?.seed ?? '', 'Seed')),
    button('link', 'Copy a link to this step', () => {
      const target = address('episode', film.id, { step: player.at.value })
      void copy(new URL(target, location.href).href, 'Link')
    }),
    film.sight ? null : button('share', 'Copy the whole episode as a link', () => void copyEpisode(film)),
    button('image', 'Save the board as PNG', () => {
      board.element.toBlob((blob) => {
        if (blob) save(`${film.id}-${player.at.value}.png`, blob)
        else toast('This board cannot be saved')
      })
    }),
    button('film', 'Save all of it as GIF', () => void saveGif(film)),
    button('download', 'Save the record', () =>
      save(`${film.id}.jsonl`, recordOf(film), 'application/x-ndjson'),
    ),
    button('compare', 'Compare with another episode', () => {
      location.hash = address('compare', '', { a: film.id })
    }),
    film.sight
      ? null
      : button('fork', 'Play on by hand from here', () => {
          location.hash = address('play', '', { from: film.id, step: player.at.value })
        }),
  )
}

/** The link holds the episode itself: it needs no server that has it. */
async function copyEpisode(film: Film): Promise<void> {
  try {
    const { writeLink } = await import('../share/link.ts')
    const target = address('link', await writeLink(film))
    await copy(new URL(target, location.href).href, 'Link')
  } catch (error) {
    toast((error as Error).message)
  }
}

let drawing = false

/** The encoder is loaded when it is first wanted. */
async function saveGif(film: Film): Promise<void> {
  if (drawing || !film.env) return
  drawing = true
  try {
    const { gifOf } = await import('./gif.ts')
    const bytes = await gifOf(film, (part) => toast(`Drawing the GIF: ${Math.round(100 * part)} %`))
    save(`${film.id}.gif`, new Blob([bytes], { type: 'image/gif' }))
  } finally {
    drawing = false
  }
}

/** The record of what the film has, in the order it was written: what was said before what was done. */
export function recordOf(film: Film): string {
  if (film.sight) return film.sight.text
  return film.events.map((event: RecordEvent) => writeLine(event)).join('')
}
