/** A part of a JSON schema, as far as it helps somebody who writes. */
export interface Schema {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** The keys that a line of YAML stands under, its own last, and the `kind` of the list's item it is in. */
export function pathAt(lines: readonly string[], at: number): { path: string[]; kind: string | undefined } {
  const path: string[] = []
  let indent = Number.POSITIVE_INFINITY
  for (let i = at; i >= 0 && indent > 0; i--) {
    const found = /^( *(?:- *)?)(\w+) *:/.exec(lines[i])
    const depth = found?.[1].length ?? 0
    if (!found || depth >= indent) continue
    path.unshift(found[2])
    indent = found[1].includes('-') ? found[1].indexOf('-') : depth
  }
  let kind: string | undefined
  for (let i = at; i >= 0 && kind === undefined; i--) {
    kind = /^\s*kind\s*:\s*([\w-]+)/.exec(lines[i])?.[1]
    if (/^\s*- /.test(lines[i])) break
  }
  for (let i = at + 1; i < lines.length && kind === undefined && !/^(\s*- |\S)/.test(lines[i]); i++) {
    kind = /^\s*kind\s*:\s*([\w-]+)/.exec(lines[i])?.[1]
  }
  return { path, kind }
}

/** The schema at a path; null where there is none. */
export function schemaAt(schema: Schema, path: readonly string[], kind: string | undefined): Schema | null {
  let here: Schema | undefined = schema
  for (const key of path) {
    const inside: readonly Schema[] = variants(here).flatMap((one) => variants(one.items ?? one))
    const fitting = inside.filter(({ properties }) => fits(properties?.kind, kind))
    here = [...fitting, ...inside].map(({ properties }) => properties?.[key]).find((one) => one !== undefined)
    if (!here) return null
  }
  return here
}

/** What may be written below: names of keys. */
export function keysOf(schema: Schema): string[] {
  const all = variants(schema).flatMap((one) => variants(one.items ?? one))
  return [...new Set(all.flatMap(({ properties }) => Object.keys(properties ?? {})))]
}

/** In words: what a value may be. */
export function allowed(schema: Schema): string {
  const words = variants(schema).map((one) => {
    if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(', ')
    if (one.const !== undefined) return JSON.stringify(one.const)
    const { type = '', minimum, maximum } = one
    const least = minimum !== undefined && minimum > -1e9 ? `from ${minimum}` : ''
    const most = maximum !== undefined && maximum < 1e9 ? `to ${maximum}` : ''
    return [type, least, most].filter(Boolean).join(' ')
  })
  return [...new Set(words.filter(Boolean))].join(' or ')
}

function variants(schema: Schema | undefined): readonly Schema[] {
  if (!schema) return []
  const inner = schema.anyOf ?? schema.oneOf
  return inner ? inner.flatMap(variants) : [schema]
}

function fits(schema: Schema | undefined, kind: string | undefined): boolean {
  if (kind === undefined || !schema) return false
  return variants(schema).some((one) => one.const === kind || one.enum?.includes(kind))
}
