/** Where two pieces of plain data differ first: its path (`state.random.0`) and both values, short enough for a line. */
export interface DataDifference {
  readonly path: string
  readonly a: string
  readonly b: string
}

/**
 * The first difference of two pieces of plain data: objects, arrays, typed arrays, maps, sets and what JSON can say.
 * 0 and -0 differ, as their bytes do. Functions hold no data and are passed over.
 * @param skip fields of the outermost object that need not agree.
 */
export function difference(
  a: unknown,
  b: unknown,
  path: string,
  skip: readonly string[] = [],
): DataDifference | undefined {
  return differ(a, b, path, skip, new Set())
}

function differ(
  a: unknown,
  b: unknown,
  path: string,
  skip: readonly string[],
  above: Set<unknown>,
): DataDifference | undefined {
  if (Object.is(a, b) || (typeof a === 'function' && typeof b === 'function')) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || above.has(a)) {
    return above.has(a) ? undefined : { path, a: shown(a), b: shown(b) }
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return { path, a: shown(a), b: shown(b) }
  if (isNumbers(a) && isNumbers(b)) return differInNumbers(a, b, path)
  above.add(a)
  const found =
    a instanceof Map || a instanceof Set || a instanceof ArrayBuffer
      ? differInEntries(entriesOf(a), entriesOf(b as typeof a), path, above)
      : differInFields(a as Fields, b as Fields, path, skip, above)
  above.delete(a)
  return found
}

type Fields = Readonly<Record<string, unknown>>

function differInFields(
  a: Fields,
  b: Fields,
  path: string,
  skip: readonly string[],
  above: Set<unknown>,
): DataDifference | undefined {
  for (const key of Object.keys(a)) {
    if (skip.includes(key)) continue
    const found =
      Object.hasOwn(b, key) || !holdsData(a[key])
        ? differ(a[key], b[key], `${path}.${key}`, [], above)
        : { path: `${path}.${key}`, a: shown(a[key]), b: 'missing' }
    if (found) return found
  }
  const more = Object.keys(b).find(
    (key) => !Object.hasOwn(a, key) && holdsData(b[key]) && !skip.includes(key),
  )
  return more === undefined ? undefined : { path: `${path}.${more}`, a: 'missing', b: shown(b[more]) }
}

const holdsData = (value: unknown): boolean => value !== undefined && typeof value !== 'function'

function differInEntries(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  path: string,
  above: Set<unknown>,
): DataDifference | undefined {
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const found = differ(a.get(key), b.get(key), `${path}.${String(key)}`, [], above)
    if (found) return found
  }
  return undefined
}

/** What a map, set or buffer holds, by key or index. */
function entriesOf(value: Map<unknown, unknown> | Set<unknown> | ArrayBuffer): Map<unknown, unknown> {
  if (value instanceof Map) return value
  return new Map([...(value instanceof Set ? value : new Uint8Array(value))].map((one, i) => [i, one]))
}

type Numbers = Uint8Array

const isNumbers = (value: object): value is Numbers => ArrayBuffer.isView(value) && 'length' in value

function differInNumbers(a: Numbers, b: Numbers, path: string): DataDifference | undefined {
  if (a.length !== b.length) return { path: `${path}.length`, a: shown(a.length), b: shown(b.length) }
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return { path: `${path}.${i}`, a: shown(a[i]), b: shown(b[i]) }
  }
  return undefined
}

/** Everything that differs between two pieces of plain data of the same shape, as 'state.turn becomes 1'. */
export function changes(a: object, b: object, path: string, skip: readonly string[] = []): string[] {
  const before = new Map(leavesOf(a, path, skip))
  const after = leavesOf(b, path, skip)
  const changed = after.filter(([at, value]) => !before.has(at) || !Object.is(before.get(at), value))
  const present = new Set(after.map(([at]) => at))
  const gone = [...before.keys()].filter((at) => !present.has(at))
  return [
    ...changed.map(([at, value]) => `${at} becomes ${shown(value)}`),
    ...gone.map((at) => `${at} is gone`),
  ]
}

/** Every value in a piece of plain data, with its path. */
function leavesOf(value: unknown, path: string, skip: readonly string[] = []): [string, unknown][] {
  if (typeof value === 'function') return []
  if (typeof value !== 'object' || value === null) return [[path, value]]
  const entries: Iterable<[unknown, unknown]> = isNumbers(value)
    ? value.entries()
    : value instanceof Map || value instanceof Set || value instanceof ArrayBuffer
      ? entriesOf(value)
      : Object.entries(value).filter(([key]) => !skip.includes(key))
  return [...entries].flatMap(([key, one]) => leavesOf(one, `${path}.${String(key)}`))
}

/** A value on a line. */
export function shown(value: unknown): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'number' || value === undefined) return String(value)
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** A deep copy of plain data that shares nothing with it but functions. */
export function snapshot<T>(value: T): T {
  return copy(value, new Map()) as T
}

function copy(value: unknown, known: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const before = known.get(value)
  if (before) return before
  if (isNumbers(value)) return value.slice()
  if (value instanceof ArrayBuffer) return value.slice(0)
  const made: object =
    value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : Array.isArray(value)
          ? []
          : Object.create(Object.getPrototypeOf(value))
  known.set(value, made)
  if (made instanceof Map)
    for (const [key, one] of value as Map<unknown, unknown>) made.set(key, copy(one, known))
  else if (made instanceof Set) for (const one of value as Set<unknown>) made.add(copy(one, known))
  else {
    const [to, from] = [made as Record<string, unknown>, value as Fields]
    for (const key of Object.keys(from)) to[key] = copy(from[key], known)
  }
  return made
}
