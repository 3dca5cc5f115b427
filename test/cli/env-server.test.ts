import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { run } from './run.ts'
import { serving } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-env-'))
afterAll(() => rmSync(folder, { recursive: true }))
const LEVEL = '#######|#@-$.-#|#######'

async function post(url: string, body: object) {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return (await answer.json()) as { observation: Record<string, never>; reward: number | null; done: boolean }
}

it('plays what a model wrote, scores it by the rule, and keeps a record that verifies', async () => {
  const server = await serving(
    ...['env-server', '--port', '0', '--env', 'sokoban', '--config', JSON.stringify({ level: LEVEL })],
    ...['--reward', 'format-accuracy', '--actions-per-turn', '2', '--record', join(folder, 'outside')],
  )
  const begun = await post(`${server.url}/reset`, { seed: 'a', episode_id: 'one' })
  expect(begun).toMatchObject({ reward: null, done: false, observation: { limit: 2, outcome: 'playing' } })
  const messages = begun.observation.messages as { role: string; content: string }[]
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
  expect(messages[0].content).toContain('<think>')
  expect(messages[1].content).toContain('@-$.')
  const step = (response: string) => post(`${server.url}/step`, { action: { response } })
  expect(await step('I would go right')).toMatchObject({ reward: -0.5, done: false })
  const solved = await step('<think>push</think><answer>Right, Right</answer>')
  expect(solved).toMatchObject({ done: true, observation: { success: true, outcome: 'solved' } })
  expect(solved.reward).toBeCloseTo(0.5 + 0.1 * 10.8)
  expect(await server.stop()).toBe(0)
  await expect(fetch(server.url)).rejects.toThrow()

  const record = join(folder, 'outside', 'episodes', '0.jsonl')
  expect(readFileSync(record, 'utf8')).toContain('I would go right')
  expect((await run('replay', record, '--verify', '--episode', 'one')).out).toEqual(['verified, 2 steps'])
})

it('shows frames as pictures over a WebSocket', async () => {
  const server = await serving('env-server', '--port', '0', '--env', 'sokoban', '--modality', 'frame')
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ type: 'reset', data: { seed: 7 } }))
  const answer = JSON.parse(String(await new Promise((resolve) => socket.once('message', resolve))))
  const [image] = answer.data.observation.messages[1].content.filter(
    ({ type }: { type: string }) => type === 'image_url',
  )
  const bytes = Buffer.from(image.image_url.url.replace('data:image/png;base64,', ''), 'base64')
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  socket.close()
  expect(await server.stop()).toBe(0)
})

it.each([
  [['env-server'], /--env is missing/],
  [['env-server', '--env', 'sokoban', '--config', 'preset=tny-1'], /did you mean 'tiny-1'/],
  [['env-server', '--env', 'sokoban', '--reward', 'magebnch'], /did you mean 'magebench'/],
  [['env-server', '--env', 'sokoban', '--macro', 'adapt'], /no macro/],
  [['env-server', '--env', 'sokoban', '--port', '99999'], /--port must be at most 65535/],
])('%j is refused in one line', async (words, message) => {
  const { code, out, err } = await run(...words)
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})
