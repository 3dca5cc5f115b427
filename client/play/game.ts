import type { Env } from '#core/env/env'
import type { Level } from '#core/play/match'
import { play } from '#core/play/play'
import { Conversation, type Policy, type Request, type Response } from '#core/play/policy'
import { agentOf } from '../episode/agents.ts'
import { Film } from '../episode/film.ts'
import { LOCAL } from '../episode/films.ts'
import { isLearned, learned } from './learned.ts'

/** What is to be played by hand. */
export interface Setup extends Level {
  /** The seat that the person plays. */
  readonly seat: number
  /** Who sits in each seat, by name; the person's own says nothing, and `BY_HAND` is the person, too. */
  readonly agents: readonly string[]
  /** Who else can sit in a seat, by name. */
  readonly candidates: readonly string[]
  /** Played before the person takes over: one action per seat for each step. */
  readonly opening: readonly (readonly number[])[]
}

/** The person plays this seat as well: only where seats take turns. */
export const BY_HAND = 'by hand'

/** A game played by hand: the same loop and the same record as any agent's. */
export interface Game {
  readonly film: Film
  /** Plays one action of the person's seat; false while it is not asked for, or where it is refused: out of turn or not legal in a game of turns. */
  act(action: number): boolean
  /** The actions of every seat at every step so far. */
  history(): readonly (readonly number[])[]
  stop(): void
}

let number = 0

/** Begins a game; `failed` is told what goes wrong in it. */
export function startGame(setup: Setup, failed: (message: string) => void): Game {
  const { env, config, seed, opening } = setup
  const film = new Film(`${LOCAL}hand-${env.id}-${seed}-${++number}`)
  const abort = new AbortController()
  let waiting: ((action: number) => void) | null = null
  let asked: Request | undefined
  const idle = env.idle?.(config)

  const opened = (request: Request): number | undefined => opening[request.state.t]?.[request.seat]
  const person: Policy = {
    id: 'human',
    act: ([request]) => {
      const given = opened(request)
      if (given !== undefined) return Promise.resolve([decision(given)])
      asked = request
      return new Promise<readonly Response[]>((resolve) => {
        waiting = (action) => {
          waiting = null
          resolve([decision(action)])
        }
      })
    },
  }
  const agent = (name: string): Policy => {
    const policy = isLearned(name) ? learned(name, film, config, abort.signal) : scripted(env, config, name)
    return {
      id: name,
      act: (requests) =>
        Promise.all(
          requests.map(async (request) => {
            const given = opened(request)
            return given === undefined ? (await policy.act([request]))[0] : decision(given)
          }),
        ),
    }
  }
  const match = {
    episode: film.id.slice(LOCAL.length),
    env,
    config,
    seed,
    policies: setup.agents.map((name, seat) => (byHand(setup, seat) ? person : agent(name))),
    conversation: Conversation.parse({ modality: 'both', maxTurns: 10_000 }),
  }
  void play([match], {
    signal: abort.signal,
    onEvent: (event) => {
      if (!abort.signal.aborted) film.push([event], true)
    },
  }).catch((error: unknown) => {
    if (!abort.signal.aborted) failed((error as Error).message)
  })
  return {
    film,
    act(action) {
      // A slip of the finger is no turn where others wait for it.
      if (!waiting || !asked || !allowed(asked, action)) return false
      waiting(action)
      return true
    },
    history: () => film.steps.map((step) => step.actions),
    stop() {
      abort.abort()
      film.live = false
      waiting?.(idle ?? 0)
    },
  }
}

/** Whether an action does something, or the game goes on whatever is played. */
function allowed({ env, state, seat }: Request, action: number): boolean {
  const legal = env.toAct && env.legal?.(state, seat)
  return !legal?.includes(true) || legal[action]
}

/** Whether the person plays a seat. */
export function byHand({ seat: own, agents }: Setup, seat: number): boolean {
  return seat === own || agents[seat] === BY_HAND
}

function scripted(env: Env, config: object, name: string): Policy {
  const decide = agentOf(env, config, name)
  return {
    id: name,
    act: async (requests) => requests.map((request) => ({ valid: true, actions: decide(request) })),
  }
}

function decision(action: number): Response {
  return { valid: true, actions: [action] }
}
