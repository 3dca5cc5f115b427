import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { envs } from '#envs'
import { Link } from '../../client/net/link.ts'
import { record, sokoban } from './world.ts'

/** What workers were told, by their script. */
const told: { readonly worker: FakeWorker; readonly message: Record<string, unknown> }[] = []

class FakeWorker {
  onmessage: (event: { data: unknown }) => void = () => {}
  readonly script: string

  constructor(url: URL) {
    this.script = url.pathname.replace(/^.*\//, '')
  }
  postMessage(message: Record<string, unknown>): void {
    told.push({ worker: this, message })
  }
  terminate(): void {}
}

/** Answers all that a page's own worker was asked. */
function answer(what: object): void {
  for (const { worker, message } of told.splice(0))
    if ('ask' in message) worker.onmessage({ data: { answer: message.ask, ...what } })
}

/** A module of the viewer, new for every test. */
const viewer = (file: string) =>
  import(/* @vite-ignore */ new URL(`../../client/${file}`, import.meta.url).href)

const settled = () => new Promise((done) => setTimeout(done))

beforeEach(() => {
  vi.resetModules()
  told.length = 0
  vi.stubGlobal('document', { documentElement: { dataset: { host: 'tab' } }, baseURI: 'http://here/' })
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => vi.unstubAllGlobals())

test('a page that has left is told nothing by its own worker, which answers all the same', async () => {
  const { episodes } = await viewer('net/api.ts')
  const result = { status: 200, type: 'application/json', body: '{"total":0,"episodes":[]}' }
  const stays = episodes(new URLSearchParams())
  answer({ result })
  expect(await stays).toEqual({ total: 0, episodes: [] })
  const left = new AbortController()
  const leaves = episodes(new URLSearchParams(), left.signal)
  left.abort(new Error('gone'))
  answer({ result })
  await expect(leaves).rejects.toThrow('gone')
})

test('who stops to play records again hears no more of those that cannot be had', async () => {
  const { gaugeAll } = await viewer('results/gauging.ts')
  const { id: env, version } = envs.find(({ stuck }) => stuck)!
  const episode = { env, version, outcome: 'lost' }
  const all = ['a', 'b', 'c'].map((id) => ({ ...episode, id }))
  const heard: string[] = []
  gaugeAll(all, (done: number, of: number) => heard.push(`first: ${done} of ${of}`))
  answer({ error: 'no such file' })
  await settled()
  expect(heard).toEqual(['first: 1 of 3', 'first: 2 of 3', 'first: 3 of 3'])
  const stop = gaugeAll(all, (done: number, of: number) => heard.push(`second: ${done} of ${of}`))
  stop()
  answer({ error: 'no such file' })
  await settled()
  expect(heard).toHaveLength(3)
})

test('an episode that begins again is judged again, and who has left it hears no verdict', async () => {
  const frames = new Map<number, () => void>()
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.set(frames.size + 1, run).size)
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id))
  const frame = () => {
    for (const [id, run] of [...frames]) if (frames.delete(id)) run()
  }
  const { Film } = await viewer('episode/film.ts')
  const { judgeFilm } = await viewer('episode/judging.ts')
  const events = await record(sokoban('1', 1), 'e', { run: 'r', stage: 's', update: 0 })
  const film = new Film('r/e')
  const heard: unknown[] = []
  const stop = judgeFilm(film, (judgement: unknown) => heard.push(judgement))
  const begun = async () => {
    film.push(events, false)
    await expect.poll(() => film.caughtUp).toBe(true)
    const [asked, ...others] = told.splice(0)
    expect([asked.message.env, others]).toEqual(['sokoban', []])
    return (left: number) => asked.worker.onmessage({ data: { t: 0, left } })
  }
  const first = await begun()
  first(5)
  frame()
  expect(heard.splice(0)).toEqual([{ marks: [], regret: [0] }])
  first(5)
  film.reset()
  expect(heard.splice(0)).toEqual([{ marks: [], regret: [] }])
  const second = await begun()
  frame()
  expect(heard).toEqual([])
  second(4)
  stop()
  frame()
  expect(heard).toEqual([])
})

test('a wall that was left is not asked for again, though nobody answered when it was', async () => {
  const asked: string[] = []
  const later: (() => void)[] = []
  const on = new Map<string, () => void>()
  const socket = {
    ...{ connected: true, id: 'socket' },
    on: (name: string, run: () => void) => on.set(name, run),
    timeout: () => ({
      emitWithAck: (name: string) => {
        asked.push(name)
        return Promise.reject(new Error('too late'))
      },
    }),
  }
  const link = new Link({
    open: () => socket as never,
    episode: () => Promise.reject(new Error('not here')),
    later: (_, run) => later.push(run),
  })
  link.connect()
  const leave = link.watchWall(() => {})
  await settled()
  for (const run of later.splice(0)) run()
  await settled()
  expect(asked).toEqual(['wall', 'wall'])
  leave()
  for (const run of later.splice(0)) run()
  await settled()
  expect(asked).toEqual(['wall', 'wall', 'unwall'])
})
