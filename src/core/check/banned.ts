const MATH = 'abs min max floor ceil trunc round fround imul sign clz32 sqrt'.split(' ')

/** Where results that differ between engines, machines or times come from: holders and names. */
function banned(): [holder: object, name: string][] {
  const math = Object.getOwnPropertyNames(Math)
    .filter((name) => !MATH.includes(name) && typeof Reflect.get(Math, name) === 'function')
    .map((name): [object, string] => [Math, name])
  const prototypes = [Number, String, Array, Date, Object, BigInt].map((type): object => type.prototype)
  const local = prototypes.flatMap((holder) =>
    ['toLocaleString', 'localeCompare', 'toLocaleUpperCase', 'toLocaleLowerCase']
      .filter((name) => Object.hasOwn(holder, name))
      .map((name): [object, string] => [holder, name]),
  )
  const globals = [
    'Date',
    'Intl',
    'performance',
    'crypto',
    'fetch',
    'setTimeout',
    'setInterval',
    'queueMicrotask',
  ]
  return [...math, ...local, ...globals.map((name): [object, string] => [globalThis, name])]
}

/** Runs `play`, which must not wait for anything, while every banned function throws its name. */
export function withoutBanned<T>(play: () => T): T {
  return trapping(banned(), play)
}

/** As `withoutBanned`, for what makes arrays, views, maps, sets or lists of keys. */
export function withoutArrays<T>(play: () => T): T {
  const typed = Object.getPrototypeOf(Uint8Array) as { prototype: object }
  const makers = ['map', 'filter', 'slice', 'concat', 'flat', 'flatMap', 'splice', 'with', 'subarray']
  const later = [
    'toSorted',
    'toReversed',
    'toSpliced',
    'from',
    'of',
    'keys',
    'values',
    'entries',
    'fromEntries',
  ]
  const holders: readonly object[] = [Array, Array.prototype, typed, typed.prototype, Object]
  const methods = holders.flatMap((holder) =>
    [...makers, ...later]
      // A loop over an array reads `values`.
      .filter((name) => Object.hasOwn(holder, name) && !(name === 'values' && 'map' in holder))
      .map((name): [object, string] => [holder, name]),
  )
  const constructors = [
    'Float64Array',
    'Float32Array',
    'Int32Array',
    'Uint32Array',
    'Int16Array',
    'Uint16Array',
  ]
  const others = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'ArrayBuffer', 'DataView', 'Map', 'Set']
  return trapping(
    [...methods, ...[...constructors, ...others].map((name): [object, string] => [globalThis, name])],
    play,
  )
}

/** Runs `play` while reading any of these members throws its name. */
function trapping<T>(members: readonly (readonly [holder: object, name: string])[], play: () => T): T {
  const restore: (() => void)[] = []
  try {
    for (const [holder, name] of members) {
      const before = Object.getOwnPropertyDescriptor(holder, name)
      if (!before?.configurable) continue
      const get = () => {
        throw new Error(`${name} was reached`)
      }
      Object.defineProperty(holder, name, { configurable: true, get })
      restore.push(() => Object.defineProperty(holder, name, before))
    }
    return play()
  } finally {
    for (const undo of restore) undo()
  }
}
