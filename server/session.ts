import { UserError } from '#core/base/errors'
import { below, seeded } from '#core/base/random'
import { legalActions, parseActions } from '#core/env/actions'
import { parse, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import type { RewardRule } from '#core/env/reward'
import { SPLITS, type Split, seedsOf, splitOf } from '#core/env/split'
import { succeeds } from '#core/env/turns'
import { advance, answer, begin, finish, outcomeOf, type Playing } from '#core/play/episode'
import type { Conversation, Policy, Request, Response } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { ActionData, type Decision, type Observation, type StateData } from './exchange.ts'
import type { ResetData } from './reset.ts'

/** What is played from outside, and how it is spoken about. */
export interface Game {
  readonly env: Env
  /** Input of the environment's config; a reset may add to it. */
  readonly config: Readonly<Record<string, unknown>>
  /** Configs of the levels of files, which a reset chooses among; they come on top of `config`. */
  readonly levels?: readonly object[]
  readonly conversation: Conversation
  /** The chat that asks for a decision, in the form of OpenAI's API. */
  readonly messages: (request: Request) => readonly object[]
  /** What an answer in words decides. */
  readonly read: (text: string, request: Request) => Response
  /** Worth of a turn; the sum of the environment's rewards unless given. */
  readonly rule?: RewardRule
  /** Sits in all seats but one, which is then the only one played from outside. */
  readonly opponent?: Policy
  /** Levels of this split only, where a reset does not say another. */
  readonly split?: Split | 'all'
  /** Gets the record of every episode. */
  readonly onEvent?: (event: RecordEvent) => void
}

/** What a decision led to. */
export interface Step {
  readonly observation: Observation
  /**
   * What the decision was worth: to the seat that plays against an opponent, else mean over seats, over those that decided
   * where they take turns. null after a reset.
   */
  readonly reward: number | null
  readonly done: boolean
}

/** One episode after another, decided by somebody outside; the same loop plays it as any policy. */
export class Session {
  private readonly game: Game
  private playing: Playing | null = null
  private asked: Request[] = []
  /** The only seat played from outside, where an opponent has the others. */
  private own: number | undefined
  private marks: number[] = []

  constructor(game: Game) {
    this.game = game
  }

  /** @throws UserError for a config that cannot be played, and for a seat that is not there. */
  async reset(data: ResetData, episode: string, seed: string): Promise<Step> {
    const { env, conversation, opponent, onEvent } = this.game
    const split = data.split ?? this.game.split ?? 'all'
    const level = this.levelOf(data, seed, split)
    const config = resolveConfig(env, { ...this.game.config, ...level, ...data.config })
    const [place] = split === 'all' || level ? [seed] : seedsOf(env, config, split, seed, 1)
    const seats = env.seats(config)
    this.own = this.seatOf(data, seats, seed)
    const policies = Array.from(
      { length: seats },
      (_, seat): Policy => (this.own === undefined || seat === this.own ? OUTSIDE : opponent!),
    )
    this.playing = begin({ episode, env, config, seed: place, policies, conversation }, { onEvent })
    this.marks = policies.map(() => 0)
    this.asked = await this.proceed(this.playing)
    if (this.asked.length === 0) finish(this.playing)
    return this.again(data.request_id)
  }

  /** What was looked at last, for a client that comes back. @throws UserError without an episode. */
  again(request?: string): Step {
    if (!this.playing) throw new UserError('no episode: reset first')
    const told = request === undefined ? {} : { request_id: request }
    return { observation: { ...this.look(), ...told }, reward: null, done: this.asked.length === 0 }
  }

  private seatOf({ seat }: ResetData, seats: number, seed: string): number | undefined {
    if (!this.game.opponent) {
      if (seat == null) return undefined
      throw new UserError("'seat' is of servers with an opponent, and here all seats are yours")
    }
    if (seat != null && seat >= seats) {
      throw new UserError(`'seat' is at most ${seats - 1}, there are ${seats} seats (got ${seat})`)
    }
    return seat ?? below(seeded(`${seed}/seat`), seats)
  }

  /** Plays on until somebody outside must decide; nobody does once the episode is over. */
  private async proceed(playing: Playing): Promise<Request[]> {
    const { opponent } = this.game
    for (;;) {
      const requests = advance(playing)
      if (!opponent || requests.length === 0) return requests
      const theirs = requests.filter(({ seat }) => seat !== this.own)
      if (theirs.length > 0) {
        const responses = await opponent.act(theirs)
        for (const [i, request] of theirs.entries()) answer(playing, request, responses[i])
      }
      if (theirs.length < requests.length) return requests.filter(({ seat }) => seat === this.own)
    }
  }

  private levelOf({ index }: ResetData, seed: string, split: Split | 'all'): object | undefined {
    const { levels } = this.game
    if (levels === undefined) {
      if (index == null) return undefined
      throw new UserError("'index' is of level files, and none are served")
    }
    if (index != null && index > levels.length) {
      throw new UserError(`'index' is at most ${levels.length}, as many levels are served (got ${index})`)
    }
    const random = seeded(`${seed}/level`)
    if (split === 'all') return levels[index == null ? below(random, levels.length) : index - 1]
    const splits = splitsOf(this.game)
    if (index != null && splits[index - 1] !== split) {
      throw new UserError(`level ${index} is of the ${splits[index - 1]} split, not of ${split}`)
    }
    if (index != null) return levels[index - 1]
    const own = levels.filter((_, i) => splits[i] === split)
    if (own.length === 0) throw new UserError(`no served level is of the ${split} split`)
    return own[below(random, own.length)]
  }

  /** @throws UserError for a decision that cannot be read, or when there is nothing to decide. */
  async step(data: unknown, request?: string): Promise<Step> {
    const { playing } = this
    if (!playing) throw new UserError('no episode: reset first')
    if (this.asked.length === 0) throw new UserError('the episode is over: reset to play another')
    const action = parse(ActionData, data, 'action')
    const decisions = Array.isArray(action.seats) ? action.seats : [action as Decision]
    if (decisions.length !== this.asked.length) {
      throw new UserError(`action: ${this.asked.length} seats must decide, ${decisions.length} did`)
    }
    const responses = decisions.map((decision, i) => this.read(decision, this.asked[i]))
    const before = this.asked
    for (const [i, request] of before.entries()) answer(playing, request, responses[i])
    this.asked = await this.proceed(playing)
    const done = this.asked.length === 0
    if (done) finish(playing)
    const rewards = playing.seats.map((_, seat) => this.worth(seat, done))
    // Where seats take turns, who waited decided nothing: its own worth is among the rewards.
    const some = this.own !== undefined || playing.match.env.toAct !== undefined
    const judged = some ? before.map(({ seat }) => rewards[seat]) : rewards
    const reward = judged.reduce((sum, value) => sum + value, 0) / judged.length
    const unplayed = responses.reduce((sum, { beyond = 0 }) => sum + beyond, 0)
    const inside = action.metadata?.request_id
    const told = request ?? action.request_id ?? (typeof inside === 'string' ? inside : undefined)
    const observation = {
      ...this.look(),
      rewards,
      ...(unplayed > 0 && { unplayed }),
      ...(told != null && { request_id: told }),
    }
    return { observation, reward, done }
  }

  state(): StateData {
    const { playing } = this
    if (!playing) return { episode_id: null, step_count: 0 }
    const { match, state } = playing
    const outcome = outcomeOf(playing)
    return {
      episode_id: match.episode,
      step_count: state.t,
      env: match.env.id,
      ...(this.told && { seed: match.seed, config: { ...state.config } }),
      turns: playing.seats.map(({ turns }) => turns.length),
      return: playing.seats.map(({ rewards }) => rewards.reduce((sum, value) => sum + value, 0)),
      outcome: outcome.name,
      success: succeeds(outcome, this.own ?? 0),
      ...(outcome.seats && { results: [...outcome.seats] }),
      terminated: state.terminated,
      truncated: this.asked.length === 0 && !state.terminated,
    }
  }

  /** Whether a client may know what the episode began with: from it the hidden part could be worked out. */
  private get told(): boolean {
    return this.game.env.determinize === undefined || this.asked.length === 0
  }

  /** @throws UserError for actions that are none, or more than can be played. */
  private read(decision: Decision, request: Request): Response {
    if (decision.response != null) return this.game.read(decision.response, request)
    const { env, state, limit } = request
    const oneSeat = { ...env, seats: () => 1 }
    const actions = parseActions(oneSeat, state.config, decision.actions)
    if (actions.length > limit) {
      throw new UserError(`action: at most ${limit} can be played now (got ${actions.length}); none was`)
    }
    return { valid: true, actions: actions.map(([index]) => index) }
  }

  /** What every seat that must decide sees; the plain fields are the first one's. */
  private look(): Observation {
    const playing = this.playing!
    const { match, state, names } = playing
    const views = this.asked.map((request) => ({
      seat: request.seat,
      turn: request.turn,
      limit: request.limit,
      ...(match.env.legal && {
        ...legality(legalActions(match.env, request.state, request.seat), names),
      }),
      ...(request.observation.text !== undefined && { text: request.observation.text }),
      messages: this.game.messages(request).map((message) => ({ ...message })),
    }))
    const outcome = outcomeOf(playing)
    return {
      ...(views[0] ?? { text: match.env.text(state, this.own ?? 0), messages: [] }),
      ...(playing.seats.length > 1 && { seats: views }),
      actions: [...names],
      episode_id: match.episode,
      ...(this.told && { seed: match.seed }),
      terminated: state.terminated,
      truncated: this.asked.length === 0 && !state.terminated,
      outcome: outcome.name,
      success: succeeds(outcome, this.own ?? 0),
      ...(outcome.seats && { results: [...outcome.seats] }),
    }
  }

  /** What the steps since the last look were worth to a seat: by the rule once its turn is over. */
  private worth(seat: number, done: boolean): number {
    const { rewards, turns } = this.playing!.seats[seat]
    const mark = this.marks[seat]
    const { rule } = this.game
    if (!rule) {
      this.marks[seat] = rewards.length
      return rewards.slice(mark).reduce((sum, value) => sum + value, 0)
    }
    const turn = turns.at(-1)
    const over = done || this.asked.some((request) => request.seat === seat)
    if (!turn || !over || turns.length === mark) return 0
    this.marks[seat] = turns.length
    const { state, names } = this.playing!
    const terms = rule({
      format: turn.response.valid && turn.response.format !== 'lenient',
      response: turn.response.text ?? '',
      thought: turn.response.thought ?? '',
      actions: turn.response.actions.map((action) => names[action]),
      rewards: turn.rewards,
      before: rewards.slice(0, rewards.length - turn.rewards.length),
      terms: turn.terms,
      last: done,
      terminated: done && state.terminated,
      truncated: done && !state.terminated,
      success: done && succeeds(outcomeOf(this.playing!), seat),
    })
    return Object.values(terms).reduce((sum, value) => sum + value, 0)
  }
}

function legality(
  legal: readonly number[],
  names: readonly string[],
): { legal: string[]; legal_mask: number[] } {
  return {
    legal: legal.map((action) => names[action]),
    legal_mask: names.map((_, action) => (legal.includes(action) ? 1 : 0)),
  }
}

/** The split of every served level, found out once. */
function splitsOf({ env, config, levels = [] }: Game): readonly Split[] {
  const known = SPLITS_OF.get(levels)
  if (known) return known
  if (!env.levelKey) throw new UserError(`${env.id} has no splits (${SPLITS.join(', ')}) of files`)
  const splits = levels.map((level) =>
    splitOf(env.levelKey!(resolveConfig(env, { ...config, ...level }), '')),
  )
  SPLITS_OF.set(levels, splits)
  return splits
}
const SPLITS_OF = new WeakMap<readonly object[], readonly Split[]>()

/** Stands in the record for whoever decides; it is never asked itself. */
const OUTSIDE: Policy = {
  id: 'outside',
  act: () => Promise.reject(new Error('decisions come from outside')),
}
