import { UserError } from '#core/base/errors'
import type { Frame } from '#core/draw/scene'
import type { Conversation, Observation, PastTurn, Request } from '#core/play/policy'
import type { Shape } from './shape.ts'
import type { Slots } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Side of a patch in pixels. */
export const PATCH = 16

/** Bytes of a patch. */
export const PATCH_BYTES = PATCH * PATCH * 3

/** What `encode` reads of a request. */
export type Prompted = Pick<Request, 'env' | 'conversation' | 'observation' | 'history'>

/**
 * The prompt of a decision: a head (environment and mode, then one row per past turn, newest first), the
 * observation, and older observations as far as the conversation remembers.
 * @throws UserError when it does not fit the model's places or context.
 */
export function encode(vocabulary: Vocabulary, shape: Shape, request: Prompted): Slots {
  const { conversation, history } = request
  const slots = new SlotWriter(shape)
  slots.line(0, 0, [vocabulary.token(`<${request.env.id}>`), vocabulary.token(`<${conversation.mode}>`)])
  const remembered = Math.min(history.length, conversation.memoryActions)
  for (let back = 1; back <= remembered; back++) {
    slots.line(0, back, past(vocabulary, shape, history[history.length - back]))
  }
  observe(slots, vocabulary, 1, conversation, request.observation)
  const older = Math.min(history.length, conversation.memoryObservations - 1)
  for (let back = 1; back <= older; back++) {
    observe(slots, vocabulary, 1 + back, conversation, history[history.length - back].observation)
  }
  return slots.done()
}

/** What was played and whether it counted: `<ok>` or `<bad>`, then the newest action words. */
function past(vocabulary: Vocabulary, shape: Shape, turn: PastTurn): number[] {
  const played = vocabulary.encode(turn.actions.join(' ')).slice(1 - shape.columns)
  return [vocabulary.special(turn.actions.length > 0 ? '<ok>' : '<bad>'), ...played]
}

function observe(
  slots: SlotWriter,
  vocabulary: Vocabulary,
  layer: number,
  { modality }: Conversation,
  { text, frame }: Observation,
): void {
  if (modality !== 'frame') {
    if (text === undefined) throw new Error(`a ${modality} observation has no text`)
    for (const [row, line] of text.split('\n').entries()) slots.line(layer, row, vocabulary.encode(line))
  }
  if (modality !== 'text') {
    if (!frame) throw new Error(`a ${modality} observation has no frame`)
    slots.frame(layer, frame)
  }
}

/** Slots on their way: checks places, then packs them. */
class SlotWriter {
  readonly #shape: Shape
  readonly #words: number[] = []
  readonly #layers: number[] = []
  readonly #rows: number[] = []
  readonly #columns: number[] = []
  /** Each different one once: a board is made of few. */
  readonly #patches: Uint8Array[] = []

  constructor(shape: Shape) {
    this.#shape = shape
  }

  line(layer: number, row: number, tokens: readonly number[]): void {
    for (let column = 0; column < tokens.length; column++) this.#put(tokens[column], layer, row, column)
  }

  frame(layer: number, frame: Frame): void {
    if (frame.width % PATCH || frame.height % PATCH) {
      throw new UserError(
        `a frame of ${frame.width}x${frame.height} pixels is not made of ${PATCH}x${PATCH} patches`,
      )
    }
    for (let row = 0; row < frame.height / PATCH; row++) {
      for (let column = 0; column < frame.width / PATCH; column++) {
        this.#put(-1 - this.#patch(frame, row, column), layer, row, column)
      }
    }
  }

  done(): Slots {
    if (this.#words.length > this.#shape.context) {
      throw new UserError(
        `the prompt has ${this.#words.length} slots, the model's context ${this.#shape.context}; lower the memory or take a smaller observation`,
      )
    }
    return {
      words: Int32Array.from(this.#words),
      layers: Int32Array.from(this.#layers),
      rows: Int32Array.from(this.#rows),
      columns: Int32Array.from(this.#columns),
      patches: concatenated(this.#patches),
    }
  }

  /** Which of the patches this is. */
  #patch(frame: Frame, row: number, column: number): number {
    const known = this.#patches.findIndex((patch) => isAt(patch, frame, row, column))
    return known < 0 ? this.#patches.push(cut(frame, row, column)) - 1 : known
  }

  #put(word: number, layer: number, row: number, column: number): void {
    const { layers, rows, columns } = this.#shape
    if (layer >= layers || row >= rows || column >= columns) {
      throw new UserError(
        `the prompt has a slot at layer ${layer}, row ${row}, column ${column}; the model has ${layers} layers, ${rows} rows, ${columns} columns`,
      )
    }
    this.#words.push(word)
    this.#layers.push(layer)
    this.#rows.push(row)
    this.#columns.push(column)
  }
}

/** Pixels of one patch, row by row. */
function cut({ width, data }: Frame, row: number, column: number): Uint8Array {
  const pixels = new Uint8Array(PATCH_BYTES)
  for (let y = 0; y < PATCH; y++) {
    const from = ((row * PATCH + y) * width + column * PATCH) * 3
    pixels.set(data.subarray(from, from + PATCH * 3), y * PATCH * 3)
  }
  return pixels
}

/** Whether a patch has the pixels of that place, compared where they lie. */
function isAt(patch: Uint8Array, { width, data }: Frame, row: number, column: number): boolean {
  for (let y = 0, i = 0; y < PATCH; y++) {
    const from = ((row * PATCH + y) * width + column * PATCH) * 3
    for (let x = 0; x < PATCH * 3; x++) if (patch[i++] !== data[from + x]) return false
  }
  return true
}

/** A prompt without the slots of observations that hold one of some words. */
export function without(slots: Slots, words: readonly number[]): Slots {
  const kept: number[] = []
  for (const [i, word] of slots.words.entries()) {
    if (slots.layers[i] === 0 || !words.includes(word)) kept.push(i)
  }
  const of = (all: Int32Array) => Int32Array.from(kept, (i) => all[i])
  const { layers, rows, columns, patches } = slots
  return { words: of(slots.words), layers: of(layers), rows: of(rows), columns: of(columns), patches }
}

/** Bytes end to end. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
