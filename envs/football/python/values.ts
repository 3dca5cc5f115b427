import type { SyntaxNode } from '@lezer/common'
import type { Role } from '../scenarios/scenario.ts'

/** What an expression of a scenario file can stand for. */
export type Value = number | boolean | string | null | readonly Value[] | Thing

/** What is not plain data: the builder and what it gives, names of the engine, and what nobody knows before it is run. */
export type Thing =
  | { readonly kind: 'builder' | 'config' | 'engine' | 'teams' | 'roles' }
  | { readonly kind: 'team'; readonly team: 'left' | 'right' }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'call'; readonly name: string; readonly call: Call }
  | { readonly kind: 'unknown'; readonly name: string }

/** What a call does; `node` is where it stands. */
export type Call = (given: Given, node: SyntaxNode) => Value

/** The arguments of a call. */
export interface Given {
  readonly plain: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export function isThing(value: Value): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Python's bool(value); null where we cannot say. */
export function truthOf(value: Value): boolean | null {
  if (isThing(value)) return value.kind === 'unknown' ? null : true
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** Python's a == b. */
export function equals(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => equals(value, b[i]))
  }
  if (isThing(a) && isThing(b)) {
    if (a.kind === 'team' && b.kind === 'team') return a.team === b.team
    if (a.kind === 'role' && b.kind === 'role') return a.role === b.role
  }
  return (numeric(a) ?? a) === (numeric(b) ?? b)
}

/** A number, or a bool as one; null for everything else. */
export function numeric(value: Value): number | null {
  return typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null
}

/** A value as a message shows it. */
export function shown(value: Value): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value)
  if (!isThing(value)) return `[${value.map(shown).join(', ')}]`
  return value.kind === 'unknown' || value.kind === 'call' ? `'${value.name}'` : `the ${value.kind}`
}
