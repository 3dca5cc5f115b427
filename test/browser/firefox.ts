import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'

/** The system's Firefox; null where there is none. */
export const FIREFOX: string | null =
  ['firefox-esr', 'firefox'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null

/** A page of a headless Firefox, driven by WebDriver BiDi. */
export interface FoxPage {
  /** Errors and warnings of its console, and what was thrown. */
  readonly errors: string[]
  goto(url: string): Promise<void>
  /** What an expression comes to, as JSON; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>
  /** Waits until an expression is true. @throws Error after `seconds`. */
  until(expression: string, seconds?: number): Promise<void>
  press(key: string): Promise<void>
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

/** Pixi asks whether it may make code of text, and does without; Firefox alone writes down that it asked. */
const ASKED = /blocked a JavaScript eval/

const SETTINGS = [
  'browser.shell.checkDefaultBrowser',
  'datareporting.policy.dataSubmissionEnabled',
  'app.update.enabled',
]

/** @throws Error where Firefox does not begin. */
export async function openFirefox(width: number, height: number): Promise<FoxPage> {
  if (!FIREFOX) throw new Error('no Firefox')
  const profile = mkdtempSync(join(tmpdir(), 'kickpush-fox-'))
  writeFileSync(join(profile, 'user.js'), SETTINGS.map((name) => `user_pref("${name}", false);\n`).join(''))
  const size = ['--width', String(width), '--height', String(height)]
  const child = spawn(
    FIREFOX,
    [
      '--headless',
      '--no-remote',
      '--profile',
      profile,
      '--remote-debugging-port',
      '0',
      ...size,
      'about:blank',
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    },
  )
  const socket = new WebSocket(`${await addressOf(child)}/session`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let number = 0
  const waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>()
  const errors: string[] = []
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    const asked = waiting.get(message.id)
    if (message.type === 'event') {
      const { level, text } = message.params
      if ((level === 'error' || level === 'warn') && !ASKED.test(text)) errors.push(text)
    } else if (message.type === 'success') asked?.resolve(message.result as never)
    else asked?.reject(new Error(`${message.error}: ${message.message}`))
    waiting.delete(message.id)
  })
  const send = <T>(method: string, params: object): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject })
      socket.send(JSON.stringify({ id: number, method, params }))
    })
  await send('session.new', { capabilities: {} })
  await send('session.subscribe', { events: ['log.entryAdded'] })
  const { contexts } = await send<{ contexts: { context: string }[] }>('browsingContext.getTree', {})
  const [{ context }] = contexts
  await send('browsingContext.setViewport', { context, viewport: { width, height } })
  const evaluate = async (expression: string): Promise<unknown> => {
    const wrapped = `(async () => JSON.stringify((await (${expression})) ?? null))()`
    const asked = { expression: wrapped, target: { context }, awaitPromise: true }
    const answer = await send<{
      type: string
      result?: { value: string }
      exceptionDetails?: { text: string }
    }>('script.evaluate', asked)
    if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text)
    return JSON.parse(answer.result?.value ?? 'null')
  }
  return {
    errors,
    evaluate,
    async goto(url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async until(expression, seconds = 60) {
      const end = Date.now() + 1000 * seconds
      while ((await evaluate(expression)) !== true) {
        if (Date.now() > end) throw new Error(`not within ${seconds} s: ${expression}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
    async press(value) {
      const actions = [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]
      await send('input.performActions', { context, actions: [{ type: 'key', id: 'keys', actions }] })
    },
    async screenshot() {
      const { data } = await send<{ data: string }>('browsingContext.captureScreenshot', { context })
      return Buffer.from(data, 'base64')
    },
    async close() {
      socket.close()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Firefox ended with ${code}`)))
    createInterface({ input: child.stderr! }).on('line', (line) => {
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(line)
      if (found) resolve(found[1])
    })
  })
}
