/** An address within the page: `#/name/rest?query`. */
export interface Place {
  readonly name: string
  /** The decoded part after the name; empty when there is none. */
  readonly rest: string
  readonly query: URLSearchParams
}

/** The address of the visit that goes on: another one in the bar is a visit that is about to begin. */
let visited: string | undefined

/** Whether the visit goes on: nobody is on the way to another place. */
const stays = (): boolean => location.hash === (visited ?? location.hash)

/** Begins a visit of the place in the address bar. */
export function visit(): Place {
  visited = location.hash
  return here()
}

/** The place in the address bar. */
export function here(): Place {
  return placeOf(location.hash)
}

function placeOf(hash: string): Place {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const slash = path.indexOf('/')
  const name = slash < 0 ? path : path.slice(0, slash)
  return { name, rest: slash < 0 ? '' : decode(path.slice(slash + 1)), query: new URLSearchParams(query) }
}

/** The address of a place; empty and absent query values are left out. */
export function address(
  name: string,
  rest = '',
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value))
  const text = search.toString()
  return `#/${name}${rest && `/${encodeURIComponent(rest)}`}${text && `?${text}`}`
}

/**
 * Rewrites the address without a visit: the place stays, its query says where in it one is. Who is on the way to
 * another place, or has gone there, is not brought back.
 */
export function rewrite(target: string): void {
  const [now, then] = [here(), placeOf(target)]
  if (target === location.hash || !stays() || then.name !== now.name || then.rest !== now.rest) return
  history.replaceState(history.state, '', target)
  visited = location.hash
}

/** Keeps `state` with the visit, for who comes back to it; not with the place that somebody is on the way to. */
export function remember(state: object): void {
  if (stays()) history.replaceState(state, '')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
