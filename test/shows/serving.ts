import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './show.ts'

/** A command that serves, as a process of its own. */
export interface Server {
  readonly url: string
  readonly pid: number
  readonly err: string[]
  /** Ends it as Ctrl+C does; true where it ended by itself. */
  stop(): Promise<boolean>
  /** Ends it at once, as no program can be ready for. */
  kill(): Promise<void>
}

/** Runs a program in the repository's root that prints its address, until it has. */
export async function program(
  path: string,
  words: readonly string[],
): Promise<{ url: string; stop(): void }> {
  const server = spawn(path, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (text) => {
      const address = /http:\S+/.exec(String(text))
      if (address) resolve(address[0])
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`${words[0]} ended before it had an address`)))
  })
  return { url, stop: () => void server.kill('SIGKILL') }
}

/** Runs a command that serves, at a free port, until it has printed its address. */
export async function serve(args: readonly string[], env: Record<string, string> = {}): Promise<Server> {
  const server = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...args, '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  const err: string[] = []
  server.stderr.on('data', (text) => err.push(String(text)))
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (text) => {
      const address = /http:[^\s/]*\/\/[^\s/]+/.exec(String(text))
      if (address) resolve(address[0])
    })
    server.once('exit', () => reject(new Error(err.join(''))))
  })
  const stop = async () => {
    const ended = new Promise<boolean>((resolve) => server.once('exit', (code) => resolve(code === 0)))
    server.kill('SIGTERM')
    return ended
  }
  const kill = () =>
    new Promise<void>((resolve) => {
      server.removeAllListeners('exit')
      server.once('exit', () => resolve())
      server.kill('SIGKILL')
    })
  return { url: url.replace('0.0.0.0', '127.0.0.1'), pid: server.pid!, err, stop, kill }
}
