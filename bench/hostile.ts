// Ten thousand hostile messages against a server, from a process of its own: argv is its address and their number.
// Says at the end how many of each kind were sent and how they were answered.
import { connect } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'

const [url, count] = [process.argv[2], Number(process.argv[3])]
const told = new Map<string, number>()
const tell = (what: string) => told.set(what, (told.get(what) ?? 0) + 1)

/** A socket that is replaced when the server closes it. */
let current: Socket | undefined
async function socket(): Promise<Socket> {
  if (current?.connected) return current
  const open = io(url, { parser, transports: ['websocket'], forceNew: true, reconnection: false })
  current = open
  await new Promise((resolve) => open.once('connect', () => resolve(null)).once('connect_error', resolve))
  open.once('disconnect', (reason) => tell(`closed: ${reason}`))
  return open
}

function raw(target: Socket, frame: Buffer | string): void {
  const { ws } = target.io.engine.transport as unknown as { ws: { send(data: unknown): void } }
  ws.send(frame)
}

const wrong = [
  ['watch', { episode: 5 }],
  ['watch', { episode: 'x'.repeat(5000) }],
  ['watch', { episode: 'load/0', after: -1e9 }],
  ['run', { run: '../../etc', extra: 1 }],
  ['constructor', {}],
  ['wall', [[[[[]]]]]],
] as const
const frames = [
  Buffer.alloc(30_000, 0x91),
  Buffer.alloc(1 << 20, 0x20),
  Buffer.from(Array.from({ length: 200 }, () => [0xdd, 0x01, 0xff, 0xff, 0xff]).flat()),
  Buffer.from([0xc1]),
  'not a packet',
]
const halves = [
  'GET / HTTP/1.1\r\nHost: loc',
  'POST /api/records HTTP/1.1\r\nContent-Length: 999999\r\n\r\n{',
  '\0\0\0\0',
]

const kinds = {
  /** Well formed, but not what the schema says. */
  async schema(i: number) {
    const [name, value] = wrong[i % wrong.length]
    const target = await socket()
    target.emit(name, value, (answer: { ok: boolean; error?: { code: string } }) =>
      tell(answer.error?.code ?? 'ok'),
    )
    if (i % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  },
  /** No message at all. */
  async frame(i: number) {
    const target = await socket()
    raw(target, frames[i % frames.length])
    await new Promise((resolve) => target.once('disconnect', resolve))
  },
  /** As fast as can be. */
  async flood() {
    const target = await socket()
    for (let n = 0; n < 400; n++)
      target.emit('wall', {}, (answer: { ok: boolean }) =>
        tell(answer.ok ? 'flood: answered' : 'flood: refused'),
      )
  },
  /** Begun and left open. */
  async half(i: number) {
    const { port, hostname } = new URL(url)
    const connection = connect(Number(port), hostname)
    connection.on('error', () => tell('half: refused'))
    connection.write(halves[i % halves.length])
    setTimeout(() => connection.destroy(), 3000)
  },
  /** HTTP that leads nowhere. */
  async http(i: number) {
    const targets = [
      '/api/episodes?limit=-1',
      '/api/runs/..%2f..%2fetc',
      '/api/episodes/%E0%A4%A',
      '/%2e%2e/%2e%2e/etc/passwd',
    ]
    const response = await fetch(url + targets[i % targets.length])
    await response.text()
    tell(`http ${response.status}`)
  },
}

let sent = 0
for (let i = 0; sent < count; i++) {
  await kinds.schema(i)
  sent++
  if (i % 10 === 0) await kinds.frame(i / 10)
  if (i % 200 === 0) await kinds.flood()
  if (i % 10 === 5) await kinds.half(i)
  if (i % 10 === 7) await kinds.http((i - 7) / 10)
  if (i % 200 === 0) sent += 400
  sent += i % 10 === 0 || i % 10 === 5 || i % 10 === 7 ? 1 : 0
}
await new Promise((resolve) => setTimeout(resolve, 1000))
current?.disconnect()
process.send?.({ sent, told: Object.fromEntries([...told].sort()) })
process.disconnect?.()
setTimeout(() => process.exit(), 3500)
