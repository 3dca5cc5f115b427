import { hashText } from '#core/base/hash'
import { KICKPUSH } from '#core/base/version'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { actionsOf } from '#core/env/turns'
import { Conversation } from '#core/play/policy'
import { hashState } from '#core/record/differences'
import type { Note } from '#core/record/page'
import { FORMAT, type RecordEvent } from '#core/record/record'
import type { Film } from '../episode/film.ts'
import { games } from '../games.ts'
import { pack, unpack } from './pack.ts'

/** What a link says before its actions. What agents said is left out: a link is what was played. */
interface Head {
  readonly env: string
  readonly version: number
  readonly look: number
  /** What of the config is not the default; with `preset` alone, the seed draws the rest again. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
  readonly agents: readonly string[]
  /** Hash of the state at the end. */
  readonly hash: string
  readonly outcome: string
  readonly success: boolean
  /** What was noted on steps: pairs of step and text. */
  readonly notes?: readonly (readonly [number, string])[]
}

/** Digits of the check at a link's end. */
const CHECK = 8

/** The episode as text for an address. @throws Error when it cannot be played here. */
export async function writeLink(film: Film, notes: readonly Note[] = []): Promise<string> {
  const { start, env, steps } = film
  const state = film.state(film.length)
  if (!start || !env || !state || !film.caughtUp) throw new Error('This episode cannot be made a link')
  const { name: outcome, success } = env.outcome(state)
  const head: Head = {
    ...{ env: env.id, version: env.version, look: start.look, config: least(env, start.config, start.seed) },
    ...{ seed: start.seed, agents: start.agents, hash: hashState(env, state) },
    ...{ outcome: film.end?.outcome ?? outcome, success: film.end?.success ?? success },
    ...(notes.length > 0 && { notes: notes.map(({ t, text }) => [t, text] as const) }),
  }
  const text = new TextEncoder().encode(`${JSON.stringify(head)}\n`)
  const bytes = new Uint8Array([...text, ...steps.flatMap(({ actions }) => actions)])
  const body = await pack(bytes)
  return body + hashText(body).slice(0, CHECK)
}

/**
 * The record that a link holds, and its notes: its steps played again, its end as the link says, so that an end that is not reached
 * shows.
 * @throws Error in a line for people when the link was altered or needs another version.
 */
export async function readLink(link: string): Promise<{ events: RecordEvent[]; notes: Note[] }> {
  const body = link.slice(0, -CHECK)
  if (hashText(body).slice(0, CHECK) !== link.slice(-CHECK))
    throw new Error('A character of it was changed or lost. Copy it again.')
  const bytes = await unpack(body)
  const end = bytes.indexOf(10)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Head
  const env = findEnv(games.envs, head.env)
  if (env.version !== head.version)
    throw new Error(
      `It needs ${head.env} version ${head.version}; this release plays version ${env.version}.`,
    )
  const notes = (head.notes ?? []).map(([t, text]) => ({ t, text }))
  return { events: played(env, head, bytes.subarray(end + 1)), notes }
}

function played(env: Env, head: Head, actions: Uint8Array): RecordEvent[] {
  const episode = `link-${head.hash}`
  const state = env.reset(resolveConfig(env, head.config), head.seed)
  const seats = env.seats(state.config)
  const start = {
    ...{
      type: 'start' as const,
      format: FORMAT,
      episode,
      kickpush: KICKPUSH,
      env: env.id,
      version: env.version,
    },
    ...{ look: head.look, config: state.config as Record<string, unknown>, seed: head.seed },
    ...{ agents: [...head.agents], conversation: Conversation.parse({}), hash: hashState(env, state) },
  }
  const events: RecordEvent[] = [start]
  const sums = head.agents.map(() => 0)
  for (let at = 0; at + seats <= actions.length; at += seats) {
    // Of seats that do not act a byte is there, too.
    const own = actionsOf(env, state, (seat) => actions[at + seat])
    env.step(state, own)
    const rewards = [...state.rewards]
    for (const [seat, reward] of rewards.entries()) sums[seat] += reward
    const terms = rewards.map((_, seat) =>
      Object.fromEntries(
        env.terms.flatMap((name, i) => {
          const value = state.terms[seat * env.terms.length + i]
          return value === 0 ? [] : [[name, value]]
        }),
      ),
    )
    const { t, terminated, truncated } = state
    events.push({
      type: 'step',
      episode,
      t,
      actions: own,
      rewards,
      terms,
      terminated,
      truncated,
      hash: hashState(env, state),
    })
  }
  const { terminated } = state
  const { outcome, success, hash } = head
  const truncated = !terminated
  events.push({
    type: 'end',
    episode,
    steps: state.t,
    return: sums,
    outcome,
    success,
    terminated,
    truncated,
    hash,
  })
  return events
}

/** The least that leads to this config: its preset and what differs from it; what the seed draws is drawn again. */
function least(env: Env, config: Readonly<Record<string, unknown>>, seed: string): Record<string, unknown> {
  const whole = JSON.stringify(config)
  const leadsThere = (part: Record<string, unknown>) =>
    JSON.stringify(env.reset(resolveConfig(env, part), seed).config) === whole
  const { preset } = config
  const named = typeof preset === 'string' && Object.hasOwn(env.presets, preset) ? { preset } : {}
  const usual = env.reset(resolveConfig(env, named), seed).config as Record<string, unknown>
  const differs = ([name, value]: [string, unknown]) => JSON.stringify(usual[name]) !== JSON.stringify(value)
  const some = { ...named, ...Object.fromEntries(Object.entries(config).filter(differs)) }
  return leadsThere(some) ? some : { ...config }
}
