/** An address within the page: `#/name/rest?query`. */
export interface Place {
  readonly name: string
  /** The decoded part after the name; empty when there is none. */
  readonly rest: string
  readonly query: URLSearchParams
}

/** The place in the address bar. */
export function here(): Place {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2)
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

/** Rewrites the address without a visit: the place stays, its query says where in it one is. */
export function rewrite(target: string): void {
  if (target !== location.hash) history.replaceState(history.state, '', target)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
