import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readRecord } from '#core/record/jsonl'
import { Replay } from '#core/record/replay'
import { envs } from '#envs'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-mask-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A small model's episode: of its answers that could be played, whether each began with a legal action. */
async function begun(...flags: string[]) {
  const record = join(folder, 'episode.jsonl')
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-2', '--seed', '4', '--max-turns', '40']
  const agent = ['--agent', 'mini:lmm-r1-base', '--temperature', '3', '--backend', 'wasm']
  const { code } = await run(
    'play',
    ...game,
    ...agent,
    '--actions-per-turn',
    '1',
    ...flags,
    '--record',
    record,
  )
  expect(code).toBe(0)
  const replay = new Replay(envs)
  for (const { event } of readRecord(readFileSync(record, 'utf8')).events) replay.push(event)
  expect(replay.status).toBe('agrees')
  const env = replay.env!
  const names = env.actions(replay.state!.config)
  const legal = replay.turns
    .filter(({ valid }) => valid)
    .map(({ t, actions }) => env.legal!(replay.stateAt(t), 0)[names.indexOf(actions[0])])
  return { legal, conversation: replay.start!.conversation }
}

test('with --mask no answer of a small model begins with what does nothing, and its record says so', async () => {
  const free = await begun()
  expect(free.legal).toContain(false)
  expect(free.conversation).not.toHaveProperty('mask')
  const masked = await begun('--mask')
  expect(masked.legal.length).toBeGreaterThan(3)
  expect(masked.legal).not.toContain(false)
  expect(masked.conversation).toMatchObject({ mask: true })
})
