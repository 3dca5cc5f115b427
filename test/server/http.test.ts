import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EpisodeSummary, Facets, MetricsPage, WireError } from '#core/record/wire'
import { serve } from '#server/server'
import { Place, until } from './place.ts'
import { episode, runsFolder, start, Writer } from './writer.ts'

let place: Place
const client = runsFolder()

beforeAll(async () => {
  const runs = runsFolder()
  const old = new Writer(runs, 'old', 'done')
  old.events('0.jsonl', ...episode('x/1', 3), ...episode('x/2', 1, { agents: ['random'], stage: 'mgt' }))
  old.events('1.jsonl', ...episode('ü/3', 2, { seed: 'Özil' }))
  old.metrics(
    ...Array.from({ length: 12 }, (_, update) => ({ update, stage: 'fre', loss: 1 / (update + 1) })),
  )
  writeFileSync(path.join(old.folder, 'report.md'), '# Report\n')
  writeFileSync(path.join(old.folder, 'plot.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  symlinkSync('/etc/hostname', path.join(old.folder, 'link.png'))
  const live = new Writer(runs, 'live')
  live.events('0.jsonl', start('y'))
  writeFileSync(path.join(runs, 'secret.txt'), 'the secret!')
  mkdirSync(path.join(client, 'assets'))
  writeFileSync(path.join(client, 'index.html'), `<!doctype html>${' '.repeat(2000)}`)
  writeFileSync(path.join(client, 'assets', 'app-1a2b.js'), 'export {}')
  place = await Place.open({ clientFolder: client }, runs)
  await until(async () => (await find('')).total === 4)
})
afterAll(async () => {
  await place.close()
  rmSync(client, { recursive: true })
})

async function find(
  query: string,
): Promise<{ total: number; episodes: EpisodeSummary[]; error?: WireError }> {
  return (await place.get(`/api/episodes?${query}`)).body as never
}

/** A request as it is typed, without a client that makes the path tidy. */
function raw(
  target: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; text: string }> {
  const { port } = new URL(place.serving.url)
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: target, headers, method }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('episodes are found by every filter', async () => {
  const ids = async (query: string) => (await find(query)).episodes.map(({ id }) => id)
  expect(await ids('run=old&sort=oldest')).toEqual(['old/x/1', 'old/x/2', 'old/ü/3'])
  expect(await ids('run=old')).toEqual(['old/ü/3', 'old/x/2', 'old/x/1'])
  expect(await ids('agent=random')).toEqual(['old/x/2'])
  expect(await ids('stage=mgt')).toEqual(['old/x/2'])
  expect(await ids('live=true')).toEqual(['live/y'])
  expect(await ids('outcome=solved&sort=steps')).toEqual(['old/x/1', 'old/ü/3', 'old/x/2'])
  expect(await ids('success=true&sort=return')).toEqual(['old/x/2', 'old/ü/3', 'old/x/1'])
  expect(await ids(`seed=${encodeURIComponent('Özil')}`)).toEqual(['old/ü/3'])
  expect(await ids('search=RANDOM%20x')).toEqual(['old/x/2'])
  expect(await find('run=old&offset=1&limit=1')).toMatchObject({ total: 3, episodes: [{ id: 'old/x/2' }] })
  const facets = (await place.get('/api/facets')).body as Facets
  expect(facets.agents.sort()).toEqual(['expert', 'random'])
  expect(facets.runs.sort()).toEqual(['live', 'old'])
})

test('a bad query gets one clear line', async () => {
  for (const [query, line] of [
    ['sort=best', "'sort'"],
    ['limit=0', "'limit'"],
    ['limit=9999', "'limit'"],
    ['offset=-1', "'offset'"],
    ['agnet=x', "did you mean 'agent'"],
  ]) {
    const { error } = await find(query)
    expect(error?.code).toBe('INVALID_MESSAGE')
    expect(error?.message).toContain(line)
    expect(error?.message).not.toContain('\n')
  }
})

test('an episode comes with its events, and its record as it was written', async () => {
  const { body } = await place.get(`/api/episodes/${encodeURIComponent('old/x/1')}`)
  expect(body).toMatchObject({
    seq: 8,
    live: false,
    events: episode('x/1', 3),
    summary: { id: 'old/x/1', seq: 8 },
  })
  const record = await place.get(`/api/episodes/${encodeURIComponent('old/ü/3')}/record`)
  const lines = episode('ü/3', 2, { seed: 'Özil' }).map((event) => `${JSON.stringify(event)}\n`)
  expect(record.body).toBe(lines.join(''))
  expect(record.headers.get('content-disposition')).toMatch(/^attachment; filename="old-3.jsonl"$/)
})

test('metrics come in pages, the report with its pictures', async () => {
  const page = (await place.get('/api/runs/old/metrics?after=10')).body as MetricsPage
  expect(page).toMatchObject({ row: 10, total: 12, rows: [{ update: 10 }, { update: 11 }] })
  expect((await place.get('/api/runs/old/report')).body).toBe('# Report\n')
  const plot = await place.get('/api/runs/old/report/plot.svg')
  expect(plot.status).toBe(200)
  expect(plot.headers.get('content-security-policy')).toContain('sandbox')
  expect((await place.get('/api/runs')).body).toMatchObject([
    { id: 'live', live: true, episodes: 1, rows: 0 },
    { id: 'old', live: false, episodes: 3, rows: 12, status: 'done' },
  ])
})

test('no address leads out of the folders', async () => {
  for (const target of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/api/runs/..%2Fold/report',
    '/api/runs/old%2F..%2F../report',
    '/api/runs/../metrics',
    '/api/runs/old/report/..%2Frun.json',
    '/api/runs/old/report/..%2F..%2Fsecret.txt',
    '/api/runs/old/report/run.json',
    '/api/runs/old/report/link.png',
    '/api/runs/old/report/%00.png',
    '/api/episodes/old%2F..%2F..%2Fsecret.txt/record',
    '/api/runs/__proto__/metrics',
    '/api/constructor',
  ]) {
    const { status, text } = await raw(target)
    expect([target, status]).toEqual([target, 404])
    expect(text).not.toContain('secret!')
    expect(JSON.parse(text).error.code).toBe('NOT_FOUND')
  }
  expect((await raw('/api/episodes/%E0%A4%A')).status).toBe(400)
})

test('the viewer is served with a policy, fixed assets for ever, and zipped', async () => {
  const page = await place.get('/replays')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(page.headers.get('content-encoding')).toBe('gzip')
  expect(page.body).toContain('<!doctype html>')
  const asset = await place.get('/assets/app-1a2b.js')
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect(asset.headers.get('content-type')).toContain('text/javascript')
  expect((await place.get('/assets/gone.js')).status).toBe(404)
  expect((await raw('/', {}, 'POST')).status).toBe(400)
})

test('a page of another site gets nothing, also when its name resolves here', async () => {
  expect((await raw('/api/runs', { Host: 'evil.example:3000' })).status).toBe(403)
  expect((await raw('/', { Host: 'evil.example' })).status).toBe(403)
  expect((await raw('/api/runs', { Host: 'localhost:1' })).status).toBe(200)
  await expect(place.socket({ Origin: 'https://evil.example' })).rejects.toThrow()
  await expect(place.socket({ Origin: place.serving.url })).resolves.toMatchObject({ connected: true })
})

test('without a token nothing can be written', async () => {
  const { status, text } = await raw('/api/records', {}, 'POST')
  expect(status).toBe(403)
  expect(JSON.parse(text).error).toEqual({ code: 'FORBIDDEN', message: 'this server was started read-only' })
  expect((await place.get('/api/health')).body).toMatchObject({ status: 'healthy', control: false })
})

test('a taken port is one clear line, or the next free one', async () => {
  const { port } = new URL(place.serving.url)
  const options = { port: Number(port), runs: place.runs }
  await expect(serve(options)).rejects.toThrow(`port ${port} is taken; choose another with --port`)
  const next = await serve({ ...options, nextFree: true })
  expect(Number(new URL(next.url).port)).toBeGreaterThan(Number(port))
  await next.close()
})
