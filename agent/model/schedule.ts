/** How a learning rate goes over a stage. */
export interface Schedule {
  /** Highest rate. */
  readonly rate: number
  /** Updates over which it rises linearly from 0. */
  readonly warmup?: number
  /** Share of the updates, at the end, over which it falls linearly to `final` (1: from the start). */
  readonly decay?: number
  /** What it falls to, as a share of `rate`. */
  readonly final?: number
}

/** The learning rate of update `index` (from 0) of `updates`. */
export function rateAt(
  { rate, warmup = 0, decay = 0, final = 0 }: Schedule,
  index: number,
  updates: number,
): number {
  const rise = warmup > 0 ? Math.min(1, (index + 1) / warmup) : 1
  const left = (updates - index) / Math.max(1, updates * decay)
  const fall = decay > 0 && left < 1 ? final + (1 - final) * left : 1
  return rate * Math.min(rise, fall)
}
