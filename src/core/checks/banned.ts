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
  const restore: (() => void)[] = []
  try {
    for (const [holder, name] of banned()) {
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
