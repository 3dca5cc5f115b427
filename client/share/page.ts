import { episodePage } from '../episode/episode.ts'
import { Film } from '../episode/film.ts'
import { keepFilm, LOCAL } from '../episode/films.ts'
import { bringNotes } from '../episode/notes.ts'
import { address, type Place } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { loading, notice } from '../ui/notice.ts'
import { readLink } from './link.ts'

/** The episode that the address itself holds. */
export function linkPage(main: HTMLElement, place: Place): () => void {
  let gone = false
  let leave = () => {}
  main.replaceChildren(loading('Reading the link …'))
  readLink(place.rest)
    .then(({ events, notes }) => {
      if (gone) return
      const film = new Film(`${LOCAL}${events[0].episode}`)
      film.push(events, false)
      keepFilm(film)
      if (notes.length > 0) bringNotes(film.id, notes)
      leave = episodePage(main, { ...place, rest: film.id }, (where) => address('link', place.rest, where))
    })
    .catch((error: unknown) => {
      if (gone) return
      const all = h('a', { class: 'button', href: address('replays') }, 'All replays')
      main.replaceChildren(
        notice('error', 'cross', 'This link holds no episode', (error as Error).message, all),
      )
    })
  return () => {
    gone = true
    leave()
  }
}
