import { link } from '../net/connection.ts'
import { Film } from './film.ts'

interface Shared {
  readonly film: Film
  users: number
  stop(): void
}

/** Records opened from files or played by hand have this prefix instead of a run's name. */
export const LOCAL = 'local/'

const shared = new Map<string, Shared>()
const local = new Map<string, Film>()

/** The film of an episode: one per episode, however many look at it. Release it when done. */
export function acquireFilm(id: string): { film: Film; release: () => void } {
  const own = local.get(id)
  if (own) return { film: own, release: () => undefined }
  let entry = shared.get(id)
  if (!entry) {
    const film = new Film(id)
    const stop = id.startsWith(LOCAL)
      ? () => undefined
      : link.watchEpisode(id, {
          restart: () => film.reset(),
          events: (events, live) => film.push(events, live),
          failed: (message) => film.fail(message),
        })
    if (id.startsWith(LOCAL)) film.fail('This record was opened in another visit. Drop its file here again.')
    entry = { film, users: 0, stop }
    shared.set(id, entry)
  }
  const held = entry
  held.users++
  let released = false
  return {
    film: held.film,
    release() {
      if (released) return
      released = true
      held.users--
      if (held.users > 0) return
      held.stop()
      held.film.dispose()
      shared.delete(id)
    },
  }
}

/** Every film that is kept while the page lives. */
export function localFilms(): Film[] {
  return [...local.values()]
}

/**
 * Keeps a film of this page's own (a dropped file, a game played by hand) while the page lives. Who looked for it
 * before it was there sees it now.
 */
export function keepFilm(film: Film): void {
  local.set(film.id, film)
  shared.get(film.id)?.film.push(film.events, film.live)
}
