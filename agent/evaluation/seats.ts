import type { Level } from '#core/play/match'
import type { Result } from './evaluate.ts'
import { type Interval, interval } from './statistics.ts'

/** How one seat fared against an opponent. */
export interface SeatSummary {
  readonly seat: number
  readonly episodes: number
  /** Shares, with 95 % bootstrap intervals. */
  readonly win: Interval
  readonly draw: Interval
  readonly loss: Interval
}

/** Every level once for each of its seats: play `index` of them is from the seat `index mod seats`. */
export function fromEverySeat(levels: readonly Level[]): Level[] {
  return levels.flatMap((level) => new Array<Level>(level.env.seats(level.config)).fill(level))
}

/** Wins, draws and losses from each seat; nothing where results are not of one seat. */
export function bySeat(results: readonly Result[]): SeatSummary[] {
  const seats = [...new Set(results.flatMap(({ seat }) => (seat === undefined ? [] : [seat])))]
  return seats
    .sort((a, b) => a - b)
    .map((seat) => {
      const own = results.filter((result) => result.seat === seat)
      const share = (is: (value: number) => boolean) =>
        interval(own.map(({ value = 0 }) => (is(value) ? 1 : 0)))
      return {
        seat,
        episodes: own.length,
        win: share((value) => value > 0),
        draw: share((value) => value === 0),
        loss: share((value) => value < 0),
      }
    })
}
