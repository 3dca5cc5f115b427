import { z } from 'zod'
import type { Env, State } from '../env/env.ts'
import { layout } from '../env/layout.ts'
import { hashObservation, observe } from '../env/observe.ts'
import { termsBySeat } from '../play/episode.ts'
import { Conversation } from '../play/policy.ts'
import { hashState } from './differences.ts'
import { FORMAT, type RecordEvent } from './record.ts'
import type { Sight } from './sight.ts'

/**
 * An episode as a seat saw it in the form in which others are shown: a game of one seat that only shows what was seen
 * step after step, whatever is played, and its record.
 */
export function shownAs(sight: Sight, episode: string): { env: Env; events: RecordEvent[] } {
  const env = gameOf(sight)
  const { begin, said, did, over } = sight
  const state = env.reset({}, '')
  const conversation = Conversation.parse({ modality: 'both', actionsPerTurn: 200, maxTurns: 10_000 })
  const events: RecordEvent[] = [
    {
      type: 'start',
      format: FORMAT,
      episode,
      kickpush: begin.kickpush,
      env: env.id,
      version: env.version,
      look: env.look,
      config: {},
      seed: '',
      agents: [begin.agent],
      conversation,
      hash: hashState(env, state),
    },
  ]
  const speak = (): void => {
    for (const { type: _, t, ...turn } of said.filter(({ t }) => t === state.t)) {
      const hash = hashObservation(observe(env, state, 0, 'both'))
      const observation = { modality: 'both' as const, hash }
      const number = events.filter(({ type }) => type === 'turn').length
      events.push({ ...turn, type: 'turn', episode, turn: number, t, seat: 0, observation })
    }
  }
  speak()
  for (const { action } of did) {
    env.step(state, [action])
    events.push({
      type: 'step',
      episode,
      t: state.t,
      actions: [action],
      rewards: [...state.rewards],
      terms: termsBySeat(env, state),
      terminated: state.terminated,
      truncated: state.truncated,
      hash: hashState(env, state),
    })
    speak()
  }
  if (over) {
    const { outcome, success } = over
    events.push({
      type: 'end',
      episode,
      steps: did.length,
      return: [did.reduce((sum, { reward }) => sum + reward, 0)],
      outcome,
      success,
      terminated: state.terminated,
      truncated: !state.terminated,
      hash: hashState(env, state),
    })
  }
  return { env, events }
}

function gameOf({ begin, seen, did, over }: Sight): Env {
  const terms = [...new Set(did.flatMap((step) => Object.keys(step.terms)))]
  const { make, save, load, clone } = layout(z.looseObject({}), {
    format: 1,
    seats: 1,
    terms: terms.length,
    fields: {},
  })
  return {
    id: begin.env,
    title: begin.title,
    version: begin.version,
    look: begin.look,
    terms,
    config: z.looseObject({}),
    presets: {},
    examples: [{}],
    seats: () => 1,
    actions: () => begin.actions,
    idle: () => 0,
    toAct: ({ t }) => (did[t] !== undefined && did[t].action < 0 ? [] : [0]),
    reset: (config) => make(config as Record<string, unknown>) as State,
    step(state) {
      const now = did[state.t]
      if (!now) return
      state.t++
      state.rewards[0] = now.reward
      for (const [i, term] of terms.entries()) state.terms[i] = now.terms[term] ?? 0
      state.terminated = state.t === did.length && over?.terminated === true
    },
    clone: (state) => clone(state as never) as State,
    save: (state, out) => save(state as never, out),
    load: (bytes) => load(bytes) as State,
    text: ({ t }) => seen[t].text,
    scene: ({ t }) => seen[t].scene as never,
    frame: () => begin.frame,
    prompt: () => ({ rules: begin.title, text: begin.title, frame: begin.title }),
    outcome: ({ t }) => ({
      name: t === did.length && over ? over.outcome : 'playing',
      success: t === did.length && over?.success === true,
    }),
    pace: begin.pace,
  }
}
