import { UserError } from '../base/errors.ts'
import { hashBytes } from '../base/hash.ts'
import { KICKPUSH } from '../base/version.ts'
import type { Env, Outcome, State } from '../env/env.ts'
import { hashObservation, observe } from '../env/observe.ts'
import { idleAction, NO_ACTION } from '../env/turns.ts'
import { FORMAT, type RecordEvent } from '../record/record.ts'
import { forfeited, forfeiter } from './forfeit.ts'
import type { Episode, Match, PlayOptions } from './match.ts'
import { actionLimit, nextAction, played, turnLimit } from './plan.ts'
import type { Request, Response } from './policy.ts'
import { closeTurn, openSeat, openTurn, rewardTurn, type Seat, settle } from './seat.ts'

/** An episode being played. */
export interface Playing {
  readonly match: Match
  readonly state: State
  /** A copy for the benchmark score, which is relative to where the episode began. */
  readonly initial: State | undefined
  readonly names: readonly string[]
  readonly seats: readonly Seat[]
  /** Action of each seat at the step to come; NO_ACTION while it has none. */
  readonly next: Int32Array
  readonly onEvent: ((event: RecordEvent) => void) | undefined
  /** Reused for hashing. */
  bytes: Uint8Array | undefined
  /** Why an agent gave no answer. */
  failed: string | undefined
  /** The seat that has lost because it gave no answer to play. */
  forfeit: number | undefined
}

/** @throws UserError when the number of policies is not the number of seats. */
export function begin(match: Match, { onEvent, score = true, watched }: PlayOptions): Playing {
  const seen = watched?.(match) ?? true
  const { env, config, seed, policies, conversation } = match
  const count = env.seats(config)
  if (policies.length !== count) {
    throw new UserError(`${env.id} has ${count} seats here, but ${policies.length} policies were given`)
  }
  const state = env.reset(config, seed)
  const playing: Playing = {
    match,
    state,
    initial: score && seen && env.score ? env.clone(state) : undefined,
    names: env.actions(config),
    seats: policies.map((policy, i) => openSeat(env, conversation, i, policy, match.sampling ?? seed)),
    next: new Int32Array(count).fill(NO_ACTION),
    onEvent: seen ? onEvent : undefined,
    bytes: undefined,
    failed: undefined,
    forfeit: undefined,
  }
  emit(playing, () => ({
    type: 'start',
    format: FORMAT,
    episode: match.episode,
    kickpush: KICKPUSH,
    env: env.id,
    package: env.origin && `${env.origin.package}@${env.origin.version}`,
    version: env.version,
    look: env.look,
    config: { ...state.config },
    seed,
    agents: policies.map((policy) => policy.id),
    conversation,
    run: match.run,
    stage: match.stage,
    update: match.update,
    hash: hash(playing),
  }))
  for (const actions of match.opening ?? []) {
    playing.next.set(actions)
    step(playing)
  }
  return playing
}

/**
 * Plays steps until a seat must be asked, and asks; no request means that the episode is over.
 * A seat without actions idles while others that act now play; one whose answer gave none is asked again after a step of
 * theirs.
 */
export function advance(playing: Playing): Request[] {
  const { state, seats, next, match } = playing
  const most = turnLimit(match.conversation)
  while (!state.terminated && !state.truncated && playing.failed === undefined) {
    const acting = match.env.toAct?.(state).map((index) => seats[index]) ?? seats
    let idle = 0
    for (const seat of acting) {
      if (next[seat.index] < 0) next[seat.index] = nextAction(seat.plan, state, seat.index)
      if (next[seat.index] < 0) idle++
    }
    if (idle > 0) {
      const able = acting.filter((seat) => next[seat.index] < 0 && seat.turns.length < most)
      if (forfeits(playing)) return []
      const asked = idle === acting.length ? able : able.filter((seat) => !seat.answered)
      if (asked.length > 0 || idle === acting.length) return asked.map((seat) => ask(playing, seat))
    }
    step(playing)
  }
  return []
}

/** Whether who is waited for has lost, as it is from now on. */
function forfeits(playing: Playing): boolean {
  const { match, state, seats } = playing
  const plans = seats.map(({ plan }) => plan)
  playing.forfeit = forfeiter(match.env, state, plans)
  if (playing.forfeit === undefined) return false
  const { seats: worth } = outcomeOf(playing)
  for (const seat of seats) settle(seat, worth![seat.index])
  return true
}

/** How the episode stands. */
export function outcomeOf({ match: { env }, state, forfeit }: Playing): Outcome {
  return forfeit === undefined ? env.outcome(state) : forfeited(state, forfeit)
}

/** Takes the answer to a request. */
export function answer(playing: Playing, request: Request, response: Response): void {
  const { match, names, seats } = playing
  const seat = seats[request.seat]
  if (response.end === 'failed') playing.failed = response.reason ?? `${seat.policy.id} gave no answer`
  openTurn(seat, request, response, names)
  emit(playing, () => ({
    type: 'turn',
    episode: match.episode,
    turn: request.turn,
    t: request.state.t,
    seat: seat.index,
    observation: { modality: match.conversation.modality, hash: hashObservation(request.observation) },
    valid: response.valid,
    format: response.format,
    end: response.end,
    actions: response.actions.map((action) => names[action]),
    reason: response.end && response.reason,
    response: response.text,
    thought: response.thought,
    reasoning: response.reasoning,
    usage: response.usage,
    value: response.value,
    probabilities: response.probabilities?.slice(),
  }))
}

/** Closes an episode that `advance` has no more requests for. */
export function finish(playing: Playing): Episode {
  const { match, state, seats, initial } = playing
  const { env } = match
  const outcome = outcomeOf(playing)
  const episode: Episode = {
    match,
    turns: seats.map((seat) => seat.turns),
    final: state,
    steps: state.t,
    return: seats.map((seat) => seat.rewards.reduce((sum, reward) => sum + reward, 0)),
    score: initial && seats.map((seat) => env.score?.(initial, seat.rewards.slice(0, state.t)) ?? null),
    outcome,
    terminated: state.terminated,
    truncated: !state.terminated,
    ...(playing.failed !== undefined && { failed: playing.failed }),
  }
  emit(playing, () => ({
    type: 'end',
    episode: match.episode,
    steps: episode.steps,
    return: [...episode.return],
    score: episode.score?.slice(),
    outcome: outcome.name,
    success: outcome.success,
    seats: outcome.seats?.slice(),
    terminated: episode.terminated,
    truncated: episode.truncated,
    failed: episode.failed,
    forfeit: playing.forfeit,
    hash: hash(playing),
  }))
  return episode
}

function ask({ match, state, names }: Playing, seat: Seat): Request {
  const { env, episode, conversation } = match
  closeTurn(seat, names)
  return {
    episode,
    env,
    state: env.clone(state),
    seat: seat.index,
    turn: seat.turns.length,
    conversation,
    limit: actionLimit(conversation),
    observation: observe(env, state, seat.index, conversation.modality),
    history: seat.history.slice(),
    random: seat.random,
  }
}

function step(playing: Playing): void {
  const { match, state, seats, next } = playing
  const { env } = match
  const acting = env.toAct?.(state)
  for (let i = 0; i < next.length; i++) {
    if (next[i] >= 0) played(seats[i].plan, env, state, i, next[i])
    else if (!acting || acting.includes(i)) next[i] = idleAction(env, state.config)
  }
  env.step(state, next)
  for (const seat of seats) rewardTurn(seat, env, state)
  emit(playing, () => ({
    type: 'step',
    episode: match.episode,
    t: state.t,
    actions: Array.from(next),
    rewards: Array.from(state.rewards),
    terms: termsBySeat(env, state),
    terminated: state.terminated,
    truncated: state.truncated,
    hash: hash(playing),
  }))
  next.fill(NO_ACTION)
}

/** Reward terms of the last step by name, one map per seat, zeros left out. */
export function termsBySeat(env: Env, state: State): Record<string, number>[] {
  return Array.from(state.rewards, (_, seat) => {
    const terms: Record<string, number> = {}
    for (let i = 0; i < env.terms.length; i++) {
      const term = state.terms[seat * env.terms.length + i]
      if (term !== 0) terms[env.terms[i]] = term
    }
    return terms
  })
}

/** Makes an event only when somebody listens, and leaves out what is undefined: events must look the same as JSON. */
function emit({ onEvent }: Playing, event: () => RecordEvent): void {
  if (!onEvent) return
  const given = Object.entries(event()).filter(([, value]) => value !== undefined)
  onEvent(Object.fromEntries(given) as RecordEvent)
}

function hash(playing: Playing): string {
  playing.bytes = playing.match.env.save(playing.state, playing.bytes)
  return hashBytes(playing.bytes)
}
