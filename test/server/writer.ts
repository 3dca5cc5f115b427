import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { EndEvent, RecordEvent, StartEvent, StepEvent, TurnEvent } from '#core/record/record'

const hash = '0123456789abcdef'

/** A fresh folder for runs. */
export function runsFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'kickpush-runs-'))
}

/** Writes a run folder as a learner would, line by line. */
export class Writer {
  readonly folder: string
  readonly id: string

  constructor(runs: string, id: string, status = 'running') {
    this.id = id
    this.folder = path.join(runs, id)
    mkdirSync(path.join(this.folder, 'episodes'), { recursive: true })
    this.status(status)
  }

  status(status: string): void {
    const info = { format: 1, id: this.id, kickpush: '0.0.0', recipe: 'toy', seed: '1', backend: 'cpu' }
    const stages = [{ name: 'fre', kind: 'fre', updates: 3 }]
    writeFileSync(
      path.join(this.folder, 'run.json'),
      JSON.stringify({ ...info, stages, status, envs: { toy: [1, 1] } }),
    )
  }

  raw(segment: string, text: string | Buffer): void {
    appendFileSync(path.join(this.folder, 'episodes', segment), text)
  }

  events(segment: string, ...events: RecordEvent[]): void {
    this.raw(segment, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  metrics(...rows: object[]): void {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    appendFileSync(path.join(this.folder, 'metrics.jsonl'), text)
  }
}

export function start(episode: string, more: Partial<StartEvent> = {}): StartEvent {
  return {
    type: 'start',
    format: 1,
    episode,
    kickpush: '0.0.0',
    env: 'toy',
    version: 1,
    look: 1,
    config: { preset: 'line' },
    seed: `seed/${episode}`,
    agents: ['expert'],
    conversation: {
      mode: 'online',
      modality: 'text',
      actionsPerTurn: 1,
      maxTurns: 50,
      memoryActions: 5,
      memoryObservations: 1,
    },
    stage: 'fre',
    update: 3,
    hash,
    ...more,
  }
}

export function turn(episode: string, n: number, more: Partial<TurnEvent> = {}): TurnEvent {
  return {
    type: 'turn',
    episode,
    turn: n,
    t: n,
    seat: 0,
    observation: { modality: 'text', hash },
    valid: true,
    actions: ['Right'],
    response: '<think>the box is to the right</think><answer>Right</answer>',
    ...more,
  }
}

export function step(episode: string, t: number, reward = -0.5): StepEvent {
  const flags = { terminated: false, truncated: false }
  return {
    type: 'step',
    episode,
    t,
    actions: [1],
    rewards: [reward],
    terms: [{ move: reward }],
    ...flags,
    hash,
  }
}

export function end(episode: string, steps: number, total: number, more: Partial<EndEvent> = {}): EndEvent {
  const flags = { terminated: true, truncated: false }
  return {
    type: 'end',
    episode,
    steps,
    return: [total],
    outcome: 'solved',
    success: true,
    ...flags,
    hash,
    ...more,
  }
}

/** A whole episode of n turns with one step each. */
export function episode(id: string, n: number, more: Partial<StartEvent> = {}): RecordEvent[] {
  const events: RecordEvent[] = [start(id, more)]
  for (let i = 0; i < n; i++) events.push(turn(id, i), step(id, i + 1))
  return [...events, end(id, n, 0 - 0.5 * n)]
}
