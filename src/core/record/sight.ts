import { z } from 'zod'
import { UserError } from '../base/errors.ts'
import { explain } from '../base/explain.ts'
import { KICKPUSH } from '../base/version.ts'
import type { Scene } from '../draw/scene.ts'
import { NO_ACTION, succeeds } from '../env/turns.ts'
import type { Replay } from './replay.ts'

/** The version of the format of sights; an unknown one is refused. */
export const SIGHT_FORMAT = 1

const item = z.looseObject({
  id: z.string(),
  x: z.number(),
  y: z.number(),
  shapes: z.array(z.looseObject({})),
})
const side = z.int().min(1).max(8192)

/** Opens an episode as a seat saw it: no seed, no config, no hash, no name that tells them. */
const Begin = z.looseObject({
  type: z.literal('sight'),
  format: z.int(),
  kickpush: z.string(),
  env: z.string(),
  title: z.string(),
  version: z.int(),
  look: z.int(),
  seat: z.int().min(0),
  agent: z.string(),
  /** Action names in index order. */
  actions: z.array(z.string()).min(1),
  frame: z.object({ width: side, height: side }),
  pace: z.number().positive().optional(),
})

/** What the seat saw after `t` steps. */
const Seen = z.looseObject({
  type: z.literal('seen'),
  t: z.int().min(0),
  text: z.string(),
  scene: z.looseObject({
    width: side,
    height: side,
    background: z.int(),
    outside: z.int().optional(),
    items: z.array(item),
  }),
})

/** What it said when it was asked. */
const Said = z.looseObject({
  type: z.literal('said'),
  t: z.int().min(0),
  valid: z.boolean(),
  actions: z.array(z.string()),
  response: z.string().optional(),
  thought: z.string().optional(),
  value: z.number().optional(),
  probabilities: z.array(z.record(z.string(), z.number())).optional(),
})

/** What it did in a step, -1 where it did not decide, and what that brought it. */
const Did = z.looseObject({
  type: z.literal('did'),
  t: z.int().min(1),
  action: z.int().min(NO_ACTION),
  reward: z.number(),
  terms: z.record(z.string(), z.number()),
})

const Over = z.looseObject({
  type: z.literal('over'),
  outcome: z.string(),
  success: z.boolean(),
  terminated: z.boolean(),
})

const Line = z.discriminatedUnion('type', [Begin, Seen, Said, Did, Over])
export type Begin = z.infer<typeof Begin>
export type Seen = z.infer<typeof Seen>
export type Said = z.infer<typeof Said>
export type Did = z.infer<typeof Did>
export type Over = z.infer<typeof Over>

/** An episode as a seat saw it. Nobody can play it again, so nothing of it is verified. */
export interface Sight {
  readonly begin: Begin
  /** One for the beginning and one after each step. */
  readonly seen: readonly Seen[]
  readonly said: readonly Said[]
  /** One for each step. */
  readonly did: readonly Did[]
  readonly over?: Over
}

/**
 * The lines of a replayed episode as `seat` saw it, with what it said and did: of what it may not know nothing goes in,
 * and two episodes that look alike to it give the same lines.
 * @throws UserError when the episode has no such seat, or cannot be replayed here.
 */
export function writeSight(replay: Replay, seat: number): string {
  const { env, state, start, end, turns, steps } = replay
  if (!env || !state || !start)
    throw new UserError('the episode cannot be replayed, so what was seen is not known')
  if (seat < 0 || seat >= start.agents.length) {
    throw new UserError(`the episode has seats 0 to ${start.agents.length - 1} (got ${seat})`)
  }
  const lines: z.infer<typeof Line>[] = [
    {
      type: 'sight',
      format: SIGHT_FORMAT,
      kickpush: KICKPUSH,
      env: env.id,
      title: env.title,
      version: env.version,
      look: env.look,
      seat,
      agent: start.agents[seat],
      actions: [...env.actions(state.config)],
      frame: { ...env.frame(state.config) },
      ...(env.pace !== undefined && { pace: env.pace }),
    },
  ]
  for (let t = 0; t <= state.t; t++) {
    if (t > 0) {
      const { actions, rewards, terms } = steps[t - 1]
      lines.push({ type: 'did', t, action: actions[seat], reward: rewards[seat], terms: terms[seat] ?? {} })
    }
    const at = replay.stateAt(t)
    lines.push({ type: 'seen', t, text: env.text(at, seat), scene: plain(env.scene(at, seat)) })
    for (const turn of turns) {
      if (turn.t !== t || turn.seat !== seat) continue
      const { valid, actions, response, thought, value, probabilities } = turn
      lines.push({ type: 'said', t, valid, actions, response, thought, value, probabilities })
    }
  }
  if (end) {
    const { outcome, terminated } = end
    lines.push({ type: 'over', outcome, success: succeeds(end, seat), terminated })
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

const plain = (scene: Scene): Seen['scene'] => JSON.parse(JSON.stringify(scene))

/** Whether a text is an episode as a seat saw it, by how it begins. */
export const isSight = (text: string): boolean => /^\s*\{"type":"sight"/.test(text)

/** @throws UserError with the line that is none of such an episode. */
export function readSight(text: string): Sight {
  const read = text
    .split('\n')
    .map((line, i) => [line, i + 1] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, number]) => lineOf(line, number))
  const [begin, ...rest] = read
  if (begin?.type !== 'sight') throw new UserError('line 1 does not begin an episode as a seat saw it')
  if (begin.format !== SIGHT_FORMAT) {
    throw new UserError(`format ${begin.format} is unknown (this release reads format ${SIGHT_FORMAT})`)
  }
  const of = <T extends Seen | Said | Did | Over>(type: T['type']) =>
    rest.filter((one) => one.type === type) as T[]
  const [seen, did] = [of<Seen>('seen'), of<Did>('did')]
  const whole =
    seen.length === did.length + 1 &&
    seen.every(({ t }, i) => t === i) &&
    did.every(({ t }, i) => t === i + 1)
  if (!whole) throw new UserError('steps are missing: nothing can be played in their place')
  const wrong = did.find(({ action }) => action >= begin.actions.length)
  if (wrong) throw new UserError(`step ${wrong.t}: there is no action ${wrong.action}`)
  return { begin, seen, did, said: of<Said>('said'), over: of<Over>('over')[0] }
}

function lineOf(line: string, number: number): z.infer<typeof Line> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new UserError(`line ${number} is not JSON`)
  }
  const result = Line.safeParse(value)
  if (result.success) return result.data
  throw new UserError(`line ${number}: ${explain(result.error, value, Line)}`)
}
