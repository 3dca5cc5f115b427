import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Whether the system has a Redis server (`apt install redis-server`). */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A Redis server that keeps nothing, at a free port. */
export async function redisServer(): Promise<{ url: string; child: ChildProcess; close(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  const child = spawn('redis-server', [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ])
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('Ready to accept') && resolve())
    child.once('exit', () => reject(new Error('redis-server did not start')))
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    child,
    async close() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
