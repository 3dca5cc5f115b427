import { UserError } from '#core/base/errors'
import type { Level } from '#core/play/match'
import { type Match, play } from '#core/play/play'
import type { Conversation } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import type { MiniLMM } from '../model/minilmm.ts'
import { unreadableIn } from '../model/readable.ts'
import { mini } from '../policies/mini.ts'
import type { Recipe, Source, Stage } from '../recipe/recipe.ts'
import type { Workplace } from '../workplace.ts'
import { heldOutLevels, type Levels, openLevels, trainLevel } from './levels.ts'
import { breathing } from './rollout.ts'

/** Times that a run plays its watched levels, more or less: as many boards as make a strip. */
const TIMES = 40

/** Levels that a learner plays again and again while it trains, so that one can watch them being learnt. */
export interface WatchJob {
  readonly data: readonly Source[]
  readonly seed: string
  readonly count: number
  readonly run: string
  /** Updates that are done, of the run and of the stage. */
  readonly update: number
  readonly stageUpdate: number
}

/** Whether the watched levels are played after so many updates of a run; `over` after the last one of a stage. */
export function watchesAfter({ stages }: Recipe, stage: Stage, update: number, over: boolean): boolean {
  if (!('conversation' in stage)) return false
  const all = stages.reduce((sum, { updates }) => sum + updates, 0)
  return over || update % Math.max(1, Math.ceil(all / TIMES)) === 0
}

/** Names of the episodes after so many updates of a run. */
export const watchedEpisodes = (update: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `watch-${update}-${i}`)

/** The part of a replica that plays them. */
export class Watcher {
  readonly #workplace: Workplace
  readonly #onEvent: (event: RecordEvent) => void
  readonly #breathe: () => Promise<void>
  #kept: { readonly name: string; readonly levels: readonly Level[] } = { name: '', levels: [] }

  constructor(workplace: Workplace, onEvent: (event: RecordEvent) => void, breathe: () => Promise<void>) {
    this.#workplace = workplace
    this.#onEvent = onEvent
    this.#breathe = breathe
  }

  /** Plays them greedily, in every seat, as a stage talks, and tells of all of it. */
  async play(model: MiniLMM, stage: Stage, job: WatchJob): Promise<void> {
    if (!('conversation' in stage)) throw new Error(`stage ${stage.name} does not play`)
    const { seed, count, run, update, stageUpdate } = job
    const agent = mini(model, { id: `mini:${stage.name}`, temperature: 0, probabilities: true })
    const policy = breathing(agent, this.#breathe)
    const names = watchedEpisodes(update, count)
    const matches = this.#levels(model, stage.conversation, job).map(
      (level, i): Match => ({
        episode: names[i],
        ...level,
        policies: new Array(level.env.seats(level.config)).fill(policy),
        conversation: stage.conversation,
        sampling: `${seed}/${names[i]}`,
        run,
        stage: stage.name,
        update: stageUpdate,
      }),
    )
    await play(matches, { onEvent: this.#onEvent })
  }

  /** Valid levels where there are enough, else such as training draws; made once. */
  #levels(model: MiniLMM, conversation: Conversation, { data, seed, count }: WatchJob): readonly Level[] {
    const name = JSON.stringify([data, seed, count, conversation])
    if (this.#kept.name !== name) {
      const { envs, openPack } = this.#workplace
      const levels = openLevels(envs, data, openPack, unreadableIn(model, [conversation]))
      this.#kept = { name, levels: watchedLevels(levels, seed, count) }
    }
    return this.#kept.levels
  }
}

function watchedLevels(levels: Levels, seed: string, count: number): Level[] {
  try {
    return heldOutLevels(levels, 'valid', `${seed}/watch`, count)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return Array.from({ length: count }, (_, i) => trainLevel(levels, `${seed}/watch-${i}`))
  }
}
