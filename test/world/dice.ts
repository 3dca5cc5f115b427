import { below, type Random, seeded, uniform } from '#core/base/random'

/** Every choice of a simulated world; each part throws its own, so that one part's choices move no other's. */
export class Dice {
  readonly #random: Random

  constructor(seed: string) {
    this.#random = seeded(seed)
  }

  chance(probability: number): boolean {
    return probability > 0 && uniform(this.#random) < probability
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return below(this.#random, n)
  }

  /** Between two numbers (above 0), where each doubling is as likely as any other. */
  between(low: number, high: number): number {
    let doublings = 1
    while (low * 2 ** doublings < high) doublings++
    const least = low * 2 ** this.below(doublings)
    return least + uniform(this.#random) * (Math.min(2 * least, high) - least)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]
  }
}
