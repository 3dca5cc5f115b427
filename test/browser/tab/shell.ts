/** What libraries have to say, as a comment among the lines. */
function tell(...said: readonly unknown[]): void {
  const { print } = globalThis as unknown as { print?: (line: string) => void }
  print?.(`# ${said.map(String).join(' ')}`)
}

/** What pages, workers and Node have and shells of engines (jsc, gjs) lack, as far as the learner needs it. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const standIns: Record<string, unknown> = {
  self: globalThis,
  atob: (text: string) => {
    let out = ''
    for (let bits = 0, have = 0, i = 0; i < text.length && text[i] !== '='; i++) {
      bits = (bits << 6) | LETTERS.indexOf(text[i])
      have += 6
      if (have < 8) continue
      have -= 8
      out += String.fromCharCode((bits >> have) & 255)
    }
    return out
  },
  TextEncoder: class {
    encode(text: string): Uint8Array {
      const plain = unescape(encodeURIComponent(text))
      return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
    }
  },
  TextDecoder: class {
    decode(bytes: Uint8Array): string {
      let plain = ''
      for (const byte of bytes) plain += String.fromCharCode(byte)
      return decodeURIComponent(escape(plain))
    }
  },
  setTimeout: (what: () => void) => void Promise.resolve().then(what),
  performance: { now: () => Date.now() },
  navigator: { hardwareConcurrency: 1, userAgent: 'a shell' },
  console: {},
  // tfjs's loader fetches where it takes itself to be in a worker.
  importScripts: () => {},
  location: { href: '' },
  fetch: async (address: string) => {
    const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (letter) =>
      letter.charCodeAt(0),
    )
    return { ok: true, arrayBuffer: async () => bytes.buffer }
  },
}
/** Puts them where they are missing. */
export function standIn(): void {
  for (const [name, value] of Object.entries(standIns)) {
    if ((globalThis as Record<string, unknown>)[name] === undefined)
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  if (typeof document !== 'undefined') return
  for (const level of ['log', 'warn', 'error'] as const) console[level] ??= tell
  // Some have these by name only: without the loop of a page nothing would answer later.
  Object.assign(globalThis, { setTimeout: standIns.setTimeout })
  Object.assign(WebAssembly, {
    instantiateStreaming: undefined,
    instantiate: async (bytes: BufferSource, imports: WebAssembly.Imports) => {
      const module = new WebAssembly.Module(bytes)
      return { module, instance: new WebAssembly.Instance(module, imports) }
    },
  })
}
