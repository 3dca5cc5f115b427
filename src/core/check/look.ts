import { append } from '../base/lists.ts'
import { rasterize } from '../draw/rasterize.ts'
import type { Item, Scene } from '../draw/scene.ts'
import type { State } from '../env/env.ts'
import { acts } from '../env/turns.ts'
import { difference } from './difference.ts'
import { equal, hold, over, playRandom, type Rule, randomActions, type Subject, sights } from './support.ts'

/** What must hold of texts, scenes, frames and what is said about them. */
export const lookRules: Readonly<Record<string, Rule>> = {
  'texts are not empty and made of the words': {
    member: 'text, prompt or words',
    hold(subject) {
      const { env, names } = subject
      const prompt = env.prompt(subject.config)
      for (const part of [prompt.rules, prompt.text, prompt.frame])
        hold(part.trim() !== '', 'an empty prompt')
      if (env.words) for (const name of names) inWords(name, env.words)
      someStates(subject, (state, seat) => {
        const text = env.text(state, seat)
        hold(text.trim() !== '', `t = ${state.t}: seat ${seat} reads nothing`)
        if (env.words) inWords(text, env.words)
      })
    },
  },

  'thoughts are made of the words and true': {
    member: 'think or truthful',
    hold(subject) {
      const { env, config } = subject
      const { think, truthful, words = [] } = env
      if (!think) return
      const planner = env.policies?.expert?.(config)
      someStates(subject, (state, seat, random) => {
        if (over(state) || !acts(env, state, seat)) return
        // A good plan first; thoughts about any other must be true as well.
        const good = state.t === 0 ? planner?.act(env.clone(state), seat, random) : undefined
        const plan = good ?? [randomActions(subject, state, random)[seat]]
        const thought = think(state, seat, plan)
        inWords(thought, words)
        if (!truthful) return
        const verdict = truthful(state, seat, thought, plan)
        hold(verdict !== false, `t = ${state.t}: '${thought}' is held to be untrue`)
        hold(truthful(state, seat, '', plan) === null, 'an empty thought claims something')
      })
    },
  },

  'scenes have unique ids and whole numbers': {
    member: 'scene, stage, overlay, focus, whereabouts or traces',
    hold(subject) {
      const { env } = subject
      someStates(subject, (state, seat) => {
        const scene = env.scene(state, seat)
        const overlay = env.overlay?.(state, seat) ?? []
        const stage = env.stage?.(state, seat)
        for (const { items } of stage ? [scene, stage] : [scene]) {
          const ids = [...items, ...overlay].map((item) => item.id)
          hold(new Set(ids).size === ids.length, `t = ${state.t}: an item id is used twice`)
        }
        hold(scene.width > 0 && scene.height > 0, 'a scene without extent')
        const numbers = [...numbersOf(scene), ...(stage ? numbersOf(stage) : []), ...numbersOfItems(overlay)]
        const spots = Object.values(env.traces?.(state, seat) ?? {}).flat()
        const spot = env.whereabouts?.(state, seat)
        for (const [i, place] of (spot ? [spot, ...spots] : spots).entries())
          for (const [name, value] of Object.entries(place)) numbers.push([`${name} of place ${i}`, value])
        const odd = numbers.find(([, value]) => !Number.isInteger(value))
        hold(odd === undefined, `t = ${state.t}: ${odd?.[0]} is ${odd?.[1]}`)
        const size = ({ width, height }: { width: number; height: number }) => `${width} x ${height}`
        if (stage) equal(size(scene), size(stage), `t = ${state.t}: size`, ['of the scene', 'of the stage'])
        const focus = env.focus?.(state, seat)
        if (!focus) return
        const { x, y, width, height } = focus
        const within = x >= 0 && y >= 0 && x + width <= scene.width && y + height <= scene.height
        hold(within, `t = ${state.t}: the focus leaves the scene: ${JSON.stringify(focus)}`)
      })
    },
  },

  'items keep their ids from step to step': {
    member: 'scene',
    hold(subject) {
      for (let seat = 0; seat < subject.seats; seat++) {
        const scenes: Scene[] = []
        playRandom(subject, 'ids', 40, (state) => scenes.push(subject.env.scene(state, seat)))
        const found = renamed(scenes)
        const [before, after] = found[0] ?? []
        hold(found.length < RENAMED, `'${before}' becomes '${after}', and so on at ${found.length} steps`)
      }
    },
  },

  'what a seat may not know moves nothing that it sees': {
    member: 'text, scene, stage, legal or tensors (or determinize itself)',
    ground: true,
    hold(subject) {
      const { env, config } = subject
      if (!env.determinize) return
      let moved = false
      const seen = (state: State, seat: number): object => ({
        ...sights(subject, state)[seat],
        legal: env.legal?.(state, seat),
        stage: env.stage?.(state, seat),
        tensors: Object.entries(env.tensors ?? {}).map(([name, tensor]) => {
          const size = tensor.shape(config).reduce((product, length) => product * length, 1)
          const out = tensor.dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size)
          tensor.write(state, seat, out, 0)
          return { name, values: [...out] }
        }),
      })
      someStates(subject, (state, seat, random) => {
        if (over(state)) return
        const other = env.determinize?.(state, seat, random) ?? state
        moved ||= difference(state, other, '') !== undefined
        equal(seen(state, seat), seen(other, seat), `t = ${state.t}: what seat ${seat} sees`, [
          'is',
          'with what is hidden drawn anew',
        ])
      })
      hold(moved, 'determinize never draws anything anew')
    },
  },

  'frames have whole sizes and equal pixels': {
    member: 'frame or scene',
    hold(subject) {
      const { env } = subject
      someStates(subject, (state, seat) => {
        const { width, height } = env.frame(state.config)
        const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0
        hold(whole, `a frame of ${width}x${height}`)
        equal(env.frame(subject.config), { width, height }, 'frame of the resolved and the given config')
        const frame = rasterize(env.scene(state, seat), width, height)
        const first = frame.data.slice()
        frame.data.fill(77)
        rasterize(env.scene(state, seat), width, height, frame)
        hold(
          first.every((value, i) => value === frame.data[i]),
          `t = ${state.t}: pixels differ the second time`,
        )
      })
    },
  },

  'looking changes nothing': {
    member:
      'text, scene, stage, legal, outcome, marks, insight, overlay, scoreboard, whereabouts, traces, think or policies',
    ground: true,
    hold(subject) {
      const { env, config } = subject
      someStates(subject, (state, seat, random) => {
        const before = [...env.save(state)]
        env.text(state, seat)
        env.scene(state, seat)
        env.legal?.(state, seat)
        env.outcome(state)
        env.marks?.(state)
        env.insight?.(state)
        env.overlay?.(state, seat)
        env.stage?.(state, seat)
        env.focus?.(state, seat)
        env.scoreboard?.(state, seat)
        env.whereabouts?.(state, seat)
        env.traces?.(state, seat)
        const asked = !over(state) && acts(env, state, seat)
        if (asked) env.think?.(state, seat, [env.idle?.(config) ?? 0])
        // Agents may search for long, so only once an episode.
        const makers = asked && state.t === 0 ? Object.values(env.policies ?? {}) : []
        for (const make of makers) make(config).act(state, seat, random)
        equal(before, [...env.save(state)], `t = ${state.t}: bytes of the state`, [
          'before looking',
          'after it',
        ])
      })
    },
  },
}

/** Moments at which an item that goes on got another name, from which on it counts. */
const RENAMED = 3

/**
 * Names of items that stood in one scene only, while another such stood in the scene before and looked the same: what
 * goes on under a new name at every step, so that no viewer can tell that it moved.
 */
function renamed(scenes: readonly Scene[]): [string, string][] {
  const seen = new Map<string, number>()
  for (const { items } of scenes) for (const { id } of items) seen.set(id, (seen.get(id) ?? 0) + 1)
  const once = scenes.map(
    ({ items }) =>
      new Map(
        items.filter(({ id }) => seen.get(id) === 1).map(({ id, shapes }) => [JSON.stringify(shapes), id]),
      ),
  )
  return once.flatMap((now, t) =>
    t === 0
      ? []
      : [...now].flatMap(([look, id]): [string, string][] => {
          const before = once[t - 1].get(look)
          return before === undefined ? [] : [[before, id]]
        }),
  )
}

/** A handful of states of two random episodes, from every seat. */
function someStates(subject: Subject, each: (state: State, seat: number, random: Uint32Array) => void): void {
  for (const seed of ['look/1', 'look/2']) {
    playRandom(subject, seed, 60, (state, random) => {
      if (state.t % 12 === 0) for (let seat = 0; seat < subject.seats; seat++) each(state, seat, random)
    })
  }
}

/**
 * Reads `text` as a small model's tokenizer does: spaces and commas part words, then the longest known word.
 * @throws Error at the first stretch that no word begins.
 */
function inWords(text: string, words: readonly string[]): void {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  for (const chunk of text.split(/[\s,]+/)) {
    for (let at = 0; at < chunk.length; ) {
      const word = longestFirst.find((candidate) => candidate !== '' && chunk.startsWith(candidate, at))
      hold(
        word !== undefined,
        `'${chunk.slice(at)}' begins with none of the words, in '${text.slice(0, 80)}'`,
      )
      at += word.length
    }
  }
}

/** Every number of a scene with the name of where it stands. */
function numbersOf({ items, ...extent }: Scene): [string, number][] {
  const found: [string, number][] = Object.entries(extent).map(([key, value]) => [`scene ${key}`, value])
  return [...found, ...numbersOfItems(items)]
}

function numbersOfItems(items: readonly Item[]): [string, number][] {
  const found: [string, number][] = []
  for (const { id, x, y, shapes } of items) {
    found.push([`x of '${id}'`, x], [`y of '${id}'`, y])
    for (const shape of shapes) append(found, shapeNumbers(id, shape))
  }
  return found
}

function shapeNumbers(id: string, shape: Item['shapes'][number]): [string, number][] {
  return Object.entries(shape).flatMap(([key, value]): [string, number][] => {
    if (typeof value === 'number') return [[`${key} of a ${shape.kind} of '${id}'`, value]]
    if (!Array.isArray(value)) return []
    return value.map((one: number): [string, number] => [`${key} of a ${shape.kind} of '${id}'`, one])
  })
}
