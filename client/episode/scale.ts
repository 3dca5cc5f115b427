import { Signal } from '../ui/signal.ts'

/** Steps from `from` to `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Space (CSS pixels) at both ends of every track, so that the handle reaches the first and the last step. */
export const PAD = 8

/** Fewest steps that are shown at once. */
const CLOSEST = 8

/** Which steps a timeline shows: all of them, or those one has zoomed in on. */
export class Scale {
  readonly span = new Signal<Span>({ from: 0, to: 0 })
  #length = 0
  #whole = true

  /** Whether all steps are shown. */
  get whole(): boolean {
    return this.#whole
  }

  /** Takes the number of steps there are now. */
  grow(length: number): void {
    this.#length = length
    const { from, to } = this.span.value
    if (this.#whole || to > length) this.all()
    else this.#show(from, to)
  }

  /** Shows every step. */
  all(): void {
    this.#whole = true
    this.#set(0, this.#length)
  }

  /** Shows the steps between two. */
  show(a: number, b: number): void {
    this.#show(Math.min(a, b), Math.max(a, b))
  }

  /** Shows `factor` times as many steps (below 1: closer), `around` staying where it is. */
  zoom(factor: number, around: number): void {
    const { from, to } = this.span.value
    this.#show(around - (around - from) * factor, around + (to - around) * factor)
  }

  /** Moves along by a part of what is shown. */
  move(part: number): void {
    const { from, to } = this.span.value
    const by = Math.max(-from, Math.min(this.#length - to, (to - from) * part))
    if (!this.#whole) this.#set(from + by, to + by)
  }

  /** Keeps step `t` in sight. */
  follow(t: number): void {
    const { from, to } = this.span.value
    if (!this.#whole && (t < from || t > to)) this.move((t - from) / (to - from) - 0.1)
  }

  /** Where step `t` lies on a track that is `width` wide, in its pixels. */
  x(t: number, width: number): number {
    const { from, to } = this.span.value
    return PAD + (to > from ? (t - from) / (to - from) : 0) * (width - 2 * PAD)
  }

  /** The step at `x` of a track, within those there are. */
  t(x: number, width: number): number {
    const { from, to } = this.span.value
    const t = from + ((x - PAD) / Math.max(1, width - 2 * PAD)) * (to - from)
    return Math.max(0, Math.min(this.#length, t))
  }

  #show(from: number, to: number): void {
    const wide = Math.min(this.#length, Math.max(CLOSEST, to - from))
    const middle = (from + to) / 2
    const begin = Math.max(0, Math.min(this.#length - wide, middle - wide / 2))
    this.#whole = wide >= this.#length
    this.#set(begin, begin + wide)
  }

  #set(from: number, to: number): void {
    const { from: oldFrom, to: oldTo } = this.span.value
    if (from !== oldFrom || to !== oldTo) this.span.value = { from, to }
  }
}
