import { UserError } from '#core/base/errors'
import { below, type Random } from '#core/base/random'
import { type FamilyName, MOVES, THINGS } from '../config.ts'

/** A kind of puzzle: how one is drawn, and how anyone works it out from its text alone. */
export interface Family {
  /** The lines of a puzzle of a grade from 1. */
  draw(grade: number, random: Random): string[]
  /** @throws UserError when the lines are no puzzle of this family. */
  work(lines: readonly string[]): Work
  /** A sentence of a thought that claims something. */
  readonly claim: RegExp
  /** What is asked, for the prompt. */
  readonly rules: string
}

/** A puzzle worked out. */
export interface Work {
  /** The words to answer, in order. */
  readonly answer: readonly string[]
  /** The words that an answer to this question may be made of. */
  readonly choices: readonly string[]
  /** The working, a true sentence each, in the environment's words. */
  readonly steps: readonly string[]
}

/** A cell by row and column, from 0 at the top left. */
export interface Place {
  readonly row: number
  readonly column: number
}

export const between = (random: Random, least: number, most: number): number =>
  least + below(random, most - least + 1)

export const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]

/** @throws UserError naming the family and what is wrong with its lines. */
export function refuse(family: FamilyName, lines: readonly string[], wanted: string): never {
  throw new UserError(
    `a puzzle of ${family} is ${wanted} (got ${JSON.stringify(lines.join(' | ').slice(0, 80))})`,
  )
}

/** Digits of a whole number from 0, as words. */
export const digits = (number: number): string[] => [...String(number)]
/** A number in words of one digit each: '1 2' is twelve. */
export const spoken = (number: number): string => digits(number).join(' ')

/** 'r3 c4': row and column of a place. */
export const named = ({ row, column }: Place): string => `r${row + 1} c${column + 1}`

/** 'a r3 c4' read; undefined for another line. */
export function readThing(line: string): (Place & { readonly name: string }) | undefined {
  const match = /^([a-d@]) r([1-9]) c([1-9])$/.exec(line)
  return match ? { name: match[1], row: Number(match[2]) - 1, column: Number(match[3]) - 1 } : undefined
}

/** A line per thing, in the order of their names, each in a cell of its own of a square. */
export function scatter(random: Random, count: number, size: number): (Place & { readonly name: string })[] {
  const found: (Place & { readonly name: string })[] = []
  while (found.length < count) {
    const place = { row: below(random, size), column: below(random, size) }
    if (found.some(({ row, column }) => row === place.row && column === place.column)) continue
    const thing = { name: THINGS[found.length], ...place }
    found.push(thing)
  }
  return found
}

/** Steps from cell to cell, by rows and columns. */
export const distance = (a: Place, b: Place): number =>
  Math.abs(a.row - b.row) + Math.abs(a.column - b.column)

/** The place one move further. */
export function moved({ row, column }: Place, move: string): Place {
  const i = (MOVES as readonly string[]).indexOf(move)
  return { row: row + [-1, 1, 0, 0][i], column: column + [0, 0, -1, 1][i] }
}

/** The move from one place towards another along rows, or along columns; undefined where they are level. */
export function towards(from: Place, to: Place): { readonly rows?: string; readonly columns?: string } {
  return {
    rows: to.row < from.row ? 'Up' : to.row > from.row ? 'Down' : undefined,
    columns: to.column < from.column ? 'Left' : to.column > from.column ? 'Right' : undefined,
  }
}
