import { UserError } from '#core/base/errors'
import { most } from '#core/base/lists'
import type { Env, State } from '#core/env/env'
import { observe } from '#core/env/observe'
import type { Level } from '#core/play/match'
import type { Conversation } from '#core/play/policy'
import { encode, PATCH } from './encode.ts'
import type { Shape } from './shape.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Why somebody cannot read all that an episode at a level shows; null where it can be read. */
export type Unreadable = (level: Level) => string | null

/** What a model cannot read that is shown levels in each of some conversations. */
export function unreadableIn({ words, shape }: Reader, conversations: readonly Conversation[]): Unreadable {
  return (level) => {
    for (const conversation of conversations) {
      const reason = unreadable(words, shape, level, conversation)
      if (reason !== null) return reason
    }
    return null
  }
}

/** What is to be known of a model that reads. */
export interface Reader {
  readonly words: Vocabulary
  readonly shape: Shape
}

/**
 * Whether the longest prompt of an episode has room in a model: the level as it begins, after as many turns of as many
 * actions as the conversation remembers.
 */
function unreadable(
  words: Vocabulary,
  shape: Shape,
  { env, config, seed }: Level,
  conversation: Conversation,
): string | null {
  const state = env.reset(config, seed)
  const { modality, mode, maxTurns, memoryActions, memoryObservations } = conversation
  const turns = Math.min(mode === 'global' ? 1 : maxTurns, Math.max(memoryActions, memoryObservations - 1))
  if (isRoomy(shape, env, state, turns, conversation)) return null
  const observation = observe(env, state, 0, modality)
  const actions = longestTurn(words, shape, env.actions(config), conversation)
  const past = { observation, response: '', actions, feedback: '' }
  const unbounded = { context: Infinity, layers: Infinity, rows: Infinity, columns: Infinity }
  try {
    const prompt = { env, conversation, observation, history: new Array(turns).fill(past) }
    const slots = encode(words, { ...shape, ...unbounded }, prompt)
    const [layers, rows, columns] = [slots.layers, slots.rows, slots.columns].map((all) => most(all) + 1)
    const count = slots.words.length
    const fits =
      count <= shape.context && layers <= shape.layers && rows <= shape.rows && columns <= shape.columns
    if (fits) return null
    const deep = layers > shape.layers ? ` in ${layers} layers, of which it has ${shape.layers}` : ''
    return `its prompts take ${count} slots of ${rows}x${columns} places${deep}, more than the model's ${shape.context} of ${shape.rows}x${shape.columns}`
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** Whether there is room even if each character were a word, which is soon found out; false says nothing. */
function isRoomy(
  { context, layers, rows, columns }: Shape,
  env: Env,
  state: State,
  turns: number,
  { modality, memoryObservations }: Conversation,
): boolean {
  const lines = modality === 'frame' ? [] : env.text(state, 0).split('\n')
  const { width, height } = modality === 'text' ? { width: 0, height: 0 } : env.frame(state.config)
  const [across, down] = [width / PATCH, height / PATCH]
  const slots = lines.reduce((sum, line) => sum + line.length, 0) + across * down
  return (
    Number.isInteger(across) &&
    Number.isInteger(down) &&
    across <= columns &&
    lines.every(({ length }) => length <= columns) &&
    Math.max(lines.length, down, 1 + turns) <= rows &&
    1 + memoryObservations <= layers &&
    2 + turns * columns + memoryObservations * slots <= context
  )
}

/** As many actions, of the name with the most words, as a turn can have and a row of a prompt shows. */
function longestTurn(
  words: Vocabulary,
  { columns }: Shape,
  names: readonly string[],
  { mode, maxTurns, actionsPerTurn }: Conversation,
): string[] {
  const lengths = names.map((name) => words.encode(name).length)
  const length = most(lengths)
  const shown = Math.floor((columns - 1) / length)
  const count = Math.min(mode === 'global' ? maxTurns : actionsPerTurn, shown)
  return new Array(count).fill(names[lengths.indexOf(length)])
}
