import { UserError } from '#core/base/errors'
import { most } from '#core/base/lists'
import type { Env } from '#core/env/env'

/** Words with a meaning of their own, before those of the environments. */
export const SPECIALS = [
  '<pad>',
  '<unk>',
  '<start>',
  '<end>',
  '<think>',
  '</think>',
  '<answer>',
  '</answer>',
  '<ok>',
  '<bad>',
  '<global>',
  '<online>',
] as const
export type Special = (typeof SPECIALS)[number]

/** The words of a registry in stable order: specials, environment ids as `<id>`, then the environments' words. */
export function registryWords(envs: readonly Env[]): string[] {
  const words = new Set<string>(SPECIALS)
  for (const env of envs) words.add(`<${env.id}>`)
  for (const env of envs) for (const word of env.words ?? []) words.add(word)
  return [...words]
}

/**
 * A word vocabulary. `words[i]` is the text of token i; the leading `<...>` words are tags, which are written
 * without spaces around them.
 */
export class Vocabulary {
  readonly words: readonly string[]
  readonly #tokens = new Map<string, number>()
  readonly #longest: number
  readonly #tags: number
  readonly #tagPattern: RegExp

  /** @throws UserError when a special word is missing, a word is doubled or holds a space or comma. */
  constructor(words: readonly string[]) {
    SPECIALS.forEach((special, i) => {
      if (words[i] !== special)
        throw new UserError(`vocabulary: word ${i} must be ${special} (got ${words[i]})`)
    })
    for (const [i, word] of words.entries()) {
      if (!/^[^\s,]+$/.test(word)) {
        throw new UserError(`vocabulary: word ${JSON.stringify(word)} is empty or holds a space or comma`)
      }
      if (this.#tokens.has(word)) throw new UserError(`vocabulary: word '${word}' is listed twice`)
      this.#tokens.set(word, i)
    }
    this.words = words
    this.#longest = most(words.map((word) => word.length))
    const firstWord = words.findIndex((word) => !/^<.+>$/.test(word))
    this.#tags = firstWord < 0 ? words.length : firstWord
    const tags = words.slice(0, this.#tags).map((tag) => tag.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    this.#tagPattern = new RegExp(`(${tags.join('|')})`)
  }

  get size(): number {
    return this.words.length
  }

  /** The token of a special word. */
  special(word: Special): number {
    return SPECIALS.indexOf(word)
  }

  /** The token of a word; `<unk>` when it has none. */
  token(word: string): number {
    return this.#tokens.get(word) ?? this.special('<unk>')
  }

  /** Tokens of a text by greedy longest match; spaces and commas part words, a stretch nobody knows is one `<unk>`. */
  encode(text: string): number[] {
    const tokens: number[] = []
    for (const [i, piece] of text.split(this.#tagPattern).entries()) {
      if (i % 2 === 1) tokens.push(this.token(piece))
      else for (const chunk of piece.split(/[\s,]+/)) this.#match(chunk, tokens)
    }
    return tokens
  }

  #match(chunk: string, tokens: number[]): void {
    const unknown = this.special('<unk>')
    let lost = false
    for (let at = 0; at < chunk.length; ) {
      let length = Math.min(this.#longest, chunk.length - at)
      while (length > 0 && !this.#tokens.has(chunk.slice(at, at + length))) length--
      if (length > 0) tokens.push(this.#tokens.get(chunk.slice(at, at + length))!)
      else if (!lost) tokens.push(unknown)
      lost = length === 0
      at += length || 1
    }
  }

  /** Tokens of a whole response, closed by `<end>`. */
  encodeResponse(text: string): Int32Array {
    return Int32Array.from([...this.encode(text), this.special('<end>')])
  }

  /**
   * The text of a response as a large model would write it: words inside an answer are joined by ', ', others by
   * a space, tags by nothing. A closing `<end>` is not written, so that `encodeResponse` reads it back.
   */
  write(tokens: ArrayLike<number>): string {
    const end = this.special('<end>')
    const length = tokens.length > 0 && tokens[tokens.length - 1] === end ? tokens.length - 1 : tokens.length
    let text = ''
    let answering = false
    let joined = true
    for (let i = 0; i < length; i++) {
      const token = tokens[i]
      const tag = token < this.#tags
      if (!tag && !joined) text += answering ? ', ' : ' '
      text += this.words[token]
      joined = tag
      if (token === this.special('<answer>')) answering = true
      if (token === this.special('</answer>')) answering = false
    }
    return text
  }
}

/**
 * The row or column that a word names: 'r1' is the first row of an observation, 'c3' its third column. The model
 * ties such words to its places.
 */
export function placeOf(
  word: string,
): { readonly axis: 'rows' | 'columns'; readonly index: number } | undefined {
  const match = /^([rc])([1-9]\d*)$/.exec(word)
  return match ? { axis: match[1] === 'r' ? 'rows' : 'columns', index: Number(match[2]) - 1 } : undefined
}
