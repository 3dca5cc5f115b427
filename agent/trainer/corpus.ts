import { UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import { own } from '#core/base/own'
import { below, type Random, uniform } from '#core/base/random'
import type { Env, Scripted, Sketch, State } from '#core/env/env'
import { observe } from '#core/env/observe'
import { actionsOf, acts, idleAction, NO_ACTION } from '#core/env/turns'
import type { Level } from '#core/play/match'
import type { Conversation, Observation, PastTurn } from '#core/play/policy'
import { writeAnswer } from '../dialogue/answer.ts'
import { jitterFrame, jitterOf } from '../model/augment.ts'
import type { Prompted } from '../model/encode.ts'

/** One thing to imitate: what is asked, and the response to give. */
export interface Sample {
  readonly prompt: Prompted
  readonly response: string
  /** What happens where, of a solution whose plan is sketched. */
  readonly sketch?: Sketch
  /** Whether it shows the expert, and not a walk. */
  readonly solution: boolean
}

/** What a corpus is made of. */
export interface Mixture {
  readonly conversation: Conversation
  /** Share of samples from random legal walks; the others show what the expert does. */
  readonly walks: number
  /** The environment's scripted agent that shows solutions. */
  readonly expert: string
  /** Most turns shown of an episode. */
  readonly turnsShown: number
  /** Most turns of a random walk from whose end a solution is shown. */
  readonly astray: number
  /** Share of the solutions that begin at the initial state; the others begin where a walk of some turns has led. */
  readonly fromStart: number
  /** Who sits in the other seats of a solution, one of them drawn for each: scripted agents, RANDOM; the expert unless given. */
  readonly against?: readonly string[]
  /** Changes frames, each in its own way (model/augment.ts). */
  readonly augment?: boolean | 'wide'
  /** Whether a solution is planned once, where it begins, and that plan is drawn over its observations. */
  readonly sketched?: boolean
}

/** Whoever plays a legal action at random. */
export const RANDOM = 'random'

/** Levels tried until the expert succeeds from where the walk has led. */
const TRIES = 8
/** Most actions shown in global mode of a solution, and of a walk. */
const GLOBAL = { solution: 50, walk: 16 } as const

/**
 * Samples of a fresh level: a walk of random legal actions, or what the expert does, cut into turns as an agent would
 * play them, of which some are shown. A solution is told with the environment's own thought about the actions that
 * follow (hindsight), true by construction; a walk thinks nothing. `levels` gives the level of each try.
 * @throws UserError when the environment has no such expert.
 */
export function samples(levels: (attempt: number) => Level, mixture: Mixture, random: Random): Sample[] {
  const { conversation } = mixture
  const solution = uniform(random) >= mixture.walks
  const once = conversation.mode === 'global'
  const jitter = jitterOf(mixture.augment ?? false)
  for (let attempt = 0; ; attempt++) {
    const { env, config, seed } = levels(attempt)
    const state = env.reset(config, seed)
    const seat = below(random, env.seats(state.config))
    const fromStart = once || (solution && uniform(random) < mixture.fromStart)
    const walked = fromStart ? 0 : below(random, solution ? mixture.astray : conversation.maxTurns)
    const turns: Turn[] = []
    for (let i = 0; i < walked; i++) playTurn(env, state, seat, {}, conversation, random, turns)
    const first = turns.length
    const cast = solution ? castOf(env, state, mixture, random) : {}
    const most = solution && !once ? conversation.maxTurns - walked : 1
    if (mixture.sketched && solution)
      planTurns(env, state, seat, cast, conversation, random, first + most, turns)
    else for (let i = 0; i < most; i++) playTurn(env, state, seat, cast, conversation, random, turns)
    const shown = turns.length - first
    // Where one seat's success is another's failure, who loses to the expert plays as well as it can.
    const outcome = env.outcome(state)
    const useful = shown > 0 && (!solution || outcome.seats !== undefined || outcome.success)
    if (!useful && attempt < TRIES) continue
    if (turns.length === 0) throw new UserError(`${env.id}: an episode ends before the first turn`)
    const chosen = shown > 0 ? pick(first, shown, mixture.turnsShown, random) : [turns.length - 1]
    const seen = (state: State): Observation => {
      const observation = observe(env, state, seat, conversation.modality)
      return jitter && observation.frame
        ? { ...observation, frame: jitterFrame(observation.frame, random, jitter) }
        : observation
    }
    return chosen.map((turn) => write(env, seat, turns, turn, conversation, solution, seen))
  }
}

/** At most `most` different numbers of the `count` from `first` on. */
function pick(first: number, count: number, most: number, random: Random): number[] {
  const left = Array.from({ length: count }, (_, i) => first + i)
  return Array.from({ length: Math.min(most, count) }, () => left.splice(below(random, left.length), 1)[0])
}

interface Turn {
  readonly before: State
  readonly actions: readonly number[]
  /** All that is to be played from `before` on, where that is known. */
  readonly plan?: readonly number[]
}

/** Who plays the seat that is shown, and the others; they walk where nobody is named. */
interface Cast {
  readonly own?: Scripted
  readonly others?: Scripted
}

function castOf(env: Env, state: State, { expert, against }: Mixture, random: Random): Cast {
  const own = expertOf(env, state, expert)
  if (!against) return { own, others: own }
  const name = against[below(random, against.length)]
  return { own, others: name === RANDOM ? undefined : expertOf(env, state, name) }
}

/** Plays turns in place that follow one plan of the expert to its end, at most `most`; of a game with one seat. */
function planTurns(
  env: Env,
  state: State,
  seat: number,
  { own }: Cast,
  { actionsPerTurn }: Conversation,
  random: Random,
  most: number,
  turns: Turn[],
): void {
  if (over(state) || !own) return
  let plan = own.act(state, seat, random)
  while (turns.length < most && plan.length > 0 && !over(state)) {
    const before = env.clone(state)
    const actions = asThought(env, before, seat, plan.slice(0, actionsPerTurn))
    for (const action of actions) env.step(state, [action])
    turns.push({ before, actions, plan })
    plan = plan.slice(actions.length)
  }
}

/** Plays one turn of `seat` in place, from where it acts next. */
function playTurn(
  env: Env,
  state: State,
  seat: number,
  { own, others }: Cast,
  conversation: Conversation,
  random: Random,
  turns: Turn[],
): void {
  const plans: number[][] = Array.from({ length: env.seats(state.config) }, () => [])
  const choose = (at: State): number[] =>
    actionsOf(env, at, (other) => {
      const agent = other === seat ? own : others
      if (!agent) return walk(env, at, other, random)
      const plan = plans[other]
      if (plan.length === 0) append(plan, agent.act(at, other, random))
      return plan.shift()!
    })
  while (!over(state) && !acts(env, state, seat)) env.step(state, choose(state))
  if (over(state)) return
  const before = env.clone(state)
  const online = conversation.mode === 'online'
  const most = online ? conversation.actionsPerTurn : own ? GLOBAL.solution : 1 + below(random, GLOBAL.walk)
  const ahead = env.clone(state)
  const steps: number[][] = []
  const planned: number[] = []
  while (planned.length < most && !over(ahead)) {
    const step = choose(ahead)
    steps.push(step)
    if (step[seat] !== NO_ACTION) planned.push(step[seat])
    env.step(ahead, step)
  }
  const actions = own && online ? asThought(env, before, seat, planned) : planned
  let played = 0
  for (let i = 0; played < actions.length; i++) {
    env.step(state, steps[i])
    if (steps[i][seat] !== NO_ACTION) played++
  }
  turns.push({ before, actions })
}

/**
 * What is thought is done, then looked at: the shortest beginning of a plan that makes its thought true, with the
 * repeats of its last action; all of it where the thought is true of doing nothing.
 */
function asThought(env: Env, state: State, seat: number, plan: readonly number[]): readonly number[] {
  const thought = env.think?.(state, seat, plan)
  let length = 0
  while (length < plan.length && env.think?.(state, seat, plan.slice(0, length)) !== thought) length++
  if (length === 0) return plan
  while (length < plan.length && plan[length] === plan[length - 1]) length++
  return plan.slice(0, length)
}

function write(
  env: Env,
  seat: number,
  turns: readonly Turn[],
  chosen: number,
  conversation: Conversation,
  solution: boolean,
  seen: (state: State) => Observation,
): Sample {
  const { before, actions, plan } = turns[chosen]
  const names = env.actions(before.config)
  const history = turns.slice(0, chosen).map(
    (turn): PastTurn => ({
      observation: seen(turn.before),
      response: '',
      actions: turn.actions.map((action) => names[action]),
      feedback: '',
    }),
  )
  // A walk has no reason to tell.
  const thought = (solution && env.think?.(before, seat, actions)) || ''
  const words = actions.map((action) => names[action])
  const observation = seen(before)
  return {
    prompt: { env, conversation, observation, history },
    response: writeAnswer(thought, words),
    sketch: plan && env.sketch?.draw(before, seat, actions, plan),
    solution,
  }
}

/** A legal action at random; any action where the game has no mask. */
function walk(env: Env, state: State, seat: number, random: Random): number {
  const mask = env.legal?.(state, seat)
  if (!mask) return below(random, env.actions(state.config).length)
  const legal = mask.flatMap((ok, action) => (ok ? [action] : []))
  return legal.length > 0 ? legal[below(random, legal.length)] : idleAction(env, state.config)
}

function expertOf(env: Env, state: State, name: string): Scripted {
  const make = own(env.policies, name)
  if (!make) throw new UserError(`${env.id} has no scripted agent '${name}' to imitate`)
  return make(state.config)
}

const over = (state: State): boolean => state.terminated || state.truncated
