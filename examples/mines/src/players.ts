import { below, type Random } from 'kickpush/env'
import { around } from './rules.ts'
import { clone, type Mines } from './state.ts'

/** Cells around one. */
function near(size: number, cell: number): number[] {
  const x = cell % size
  const y = (cell - x) / size
  const found: number[] = []
  for (let j = Math.max(0, y - 1); j <= Math.min(size - 1, y + 1); j++)
    for (let i = Math.max(0, x - 1); i <= Math.min(size - 1, x + 1); i++)
      if (j * size + i !== cell) found.push(j * size + i)
  return found
}

/** What a seat sees of the mines: how many hide in the cells beside open ones, and in how many ways. */
interface Ways {
  /** Dark cells, those beside open ones first. */
  readonly dark: readonly number[]
  /** Of `dark`, how many are beside open ones. */
  readonly edge: number
  /** Every way to lay mines along the edge that the numbers allow, and in how many ways the rest can follow. */
  readonly ways: readonly { readonly mines: readonly number[]; readonly weight: number }[]
}

/** Works out all that the open numbers and the count of mines say; it never looks at what is hidden. */
function waysOf(state: Mines): Ways {
  const { config, open, mine } = state
  const { size } = config
  const count = config.level?.mines.length ?? 0
  const opened = Array.from(open.keys()).filter((cell) => open[cell] === 1 && mine[cell] === 0)
  const numbers = opened.map((cell) => ({
    cell,
    left: around(size, mine, cell),
    cells: near(size, cell).filter((c) => open[c] === 0),
  }))
  const edge = [...new Set(numbers.flatMap(({ cells }) => cells))].sort((a, b) => a - b)
  const inside = Array.from(open.keys()).filter((cell) => open[cell] === 0 && !edge.includes(cell))
  const touching = edge.map((cell) => numbers.filter(({ cells }) => cells.includes(cell)))
  const left = new Map(numbers.map((number) => [number, number.left]))
  const unsure = new Map(numbers.map((number) => [number, number.cells.length]))
  const ways: { mines: number[]; weight: number }[] = []
  const laid: number[] = []
  const lay = (at: number): void => {
    const rest = count - laid.length
    if (rest < 0) return
    if (at === edge.length) {
      const weight = choose(inside.length, rest)
      if (weight > 0) ways.push({ mines: [...laid], weight })
      return
    }
    for (const here of [0, 1]) {
      for (const number of touching[at]) {
        left.set(number, left.get(number)! - here)
        unsure.set(number, unsure.get(number)! - 1)
      }
      const fits = touching[at].every(
        (number) => left.get(number)! >= 0 && left.get(number)! <= unsure.get(number)!,
      )
      if (here === 1) laid.push(edge[at])
      if (fits) lay(at + 1)
      if (here === 1) laid.pop()
      for (const number of touching[at]) {
        left.set(number, left.get(number)! + here)
        unsure.set(number, unsure.get(number)! + 1)
      }
    }
  }
  lay(0)
  return { dark: [...edge, ...inside], edge: edge.length, ways }
}

/** In how many ways k of n can be chosen. */
function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0
  let ways = 1
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i
  return Math.round(ways)
}

/** The dark cell that hides a mine in the fewest of all ways the numbers allow; the first of equals. */
export function expert(state: Mines): number {
  const { dark, edge, ways } = waysOf(state)
  const risk = new Map(dark.map((cell) => [cell, 0]))
  const inside = dark.length - edge
  const count = state.config.level?.mines.length ?? 0
  for (const { mines, weight } of ways) {
    for (const cell of mines) risk.set(cell, risk.get(cell)! + weight)
    const share = inside > 0 ? (weight * (count - mines.length)) / inside : 0
    for (let i = edge; i < dark.length; i++) risk.set(dark[i], risk.get(dark[i])! + share)
  }
  let best = dark[0]
  for (const cell of [...dark].sort((a, b) => a - b)) if (risk.get(cell)! < risk.get(best)!) best = cell
  return best
}

/** The same view with other mines, drawn from all ways the numbers allow. */
export function determinize(state: Mines, _seat: number, random: Random): Mines {
  const { dark, edge, ways } = waysOf(state)
  // A mine that blew up is seen: nothing is hidden any more that matters.
  if (ways.length === 0 || state.open.some((is, cell) => is === 1 && state.mine[cell] === 1))
    return clone(state)
  let draw = below(
    random,
    ways.reduce((sum, { weight }) => sum + weight, 0),
  )
  const way = ways.find(({ weight }) => {
    draw -= weight
    return draw < 0
  })!
  const inside = dark.slice(edge)
  const count = (state.config.level?.mines.length ?? 0) - way.mines.length
  for (let i = 0; i < count; i++) {
    const j = i + below(random, inside.length - i)
    ;[inside[i], inside[j]] = [inside[j], inside[i]]
  }
  const mines = [...way.mines, ...inside.slice(0, count)].sort((x, y) => x - y)
  const other = clone({
    ...state,
    config: { ...state.config, level: { mines, start: state.config.level!.start } },
  })
  other.mine.fill(0)
  for (const cell of mines) other.mine[cell] = 1
  return other
}
