import { legible } from '#core/base/errors'
import { wholePower } from '#core/base/math'
import type { ChatAddress } from './address.ts'
import { type Answered, readCompletion } from './completion.ts'

/** How a chat server is asked. */
export interface ChatSettings {
  /** Sent as a bearer token when given. */
  readonly apiKey?: string
  /** The server's own unless given. */
  readonly temperature?: number
  /** Most tokens of a reply. */
  readonly maxTokens?: number
  /** Milliseconds until a request is given up and tried again. */
  readonly timeout?: number
  /** Tries in all, the waits between them doubling from `wait` milliseconds unless the server says how long. */
  readonly tries?: number
  readonly wait?: number
  /** Requests in flight at once. */
  readonly concurrency?: number
  /** Keys that the request's body gets, over ours; null takes one away. */
  readonly extraBody?: Readonly<Record<string, unknown>>
  /** Ends requests and waits with its reason. */
  readonly signal?: AbortSignal
}

/** Tokens of a reply unless told otherwise: room for thoughts of reasoning models. */
export const MAX_TOKENS = 4096
export const TIMEOUT = 120_000
export const TRIES = 4
export const CONCURRENCY = 8
/** Most bytes of an answer, unpacked: some hundred times what a long reply with its thoughts takes. */
const LARGEST = 1 << 24
/** Longest wait (ms) that a server may ask for. */
const PATIENCE = 600_000

/** A server that gave no reply, and whether asking it the same again could help. */
export class NoReply extends Error {
  readonly hopeless: boolean

  constructor(message: string, hopeless: boolean) {
    super(message)
    this.hopeless = hopeless
  }
}

/** What one try came to: a reply, or what was wrong and how long (ms) to wait before the next. */
type Try = Answered | { readonly problem: string; readonly hopeless: boolean; readonly wait?: number }

/** How a server wants to be asked. */
interface Ways {
  /** Where it may answer, the likeliest first. */
  readonly endpoints: readonly string[]
  readonly limit: 'max_tokens' | 'max_completion_tokens'
  /** It takes a temperature. */
  readonly tempered: boolean
}

/** An OpenAI-compatible chat server; it remembers what the server turned out to understand. */
export class ChatServer {
  private readonly address: ChatAddress
  private readonly settings: ChatSettings
  private ways: Ways
  /** When (ms of a monotonic clock) it may be asked again, because it said so. */
  private silentUntil = 0
  private asking = 0
  private readonly waiting: (() => void)[] = []

  constructor(address: ChatAddress, settings: ChatSettings) {
    this.address = address
    this.settings = settings
    this.ways = { endpoints: address.endpoints, limit: 'max_tokens', tempered: true }
  }

  /**
   * Asks, as many at once as the settings allow.
   * @param messages as OpenAI's API has them.
   * @throws NoReply after all tries.
   */
  async ask(messages: readonly object[]): Promise<Answered> {
    const { concurrency = CONCURRENCY } = this.settings
    if (this.asking >= concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.asking++
    try {
      return await this.tryAgain(messages)
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.asking--
    }
  }

  private async tryAgain(messages: readonly object[]): Promise<Answered> {
    const { tries = TRIES, wait = 1000 } = this.settings
    let problem = ''
    for (let attempt = 0; attempt < tries; attempt++) {
      const silence = this.silentUntil - performance.now()
      if (silence > 0) await this.sleep(silence)
      const tried = await this.try(messages)
      if ('reply' in tried) return tried
      problem = tried.problem
      if (tried.hopeless) throw new NoReply(this.told(problem), true)
      if (tried.wait !== undefined && tried.wait > PATIENCE) {
        throw new NoReply(this.told(`${problem}; it asks to wait ${Math.round(tried.wait / 1000)} s`), false)
      }
      if (attempt === tries - 1) break
      if (tried.wait === undefined) await this.sleep(wait * wholePower(2, attempt))
      else this.silentUntil = Math.max(this.silentUntil, performance.now() + tried.wait)
    }
    throw new NoReply(this.told(problem), false)
  }

  private async sleep(ms: number): Promise<void> {
    const { signal } = this.settings
    signal?.throwIfAborted()
    await new Promise<void>((done) => {
      const timer = setTimeout(end, ms)
      function end(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        done()
      }
      signal?.addEventListener('abort', end)
    })
    signal?.throwIfAborted()
  }

  private told(problem: string): string {
    return `chat server ${this.address.shown.slice('chat:'.length + this.address.model.length + 1)}: ${problem}`
  }

  /** One request, sent again at once while the server says how it would be understood. */
  private async try(messages: readonly object[]): Promise<Try> {
    const { timeout = TIMEOUT, apiKey, signal: stop } = this.settings
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.address.basic) headers.authorization = this.address.basic
    if (apiKey) headers.authorization = `Bearer ${apiKey}`
    try {
      for (;;) {
        const { ways } = this
        const body = JSON.stringify(this.body(messages))
        const limit = AbortSignal.timeout(timeout)
        const signal = stop ? AbortSignal.any([limit, stop]) : limit
        const answer = await fetch(ways.endpoints[0], { method: 'POST', headers, body, signal })
        const text = await textOf(answer)
        const other = answer.ok ? undefined : otherWays(ways, answer.status, text)
        if (other === undefined) return this.read(answer, text)
        // Requests in flight together learn the same: only the first changes anything.
        if (this.ways === ways) this.ways = other
      }
    } catch (error) {
      stop?.throwIfAborted()
      return { problem: this.clean(reasonOf(error)), hopeless: false }
    }
  }

  private body(messages: readonly object[]): Record<string, unknown> {
    const { temperature, maxTokens = MAX_TOKENS, extraBody = {} } = this.settings
    const limited = 'max_completion_tokens' in extraBody || 'max_tokens' in extraBody
    const body: Record<string, unknown> = {
      model: this.address.model,
      messages,
      ...(temperature !== undefined && this.ways.tempered && { temperature }),
      ...(!limited && { [this.ways.limit]: maxTokens }),
      ...extraBody,
    }
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
  }

  private read(answer: Response, text: string): Try {
    const value = parsed(text)
    const error = errorIn(value)
    if (answer.ok && error === undefined) {
      return readCompletion(value) ?? { problem: 'its answer is no chat completion', hopeless: false }
    }
    if (/content_filter|content management policy|ResponsibleAIPolicy/.test(text)) {
      return { reply: { text: '', stopped: 'filtered' } }
    }
    const status = answer.ok ? Number(error?.code) : answer.status
    const said = error?.message ?? text
    const problem = this.clean(`${answer.ok ? '' : `${answer.status} ${answer.statusText} `}${said}`)
    const passing = status === 408 || status === 409 || status === 425 || status === 429 || status >= 500
    const hopeless = answer.ok ? status >= 400 && !passing : !passing
    return { problem, hopeless, wait: waitOf(answer.headers) }
  }

  /** One line without keys, whoever wrote it. */
  private clean(text: string): string {
    const { apiKey } = this.settings
    const secrets = [apiKey, this.address.basic?.slice('Basic '.length)].filter((one) => one !== undefined)
    const hidden = secrets.reduce((line, secret) => line.replaceAll(secret, '***'), text.slice(0, 2000))
    return legible(hidden.replace(/\s+/g, ' ').trim(), 120)
  }
}

/** How the server would be understood, as its refusal says; undefined when it does not say. */
function otherWays(ways: Ways, status: number, text: string): Ways | undefined {
  const [, ...endpoints] = ways.endpoints
  if ((status === 404 || status === 405) && endpoints.length > 0 && !/model/i.test(text)) {
    return { ...ways, endpoints }
  }
  if (status !== 400 && status !== 422) return undefined
  if (ways.limit === 'max_tokens' && text.includes('max_completion_tokens')) {
    return { ...ways, limit: 'max_completion_tokens' }
  }
  const untempered = text.includes('temperature') && /support|only the default/i.test(text)
  return ways.tempered && untempered ? { ...ways, tempered: false } : undefined
}

/** How long (ms) the server asks to wait; undefined when it does not say. */
function waitOf(headers: Headers): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const after = headers.get('retry-after')
  if (after === null || after.trim() === '') return undefined
  const wait = Number.isFinite(Number(after)) ? Number(after) * 1000 : Date.parse(after) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}

/** The error that a body tells of, also one that came with status 200. */
function errorIn(value: unknown): { message?: string; code?: unknown } | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value) || !value.error) return undefined
  if (typeof value.error !== 'object') return { message: String(value.error) }
  const { message, code } = value.error as Record<string, unknown>
  return { message: typeof message === 'string' ? message : undefined, code }
}

/** An answer's text. @throws Error where it is longer than `LARGEST`, without reading on. */
async function textOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for (;;) {
    const { value } = (await reader?.read()) ?? {}
    if (!value) return text + decoder.decode()
    bytes += value.length
    if (bytes > LARGEST) {
      // Closes the connection.
      void reader?.cancel().catch(() => {})
      throw new Error(`its answer is longer than ${LARGEST >> 20} MiB`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return error.message + cause
}
