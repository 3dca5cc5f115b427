import type { Note } from '#core/record/page'
import type { Board } from '../board/board.ts'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { type IconName, icon } from '../ui/icon.ts'
import { save } from '../ui/save.ts'
import { copy, toast } from '../ui/toast.ts'
import type { Film } from './film.ts'
import { writeNotes } from './notes.ts'
import type { Player } from './player.ts'
import { recordOf } from './written.ts'

/** What one can take away from an episode, or do with it. */
export function actions(film: Film, player: Player, board: Board, notes: () => readonly Note[]): HTMLElement {
  const button = (mark: IconName, label: string, run: () => void) =>
    h('button', { class: 'button square', 'aria-label': label, title: label, onclick: run }, icon(mark))
  return h(
    'div',
    { class: 'row episode-actions' },
    film.sight ? null : button('copy', 'Copy the seed', () => void copy(film.start?.seed ?? '', 'Seed')),
    button('link', 'Copy a link to this step', () => {
      const target = address('episode', film.id, { step: player.at.value, notes: writeNotes(notes()) })
      void copy(new URL(target, location.href).href, 'Link')
    }),
    film.sight
      ? null
      : button('share', 'Copy the whole episode as a link', () => void copyEpisode(film, notes())),
    button('image', 'Save the board as PNG', () => {
      board.element.toBlob((blob) => {
        if (blob) save(`${film.id}-${player.at.value}.png`, blob)
        else toast('This board cannot be saved')
      })
    }),
    button('film', 'Save a video', () => void openClip(film, player)),
    film.sight
      ? null
      : button('page', 'Save as a page that plays it', () => void savePage(film, player, notes())),
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
async function copyEpisode(film: Film, notes: readonly Note[]): Promise<void> {
  try {
    const { writeLink } = await import('../share/link.ts')
    const target = address('link', await writeLink(film, notes))
    await copy(new URL(target, location.href).href, 'Link')
  } catch (error) {
    toast((error as Error).message)
  }
}

/** The encoders are loaded when they are first wanted. */
async function openClip(film: Film, player: Player): Promise<void> {
  if (film.env) (await import('../share/clip.ts')).openClip(film, player)
}

async function savePage(film: Film, player: Player, notes: readonly Note[]): Promise<void> {
  try {
    const { htmlOf } = await import('../share/html.ts')
    save(`${film.id}.html`, await htmlOf(film, 0, player.at.value, notes), 'text/html')
  } catch (error) {
    toast((error as Error).message)
  }
}
