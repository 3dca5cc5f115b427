import { type Cell, MECHANISMS, type Mechanism, type Sample } from './cell.ts'

/** What counts as near: relative for means, in points of 1 for rates. */
const NEAR = 0.15
/** Differences count up to this many standard errors, so that one wild cell does not decide. */
const MOST = 4

/** Standard error of a share, shrunk so that 0 of n has one, too; of a mean, from its standard deviation. */
function errorOf(kind: Cell['kind'], { mean, sd, n }: Sample): number | null {
  if (n === null || n === 0) return null
  if (kind === 'rate') {
    const p = (mean * n + 1) / (n + 2)
    return Math.sqrt((p * (1 - p)) / n)
  }
  return sd === null ? null : sd / Math.sqrt(n)
}

/** Half of the difference that is called near anyway: stands in for an error that was not measured. */
function slack({ kind, grf }: Cell): number {
  return kind === 'rate' ? NEAR / 2 : (NEAR / 2) * Math.abs(grf.mean || 1)
}

/** Ours minus theirs in standard errors of the difference; where none was measured, in halves of what is near. */
export function standardised(cell: Cell): number {
  const difference = cell.ours.mean - cell.grf.mean
  if (difference === 0) return 0
  const theirs = errorOf(cell.kind, cell.grf) ?? slack(cell)
  const ours = errorOf(cell.kind, cell.ours) ?? 0
  return difference / Math.max(Math.sqrt(theirs * theirs + ours * ours), slack(cell) / 2)
}

/** Within GRF's 95 % interval (Wilson's for shares), or within 15 %, or 15 points of a share. */
export function within(cell: Cell): boolean {
  const { kind, grf, ours } = cell
  const difference = Math.abs(ours.mean - grf.mean)
  if (difference <= (kind === 'rate' ? NEAR : NEAR * Math.abs(grf.mean)) + 1e-12) return true
  if (grf.n === null || grf.n === 0) return false
  if (kind === 'mean') {
    const error = errorOf(kind, grf)
    return error !== null && difference <= quantile(grf.n) * error
  }
  const z2 = 1.96 * 1.96
  const middle = (grf.mean + z2 / (2 * grf.n)) / (1 + z2 / grf.n)
  const half =
    (1.96 * Math.sqrt((grf.mean * (1 - grf.mean)) / grf.n + z2 / (4 * grf.n * grf.n))) / (1 + z2 / grf.n)
  return Math.abs(ours.mean - middle) <= half
}

/** Student's 97.5 % quantile for n values. */
function quantile(n: number): number {
  const table = [12.71, 12.71, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26]
  return table[n] ?? 1.96 + 2.4 / n
}

/** How near a group of cells is. */
export interface Verdict {
  readonly cells: number
  readonly within: number
  /** Root mean square of the standardised differences, each at most 4. */
  readonly rms: number
}

export function verdict(cells: readonly Cell[]): Verdict {
  const squares = cells.map((cell) => Math.min(MOST, Math.abs(standardised(cell))) ** 2)
  const mean = squares.reduce((sum, value) => sum + value, 0) / Math.max(1, cells.length)
  return { cells: cells.length, within: cells.filter(within).length, rms: Math.sqrt(mean) }
}

/** The verdict of each mechanism that has cells, fitted and held out apart. */
export function byMechanism(
  cells: readonly Cell[],
): { mechanism: Mechanism; fitted: Verdict; heldOut: Verdict }[] {
  return MECHANISMS.map((mechanism) => {
    const mine = cells.filter((cell) => cell.mechanism === mechanism)
    return {
      mechanism,
      fitted: verdict(mine.filter((cell) => !cell.heldOut)),
      heldOut: verdict(mine.filter((cell) => cell.heldOut)),
    }
  }).filter(({ fitted, heldOut }) => fitted.cells + heldOut.cells > 0)
}

/** One figure for all: the mean over mechanisms of their root mean square, so that many cells do not outvote few. */
export function overall(cells: readonly Cell[]): number {
  const found = byMechanism(cells).map(({ mechanism }) =>
    verdict(cells.filter((cell) => cell.mechanism === mechanism)),
  )
  return found.reduce((sum, { rms }) => sum + rms, 0) / Math.max(1, found.length)
}
