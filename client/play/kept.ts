/** A game as it is kept: the actions of every seat at every step. */
type History = readonly (readonly number[])[]

interface Kept {
  /** The address's query, by which it is found again. */
  readonly place: string
  /** Of the game's rules: a game of others is forgotten. */
  readonly version: number
  readonly steps: History
}

const KEY = 'kickpush.games'
/** Games that are kept, and how long each may be. */
const MOST = 6
const LONGEST = 6000

/** The game that was left at a place; none when it was finished, restarted or another version's. */
export function keptGame(place: string, version: number): History {
  return read().find((kept) => kept.place === place && kept.version === version)?.steps ?? []
}

/** Keeps a game that is left before its end, in this browser; a finished one is forgotten. */
export function keepGame(place: string, version: number, steps: History): void {
  const others = read().filter((kept) => kept.place !== place)
  const keeps = steps.length > 0 && steps.length <= LONGEST
  const all = keeps ? [{ place, version, steps }, ...others].slice(0, MOST) : others
  try {
    localStorage.setItem(KEY, JSON.stringify(all))
  } catch {
    // Without room it is not kept beyond this page.
  }
}

function read(): Kept[] {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return Array.isArray(all) ? (all as Kept[]) : []
  } catch {
    return []
  }
}
