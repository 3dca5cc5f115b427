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

test('with --mask no answer of a small model begins with what does nothing, and its record says so', async () => {
  const record = join(folder, 'masked.jsonl')
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-2', '--seed', '3', '--max-turns', '12']
  const agent = ['--agent', 'mini:lmm-r1-base', '--temperature', '2', '--backend', 'wasm']
  const { code } = await run(
    'play',
    ...game,
    ...agent,
    '--actions-per-turn',
    '1',
    '--mask',
    '--record',
    record,
  )
  expect(code).toBe(0)
  const replay = new Replay(envs)
  for (const { event } of readRecord(readFileSync(record, 'utf8')).events) replay.push(event)
  expect(replay.status).toBe('agrees')
  expect(replay.start?.conversation).toMatchObject({ mask: true })
  const { env, turns } = replay
  const names = env!.actions(replay.state!.config)
  const begun = turns.filter(({ valid }) => valid)
  expect(begun.length).toBeGreaterThan(3)
  for (const { t, actions } of begun) {
    expect(env!.legal!(replay.stateAt(t), 0)[names.indexOf(actions[0])]).toBe(true)
  }
})
