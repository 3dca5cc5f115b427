import type { Item, Shape } from '#core/draw/scene'
import type { Env, Spot, State } from '#core/env/env'
import { number } from '../ui/format.ts'
import type { Film } from './film.ts'
import type { Arrow } from './looking.ts'

const WARM = 0xf2b63c
const GOOD = 0x5fd097
const BAD = 0xff857b
const LIGHT = 0xffffff

/** Where a seat has been, or what else the game traces, found out step by step as the film grows. */
export class Visits {
  readonly #film: Film
  readonly #seat: number
  readonly #of: string
  #state: State | null = null
  /** The places after 0, 1, 2 ... steps. */
  readonly #spots: (readonly Spot[])[] = []
  /** How often each was taken in the first so many states. */
  #places = new Map<string, { readonly spot: Spot; times: number }>()
  #counted = 0

  /** @param of a name of the game's `traces`; empty for the seat itself. */
  constructor(film: Film, seat: number, of: string) {
    this.#film = film
    this.#seat = seat
    this.#of = of
  }

  /**
   * The places after 0 to `t` steps, each once, with how often; of a long film as many steps as fit into `ms`.
   * @returns whether that was all of them.
   */
  until(t: number, ms: number): { readonly places: readonly Place[]; readonly whole: boolean } {
    const { env, start, steps } = this.#film
    if (!env || !start) return { places: [], whole: true }
    const until = performance.now() + ms
    this.#state ??= env.reset(env.config.parse(start.config), start.seed)
    if (this.#spots.length === 0) this.#spots.push(this.#look(env, this.#state))
    const last = Math.min(t, steps.length)
    for (let at = this.#spots.length - 1; at < last && performance.now() < until; at++) {
      env.step(this.#state, steps[at].actions)
      this.#spots.push(this.#look(env, this.#state))
    }
    const known = Math.min(t + 1, this.#spots.length)
    if (this.#counted > known) {
      this.#places = new Map()
      this.#counted = 0
    }
    for (; this.#counted < known; this.#counted++)
      for (const spot of this.#spots[this.#counted]) {
        // Places of a pitch are not cells: near ones are one.
        const key = `${Math.floor(spot.x / spot.size)} ${Math.floor(spot.y / spot.size)}`
        const place = this.#places.get(key)
        if (place) place.times++
        else this.#places.set(key, { spot, times: 1 })
      }
    return { places: [...this.#places.values()], whole: known > last }
  }

  #look(env: Env, state: State): readonly Spot[] {
    if (this.#of !== '') return env.traces?.(state, this.#seat)[this.#of] ?? []
    return env.whereabouts ? [{ ...env.whereabouts(state, this.#seat) }] : []
  }
}

/** A place, and how often it was taken. */
export interface Place {
  readonly spot: Spot
  readonly times: number
}

/** Heat over places, the warmer the more often. */
export function heat(places: readonly Place[]): Item[] {
  const most = places.reduce((found, { times }) => Math.max(found, times), 1)
  return places.map(({ spot: { x, y, size }, times }) => {
    const half = Math.floor(size / 2)
    const alpha = Math.round(40 + 140 * Math.sqrt(times / most))
    return {
      id: `visit ${Math.floor(x / size)} ${Math.floor(y / size)}`,
      x: x - half,
      y: y - half,
      shapes: [{ kind: 'rect', x: 0, y: 0, w: size, h: size, fill: WARM, alpha }],
    }
  })
}

/** An arrow and a value for each place; a dot where the action moves nothing. */
export function arrows(field: readonly Arrow[]): Item[] {
  const known = field.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]))
  const low = known.reduce((found, value) => Math.min(found, value), Infinity)
  const high = known.reduce((found, value) => Math.max(found, value), -Infinity)
  const digits = high - low < 5 ? 2 : 1
  return field.map(({ x, y, size, right, down, probability = 1, value }) => {
    const shapes: Shape[] = []
    const half = Math.floor(size / 2)
    if (value !== null) {
      const part = Number.isFinite(value) ? (high > low ? (value - low) / (high - low) : 1) : 0
      const alpha = Math.round(30 + 90 * Math.abs(2 * part - 1))
      const [w, h] = [2 * half, 2 * half]
      shapes.push({ kind: 'rect', x: -half, y: -half, w, h, fill: part >= 0.5 ? GOOD : BAD, alpha })
    }
    const alpha = Math.round(90 + 165 * Math.max(0, Math.min(1, probability)))
    const up = Math.round(size / 8)
    if (right === 0 && down === 0)
      shapes.push({ kind: 'ellipse', x: 0, y: -up, rx: up, ry: up, fill: LIGHT, alpha })
    else
      shapes.push({
        kind: 'polygon',
        points: pointer(right, down, Math.round(size / 4), up),
        fill: LIGHT,
        alpha,
      })
    if (value !== null) {
      // The board's letters have no minus sign of their own.
      const text = Number.isFinite(value) ? number(value, digits).replace('−', '-') : 'x'
      const letter = Math.max(3, Math.round(size / 5))
      const y = half - letter - 1
      shapes.push({ kind: 'text', x: 0, y, size: letter, text, align: 'center', fill: LIGHT })
    }
    return { id: `arrow ${x} ${y}`, x, y, shapes }
  })
}

/** A triangle that points somewhere, raised by `up`. */
function pointer(right: number, down: number, length: number, up: number): number[] {
  const [x, y] = [right * length, down * length]
  const back = Math.round(length / 2)
  const corners = [
    [x, y],
    [-right * back - down * length, -down * back + right * length],
    [-right * back + down * length, -down * back - right * length],
  ]
  return corners.flatMap(([a, b]) => [a, b - up])
}
