import { Session } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'

/**
 * Counts the work of code that runs in this thread: how often each block of JavaScript is entered (the engine's own
 * coverage, libraries included), and the letters and items that built-in functions go through. No clock: the same work
 * gives the same count.
 */
export class Work {
  readonly #session = new Session()

  constructor() {
    // Calls of functions that the engine has inlined are not counted.
    setFlagsFromString('--no-opt')
    this.#session.connect()
    this.#post('Profiler.enable')
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** The work of one call. */
  of(what: () => unknown): number {
    this.#taken()
    const builtin = countBuiltins(what)
    return this.#taken() + builtin
  }

  close(): void {
    this.#post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
    setFlagsFromString('--opt')
  }

  /** Blocks entered since the last time. */
  #taken(): number {
    const { result } = this.#post('Profiler.takePreciseCoverage') as Coverage
    let sum = 0
    for (const { functions } of result) {
      for (const { ranges } of functions) for (const { count } of ranges) sum += count
    }
    return sum
  }

  #post(method: string, params: object = {}): unknown {
    let answer: unknown
    this.#session.post(method, params, (error, result) => {
      if (error) throw error
      answer = result
    })
    return answer
  }
}

interface Coverage {
  readonly result: readonly {
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

type Builtin = (this: unknown, ...args: unknown[]) => unknown
const sizeOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : 0

/** Functions that go through all they are called on, or all they make. */
const WHOLE: readonly (readonly [object, readonly string[]])[] = [
  [
    String.prototype,
    ['split', 'replaceAll', 'toLowerCase', 'toUpperCase', 'repeat', 'padEnd', 'padStart', 'concat'],
  ],
  [
    Array.prototype,
    ['join', 'slice', 'splice', 'concat', 'shift', 'unshift', 'reverse', 'flat', 'includes', 'indexOf'],
  ],
]
/** Functions that stop where they find something. */
const SEARCHES = ['indexOf', 'includes', 'lastIndexOf'] as const
/** Longer parts of a text are not copied by the engine. */
const COPIED = 13

function countBuiltins(what: () => unknown): number {
  let count = 0
  const undo: (() => void)[] = []
  const patch = (
    home: object,
    name: string,
    cost: (self: unknown, args: unknown[], result: unknown) => number,
  ) => {
    const own = Object.getOwnPropertyDescriptor(home, name)!
    const original = own.value as Builtin
    const counted: Builtin = function (...args) {
      const result = original.apply(this, args)
      count += cost(this, args, result)
      return result
    }
    Object.defineProperty(home, name, { ...own, value: counted })
    undo.push(() => Object.defineProperty(home, name, own))
  }
  for (const [home, names] of WHOLE) {
    for (const name of names) patch(home, name, (self, _, result) => Math.max(sizeOf(self), sizeOf(result)))
  }
  patch(Array.prototype, 'fill', (self, args) => Number(args[2] ?? sizeOf(self)) - Number(args[1] ?? 0))
  for (const name of ['slice', 'substring']) {
    patch(String.prototype, name, (_, __, result) => Math.min(sizeOf(result), COPIED))
  }
  for (const name of SEARCHES) {
    patch(String.prototype, name, (self, args, result) => {
      const from = name === 'lastIndexOf' ? 0 : Number(args[1] ?? 0)
      return typeof result === 'number' && result >= 0 ? Math.abs(result - from) : sizeOf(self) - from
    })
  }
  for (const name of ['trim', 'trimEnd', 'trimStart']) {
    patch(String.prototype, name, (self, _, result) => sizeOf(self) - sizeOf(result) + 1)
  }
  patch(RegExp.prototype, 'exec', (self, args, result) => {
    const text = String(args[0])
    const found = result as RegExpExecArray | null
    const { global, sticky } = self as RegExp
    if (sticky) return found ? found[0].length + 1 : 1
    // Of a search that goes on where it last found something, only what lies between is new.
    return found ? found[0].length + 1 + (global ? 0 : found.index) : text.length
  })
  patch(JSON, 'parse', (_, args) => sizeOf(args[0]))
  patch(JSON, 'stringify', (_, __, result) => sizeOf(result))
  try {
    what()
  } finally {
    for (const back of undo) back()
  }
  return count
}
