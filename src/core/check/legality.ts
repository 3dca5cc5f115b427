import { below } from '../base/random.ts'
import type { Scene } from '../draw/scene.ts'
import type { State } from '../env/env.ts'
import { actionsOf, idleAction, succeeds } from '../env/turns.ts'
import { changes, difference } from './difference.ts'
import { equal, hold, over, playRandom, type Rule, type Subject, sights } from './support.ts'

/** Steps tried where chance may have kept a legal action from doing anything. */
const CHANCES = 8

/** What must hold of the flags that tell which actions do something. */
export const legalRules: Readonly<Record<string, Rule>> = {
  'actions that are not legal do nothing': {
    member: 'legal',
    ground: true,
    hold(subject) {
      eachChoice(subject, (state, seat, legal) => {
        const { env, names } = subject
        if (!env.idle) {
          const { effects, common } = effectsOf(subject, state, seat)
          for (const [action, may] of legal.entries()) {
            const { own, lost } = effects[action]
            const [change] = own.filter((one) => !common.has(one))
            const what = `${names[action]} of seat ${seat} is not legal but does something`
            hold(may || lost || change === undefined, `t = ${state.t}: ${what} (${change})`)
          }
          return
        }
        const idle = after(subject, state, seat, env.idle(state.config))
        for (const [action, may] of legal.entries()) {
          if (may) continue
          const played = after(subject, state, seat, action)
          const nothing = looksLike(subject, played, idle) || looksLike(subject, played, state)
          hold(nothing, `t = ${state.t}: ${names[action]} of seat ${seat} is not legal but does something`)
        }
      })
    },
  },

  'legal actions do something': {
    member: 'legal',
    ground: true,
    hold(subject) {
      const chance = hasChance(subject)
      eachChoice(subject, (state, seat, legal) => {
        const { env, names } = subject
        if (!env.idle) {
          // What is the only choice, like passing, may do no more than any action.
          if (legal.filter(Boolean).length === 1) return
          const { effects, common } = effectsOf(subject, state, seat)
          for (const [action, may] of legal.entries()) {
            const idles = effects[action].own.length === common.size
            const what = `${names[action]} of seat ${seat} is legal but does the same as idling`
            hold(!may || !idles, `t = ${state.t}: ${what}: no more than every action does`)
          }
          return
        }
        for (const [action, may] of legal.entries()) {
          if (!may || action === env.idle(state.config)) continue
          hold(
            doesSomething(subject, state, seat, action, chance ? CHANCES : 1),
            `t = ${state.t}: ${names[action]} of seat ${seat} is legal but does the same as idling`,
          )
        }
      })
    },
  },

  'a click or tap means a legal action or none, and changes nothing': {
    member: 'point or route',
    hold(subject) {
      const { env, names } = subject
      const { point = () => null, legal, route } = env
      if (!env.point && !route) return
      playRandom(subject, 'clicks', 90, (state, random) => {
        if (over(state)) return
        const seat = below(random, subject.seats)
        const scene = env.scene(state, seat)
        const flags = legal?.(state, seat)
        const places = placesOn(scene)
        const where = ([x, y]: readonly [number, number]) => `t = ${state.t}: seat ${seat} at (${x}, ${y})`
        const before = env.save(state).slice()
        const meant = places.map(([x, y]) => point(state, seat, x, y))
        equal([...before], [...env.save(state)], `t = ${state.t}: bytes of the state`, [
          'before clicking',
          'after it',
        ])
        const loaded = env.load(before)
        for (const [i, place] of places.entries()) {
          const action = meant[i]
          const again = point(loaded, seat, place[0], place[1])
          hold(again === action, `${where(place)} means ${action}, and ${again} after saving and loading`)
          if (action === null) continue
          const there = Number.isInteger(action) && action >= 0 && action < names.length
          hold(there, `${where(place)} means ${action}; actions are 0 to ${names.length - 1}`)
          hold(!flags || flags[action], `${where(place)} means ${names[action]}, which is not legal`)
        }
        leadsThere(subject, env.load(before), seat, places)
      })
    },
  },
}

/** Moments of random episodes at which a seat chooses. */
function eachChoice(
  subject: Subject,
  each: (state: State, seat: number, legal: readonly boolean[]) => void,
): void {
  const { env, seats, names } = subject
  const all = Array.from({ length: seats }, (_, seat) => seat)
  if (!env.legal) return
  for (const seed of ['legal/1', 'legal/2', 'legal/3']) {
    playRandom(subject, seed, 90, (state, random) => {
      if (over(state)) return
      const acting = env.toAct?.(state) ?? all
      const seat = acting[below(random, acting.length)]
      const legal = env.legal?.(state, seat) ?? []
      hold(legal.length === names.length, `${legal.length} flags for ${names.length} actions`)
      hold(legal.includes(true), `t = ${state.t}: seat ${seat} has no legal action`)
      each(state, seat, legal)
    })
  }
}

/** The state after one action of one seat while the others idle. */
function after({ env }: Subject, state: State, seat: number, action: number): State {
  const next = env.clone(state)
  const others = () => idleAction(env, state.config)
  env.step(
    next,
    actionsOf(env, state, (one) => (one === seat ? action : others())),
  )
  return next
}

/**
 * What each action does where nobody can idle, and what all of them do, such as passing the turn. `lost`: it ends the
 * episode without success, which is what a game may do about an action that is not legal.
 */
function effectsOf(subject: Subject, state: State, seat: number) {
  const { env, names } = subject
  const effects = names.map((_, action) => {
    const next = after(subject, state, seat, action)
    const own = changes(state, next, 'state', ['t', 'rewards', 'terms'])
    return { own, lost: over(next) && !succeeds(env.outcome(next), seat) }
  })
  const sets = effects.map(({ own }) => new Set(own))
  const common = new Set([...sets[0]].filter((change) => sets.every((own) => own.has(change))))
  // Where all actions do the same, it is what they are for.
  return { effects, common: sets.every(({ size }) => size === common.size) ? new Set<string>() : common }
}

/** Whether nobody can tell two states apart, but by their steps. */
function looksLike(subject: Subject, a: State, b: State): boolean {
  // Equal states look equal, and are told sooner.
  if (!difference(a, b, '', ['t', 'rewards', 'terms'])) return true
  const { env } = subject
  if (env.outcome(a).success !== env.outcome(b).success) return false
  return !difference(sights(subject, a), sights(subject, b), '')
}

/** Whether an action leads elsewhere than idling, now or, while it stays legal, a few steps later. */
function doesSomething(subject: Subject, from: State, seat: number, action: number, tries: number): boolean {
  const { env } = subject
  let state = from
  for (let i = 0; i < tries; i++) {
    const idle = after(subject, state, seat, idleAction(env, state.config))
    if (difference(idle, after(subject, state, seat, action), '', ['rewards', 'terms'])) return true
    state = idle
    // Where it is not legal any more, nobody can say what chance would have done.
    if (i + 1 < tries && (over(state) || !env.legal?.(state, seat)[action])) return true
  }
  return false
}

/** Whether the seed matters after the level is drawn. */
function hasChance({ env, config }: Subject): boolean {
  const { config: level } = env.reset(config, 'chance')
  return difference(env.reset(level, '1'), env.reset(level, '2'), '') !== undefined
}

/** Clicks of a round on each axis, one beyond each edge included. */
const CLICKS = 12

/** Places all over a scene, and around it. */
function placesOn({ width, height }: Scene): (readonly [number, number])[] {
  const along = (length: number) =>
    Array.from({ length: CLICKS }, (_, i) => ((i - 0.5) * length) / (CLICKS - 2))
  return along(height).flatMap((y) => along(width).map((x) => [x, y] as const))
}

/** Every action of a way is legal once those before it were played. */
function leadsThere(
  { env, names }: Subject,
  state: State,
  seat: number,
  places: readonly (readonly [number, number])[],
) {
  const saved = env.save(state).slice()
  for (const [x, y] of places) {
    const way = env.route?.(state, seat, x, y) ?? []
    const onWay = env.load(saved)
    for (const [i, action] of way.entries()) {
      const where = `t = ${state.t}: action ${i + 1} of the way of seat ${seat} to (${x}, ${y})`
      hold(Number.isInteger(action) && action >= 0 && action < names.length, `${where} is ${action}`)
      hold(!over(onWay), `${where} comes after the end`)
      const flags = env.legal?.(onWay, seat)
      hold(!flags || flags[action], `${where} is ${names[action]}, which is not legal`)
      env.step(
        onWay,
        actionsOf(env, onWay, (one) => (one === seat ? action : idleAction(env, onWay.config))),
      )
    }
  }
}
