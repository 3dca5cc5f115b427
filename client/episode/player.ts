import { Signal } from '../ui/signal.ts'

/** Playing speeds; 1 is the reel's own pace. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64] as const

/** Seconds that a replay moves on between two pictures, at most. */
const LONGEST = 0.5

/** What can be played: something that has a number of steps, which may grow. */
export interface Reel {
  readonly length: number
  /** Steps a second at speed 1. */
  readonly pace: number
}

/** Where one is in an episode: a step count, whether it runs, how fast, and whether it keeps to the newest step. */
export class Player {
  /** Steps taken in the state shown. */
  readonly at = new Signal(0)
  readonly playing = new Signal(false)
  readonly speed = new Signal<(typeof SPEEDS)[number]>(1)
  /** Keeps up with an episode that is still being played. */
  readonly follow = new Signal(false)
  /** Played round and round while it is set. */
  readonly loop = new Signal<{ readonly from: number; readonly to: number } | null>(null)
  readonly #reel: Reel
  #position = 0
  #last = 0
  #frame = 0

  constructor(reel: Reel) {
    this.#reel = reel
  }

  /** Milliseconds that one step takes now; movement is drawn over this time. */
  get stepTime(): number {
    return 1000 / this.#rate()
  }

  /** Goes to step `t` at once and stops following. */
  seek(t: number): void {
    this.follow.value = false
    this.#place(t)
  }

  toggle(): void {
    if (!this.playing.value && !this.follow.value && this.at.value >= this.#reel.length) this.#place(0)
    this.playing.value = !this.playing.value
    if (!this.playing.value) this.follow.value = false
    this.wake()
  }

  /** Stops and moves by `steps`. */
  step(steps: number): void {
    this.playing.value = false
    this.seek(this.at.value + steps)
  }

  /** One speed up (1) or down (-1). */
  shift(direction: 1 | -1): void {
    const index = SPEEDS.indexOf(this.speed.value) + direction
    this.speed.value = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))]
  }

  toggleFollow(): void {
    this.follow.value = !this.follow.value
    this.playing.value = this.follow.value
    this.wake()
  }

  /** Goes on when there is something to go on with: call it when the reel has grown. */
  wake(): void {
    if (this.#frame !== 0 || !this.#moving()) return
    this.#last = performance.now()
    this.#frame = requestAnimationFrame((now) => this.#tick(now))
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = -1
  }

  #moving(): boolean {
    return this.playing.value && (this.loop.value !== null || this.#position < this.#reel.length)
  }

  #rate(): number {
    const rate = this.#reel.pace * this.speed.value
    // Following catches up with a burst within about a second instead of jumping to its end.
    return this.follow.value ? Math.max(rate, this.#reel.length - this.#position) : rate
  }

  #place(t: number): void {
    this.#position = Math.max(0, Math.min(this.#reel.length, t))
    this.at.value = Math.floor(this.#position)
    this.wake()
  }

  #tick(now: number): void {
    this.#frame = 0
    // After a pause of the page a replay goes on where it was; who follows has to catch up.
    const most = this.follow.value ? Infinity : LONGEST
    const seconds = Math.min(most, Math.max(0, now - this.#last) / 1000)
    this.#last = now
    if (!this.playing.value) return
    this.#position = Math.min(this.#reel.length, this.#position + seconds * this.#rate())
    const loop = this.loop.value
    if (loop && this.#position >= loop.to) this.#position = loop.from
    this.at.value = Math.floor(this.#position + 1e-9)
    if (this.#moving()) this.#frame = requestAnimationFrame((next) => this.#tick(next))
    else if (!this.follow.value) this.playing.value = false
  }
}
