import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import { picturesIn, type Row } from './row.ts'
import { type OpenTask, readTask } from './task.ts'

/** What is known about a sample whose task is wanted. */
export interface Asked {
  readonly prompt: string
  /** The row's `env_path`, where the trainer sends it as the label. */
  readonly label?: string
}

/** Found tasks that are kept, because trainers draw many answers to one prompt. */
const KEPT = 10_000

/**
 * Finds the task of a sample: by its label when that is a task, else by the row of the data set whose chat is the
 * prompt, or whose picture or question stands in it.
 */
export class Tasks {
  readonly #envs: readonly Env[]
  readonly #byMessage = new Map<string, string>()
  readonly #byPicture = new Map<string, string>()
  readonly #byQuestion = new Map<string, string>()
  /** Questions of several levels, as those about pictures are. */
  readonly #ambiguous = new Set<string>()
  readonly #found = new Map<string, OpenTask>()

  constructor(rows: readonly Row[], envs: readonly Env[]) {
    this.#envs = envs
    for (const { message, question, env_path } of rows) {
      this.#byMessage.set(message, env_path)
      for (const picture of picturesIn(message)) this.#byPicture.set(picture, env_path)
      const known = this.#byQuestion.get(question)
      if (known !== undefined && known !== env_path) this.#ambiguous.add(question)
      this.#byQuestion.set(question, env_path)
    }
  }

  /** @throws UserError when nothing tells which level is asked about. */
  find(asked: Asked): OpenTask {
    const labelled = asked.label?.trimStart().startsWith('{') ? asked.label : undefined
    const key = labelled ?? asked.prompt
    const known = this.#found.get(key)
    if (known) return known
    const task = readTask(labelled ?? this.#inPrompt(asked.prompt), this.#envs)
    if (this.#found.size >= KEPT) this.#found.clear()
    this.#found.set(key, task)
    return task
  }

  #inPrompt(prompt: string): string {
    const whole = this.#byMessage.get(prompt)
    if (whole !== undefined) return whole
    for (const picture of picturesIn(prompt)) {
      const task = this.#byPicture.get(picture)
      if (task !== undefined) return task
    }
    for (const [question, task] of this.#byQuestion) {
      if (prompt.includes(question) && !this.#ambiguous.has(question)) return task
    }
    throw new UserError(
      this.#byQuestion.size === 0
        ? 'no label holds the task: send env_path as the label, or start the server with --dataset'
        : 'no row of the data set has the picture or question of its prompt: send env_path as the label',
    )
  }
}
