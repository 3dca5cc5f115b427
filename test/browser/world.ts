import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KICKPUSH } from '#core/base/version'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import { Conversation, type Modality } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import type { RunInfo } from '#core/record/run'
import { envs } from '#envs'
import { narrator } from './narrator.ts'

/** An episode to be recorded. */
export interface Booking {
  readonly env: string
  readonly config: Record<string, unknown>
  readonly script: string
  readonly skill: number
  readonly seed: string
  readonly modality: Modality
  readonly actionsPerTurn?: number
  readonly maxTurns?: number
}

/** A small level played with `skill`; the seed also chooses the modality. */
export function sokoban(seed: string, skill: number): Booking {
  const modality = (['text', 'frame', 'both'] as const)[Number(seed) % 3]
  return { env: 'sokoban', config: { preset: 'tiny-1' }, script: 'expert', skill, seed, modality }
}

/** A shot at an empty goal, seen in frames. */
export function football(seed: string): Booking {
  const config = { preset: 'academy_empty_goal_close' }
  return { env: 'football', config, script: 'run-shoot', skill: 0.9, seed, modality: 'frame' }
}

/** A run folder with `status`, one stage per name. */
export async function writeRun(
  folder: string,
  id: string,
  status: RunInfo['status'],
  stages: readonly string[],
): Promise<string> {
  const run = path.join(folder, id)
  await mkdir(path.join(run, 'episodes'), { recursive: true })
  const info = {
    format: 1,
    id,
    kickpush: KICKPUSH,
    recipe: 'quick',
    seed: '1',
    backend: 'wasm',
    stages: stages.map((name) => ({ name, kind: name, updates: 40 })),
    status,
    envs: Object.fromEntries(envs.map(({ id, version, look }) => [id, [version, look]])),
  }
  await writeFile(path.join(run, 'run.json'), `${JSON.stringify(info)}\n`)
  return run
}

/** Metrics that look like learning: `updates` rows over the stages. */
export async function writeMetrics(run: string, stages: readonly string[], updates: number, gain: number) {
  const lines: string[] = []
  for (let update = 0; update < updates; update++) {
    const stage = stages[Math.floor((update * stages.length) / updates)]
    const progress = update / updates
    const wobble = ((update * 7919) % 17) / 17 - 0.5
    lines.push(
      JSON.stringify({
        update,
        stage,
        'reward/mean': gain * progress + 0.15 * wobble,
        'reward/format': 0.5 * Math.min(1, 3 * progress),
        'episode/success': Math.max(0, Math.min(1, gain * progress * 0.8 + 0.06 * wobble)),
        'policy/entropy': 1.4 - progress + 0.05 * wobble,
        'policy/kl': 0.02 * progress + 0.004 * (wobble + 0.5),
        'policy/clipped': 0.1 + 0.04 * wobble,
        'value/loss': 0.9 - 0.6 * progress + 0.1 * wobble,
        'text/thought_words': 12 + 9 * progress + 2 * wobble,
        'time/samples_per_second': 32 + 6 * wobble,
      }),
    )
  }
  await appendFile(path.join(run, 'metrics.jsonl'), `${lines.join('\n')}\n`)
}

/** The events of a booked episode. */
export async function record(
  booking: Booking,
  episode: string,
  labels: { run: string; stage: string; update: number },
) {
  const env = findEnv(envs, booking.env)
  const config = resolveConfig(env, booking.config)
  const events: RecordEvent[] = []
  await play(
    [
      {
        episode,
        env,
        config,
        seed: booking.seed,
        policies: Array.from({ length: env.seats(config) }, () =>
          narrator(env, booking.script, booking.skill),
        ),
        conversation: Conversation.parse({
          modality: booking.modality,
          actionsPerTurn: booking.actionsPerTurn ?? 3,
          maxTurns: booking.maxTurns ?? 30,
        }),
        ...labels,
      },
    ],
    { onEvent: (event) => events.push(event) },
  )
  return events
}

/** Records episodes into a segment of a run. */
export async function writeEpisodes(
  run: string,
  stage: string,
  update: number,
  bookings: readonly Booking[],
) {
  const lines: string[] = []
  for (const [index, booking] of bookings.entries()) {
    const labels = { run: path.basename(run), stage, update }
    for (const event of await record(booking, `${stage}-${update}-${index}`, labels))
      lines.push(writeLine(event))
  }
  await appendFile(path.join(run, 'episodes', `${String(update).padStart(6, '0')}.jsonl`), lines.join(''))
}

/** Writes `events` one by one into a segment of a run, as an episode that is being played; ends early on `signal`. */
export async function writeLive(
  run: string,
  events: readonly RecordEvent[],
  pause: number,
  signal: AbortSignal,
) {
  const file = path.join(run, 'episodes', 'live.jsonl')
  for (const event of events) {
    if (signal.aborted) return
    await appendFile(file, writeLine(event))
    await new Promise((resolve) => setTimeout(resolve, event.type === 'step' ? pause : 0))
  }
}
