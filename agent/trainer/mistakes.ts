import { z } from 'zod'
import { seeded, uniform } from '#core/base/random'
import { parseJson } from '#core/env/config'
import type { Reinforcement } from '../recipe/recipe.ts'

/** The file of a checkpoint that holds the mistakes of its stage. */
export const MISTAKES_FILE = 'mistakes.json'

/** Where an episode begins: a level, and steps that are played before anybody is asked. */
export const Start = z.strictObject({
  env: z.string(),
  config: z.record(z.string(), z.unknown()),
  seed: z.string(),
  /** Actions per step, one per seat. */
  opening: z.array(z.array(z.int())),
})
export type Start = z.infer<typeof Start>

/** A group of an update as it was played: how many of its episodes succeeded, and where the others went wrong. */
export interface Lesson {
  readonly group: number
  /** Share of its episodes. */
  readonly success: number
  readonly mistakes: readonly Start[]
}

const Kept = z.array(
  z.strictObject({
    start: Start,
    /** What perfect play succeeds more often from there than the learner did when it last tried: 1 less its share. */
    regret: z.number().gt(0).max(1),
  }),
)

/** The mistakes of a stage: what it may begin at, oldest first. */
export class Mistakes {
  readonly #stage: Reinforcement
  #kept: z.infer<typeof Kept> = []
  /** Those that the groups of the latest update began at. */
  #drawn: (z.infer<typeof Kept>[number] | undefined)[] = []

  /** @throws UserError when `text` is not what `write` gave. */
  constructor(stage: Reinforcement, text?: string) {
    this.#stage = stage
    if (text !== undefined) this.#kept = parseJson(Kept, text, MISTAKES_FILE)
  }

  /** Where each group of an update begins: at a mistake drawn by its regret, or at the start (undefined). */
  draw(seed: string, update: number): (Start | undefined)[] {
    const { name, groups, mistakes } = this.#stage
    const total = this.#kept.reduce((sum, { regret }) => sum + regret, 0)
    this.#drawn = Array.from({ length: groups }, (_, group) => {
      const random = seeded(`${seed}/${name}-${update}-${group}/mistake`)
      if (uniform(random) >= mistakes!.share) return undefined
      let left = uniform(random) * total
      return this.#kept.find(({ regret }) => {
        left -= regret
        return left < 0
      })
    })
    return this.#drawn.map((one) => one?.start)
  }

  /** Takes what came of the groups of the update that was drawn last, in the order of the groups. */
  learn(lessons: readonly Lesson[]): void {
    for (const { group, success, mistakes } of lessons) {
      const one = this.#drawn[group]
      if (one) one.regret = 1 - success
      for (const start of mistakes) this.#kept.push({ start, regret: 1 - success })
    }
    this.#kept = this.#kept.filter(({ regret }) => regret > 0).slice(-this.#stage.mistakes!.size)
  }

  get count(): number {
    return this.#kept.length
  }

  write(): string {
    return `${JSON.stringify(this.#kept)}\n`
  }
}
