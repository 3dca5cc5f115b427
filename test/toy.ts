import { z } from 'zod'
import * as b from '#core/base/bytes'
import { below, bits, type Random, seeded, uniform } from '#core/base/random'
import type { Item } from '#core/draw/scene'
import type { Env, State } from '#core/env/env'

/**
 * Beacon: walkers on a line must all stand on the beacon; ice makes them slip. The smallest game that uses every
 * part of the contract: several seats, randomness while playing, both kinds of end, thoughts, macros, tensors.
 */
const Config = z.strictObject({
  preset: z.string().optional().describe('name of a preset'),
  cells: z.int().min(3).max(20).default(7).describe('length of the line'),
  walkers: z.int().min(1).max(2).default(1).describe('players'),
  slip: z.number().min(0).max(1).default(0).describe('probability that a move fails'),
  maxSteps: z.int().min(1).max(1000).default(30).describe('steps after which the episode is truncated'),
  level: z
    .strictObject({ beacon: z.int().min(0), starts: z.array(z.int().min(0)) })
    .optional()
    .describe('where the beacon and the walkers are; drawn from the seed unless given'),
})
type Config = z.infer<typeof Config>

interface Toy extends State {
  readonly config: Config & { level: NonNullable<Config['level']> }
  readonly at: Int32Array
  readonly random: Random
}

const ACTIONS = ['Stay', 'West', 'East'] as const
const TERMS = ['step', 'arrive'] as const
const CELL = 16
const VERSION = 1

function reset(config: Config, seed: string): Toy {
  const random = seeded(seed)
  const level = config.level ?? draw(config, random)
  const top = Math.max(level.beacon, ...level.starts)
  if (top >= config.cells || level.starts.length !== config.walkers) {
    throw new Error(`the level does not fit ${config.cells} cells and ${config.walkers} walkers`)
  }
  // Play begins at the same place in the generator whether the level was drawn or given.
  const play = seeded(`${seed}/play`)
  return {
    config: { ...config, level },
    t: 0,
    rewards: new Float64Array(config.walkers),
    terms: new Float64Array(config.walkers * TERMS.length),
    terminated: false,
    truncated: false,
    at: Int32Array.from(level.starts),
    random: play,
  }
}

function draw(config: Config, random: Random): NonNullable<Config['level']> {
  const beacon = below(random, config.cells)
  const starts = Array.from({ length: config.walkers }, () => {
    const cell = below(random, config.cells - 1)
    return cell >= beacon ? cell + 1 : cell
  })
  return { beacon, starts }
}

function step(state: Toy, actions: ArrayLike<number>): void {
  const { config, at, rewards, terms } = state
  rewards.fill(0)
  terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  let home = 0
  for (let i = 0; i < at.length; i++) {
    const before = at[i] === config.level.beacon
    const slips = uniform(state.random) < config.slip
    const move = actions[i] === 1 ? -1 : actions[i] === 2 ? 1 : 0
    if (!slips) at[i] = Math.min(Math.max(at[i] + move, 0), config.cells - 1)
    const now = at[i] === config.level.beacon
    if (now) home++
    terms[2 * i] = -0.1
    terms[2 * i + 1] = now === before ? 0 : now ? 1 : -1
    rewards[i] = terms[2 * i] + terms[2 * i + 1]
  }
  state.terminated = home === at.length
  state.truncated = !state.terminated && state.t >= config.maxSteps
}

function save(state: Toy, out?: Uint8Array): Uint8Array {
  const w = b.writer(out)
  b.putU8(w, VERSION)
  b.putText(w, JSON.stringify(state.config))
  b.putU32(w, state.t)
  b.putBool(w, state.terminated)
  b.putBool(w, state.truncated)
  b.putF64s(w, state.rewards)
  b.putF64s(w, state.terms)
  b.putI32s(w, state.at)
  b.putU32s(w, state.random)
  return b.written(w)
}

function load(bytes: Uint8Array): Toy {
  const r = b.reader(bytes)
  if (b.getU8(r) !== VERSION) throw new Error('not a saved state of this version of beacon')
  const state = reset(JSON.parse(b.getText(r)), '')
  state.t = b.getU32(r)
  state.terminated = b.getBool(r)
  state.truncated = b.getBool(r)
  b.getF64s(r, state.rewards)
  b.getF64s(r, state.terms)
  b.getI32s(r, state.at)
  b.getU32s(r, state.random)
  b.finish(r)
  return state
}

const toward = (state: Toy, seat: number): number => {
  const { beacon } = state.config.level
  return state.at[seat] === beacon ? 0 : state.at[seat] > beacon ? 1 : 2
}

/** A line of cells, with words for the walker who looks, others and the beacon. */
function text(state: Toy, seat: number): string {
  return Array.from({ length: state.config.cells }, (_, cell) => {
    const me = state.at[seat] === cell
    if (cell === state.config.level.beacon) return me ? 'home' : 'beacon'
    return me ? 'me' : state.at.includes(cell) ? 'other' : 'ice'
  }).join(' ')
}

function scene(state: Toy, seat: number) {
  const items: Item[] = [
    {
      id: 'beacon',
      x: state.config.level.beacon * CELL,
      y: 0,
      shapes: [{ kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: 0xffd020 }],
    },
  ]
  for (let i = 0; i < state.at.length; i++) {
    const fill = i === seat ? 0x2060ff : 0x808080
    items.push({
      id: `walker ${i}`,
      x: state.at[i] * CELL,
      y: 0,
      shapes: [{ kind: 'ellipse', x: 8, y: 8, rx: 5, ry: 5, fill }],
    })
  }
  return { width: state.config.cells * CELL, height: CELL, background: 0xe8f4ff, items }
}

/** A third game, for tests that must not depend on the games of the registry. */
export const toy: Env<Toy, Config> = {
  id: 'beacon',
  title: 'Beacon: walk to the light',
  version: VERSION,
  look: 1,
  terms: TERMS,
  config: Config,
  presets: { icy: { slip: 0.3 }, pair: { walkers: 2, cells: 9 } },
  examples: [{}, { preset: 'icy', maxSteps: 12 }, { preset: 'pair', slip: 0.1 }],
  seats: (config) => config.walkers,
  actions: () => ACTIONS,
  idle: () => 0,
  reset,
  step,
  clone: (state) => ({
    ...state,
    rewards: state.rewards.slice(),
    terms: state.terms.slice(),
    at: state.at.slice(),
    random: state.random.slice(),
  }),
  save,
  load,
  text,
  scene,
  frame: (config) => ({ width: config.cells * CELL, height: CELL }),
  prompt: () => ({
    rules: 'You walk on a line. Reach the beacon in as few steps as you can.',
    text: 'The line is read from west to east: me, other, beacon, ice, or home (me on the beacon).',
    frame: 'You are the blue disc, the beacon is the yellow square.',
  }),
  outcome: (state) => ({
    name: state.terminated ? 'arrived' : state.truncated ? 'lost' : 'walking',
    success: state.terminated,
  }),
  legal: (state, seat) => [true, state.at[seat] > 0, state.at[seat] < state.config.cells - 1],
  stuck: ({ config, at, t, terminated }) =>
    !terminated && at.some((cell) => Math.abs(cell - config.level.beacon) > config.maxSteps - t),
  policies: {
    expert: () => ({ act: (state, seat) => [toward(state, seat)] }),
    drunk: () => ({ act: (_state, _seat, random) => [bits(random) % 3] }),
  },
  words: ['home', 'beacon', 'me', 'other', 'ice', 'go', 'west', 'east', 'stay', ...ACTIONS],
  think: (state, seat) => ['stay', 'go west', 'go east'][toward(state, seat)],
  truthful: (state, seat, thought) =>
    ['stay', 'go west', 'go east'].includes(thought)
      ? thought === ['stay', 'go west', 'go east'][toward(state, seat)]
      : null,
  macros: {
    run: {
      next: (state, seat, action, step) => {
        if (step === 0) return action
        const stuck = action === 0 || state.at[seat] === (action === 1 ? 0 : state.config.cells - 1)
        return stuck || toward(state, seat) === 0 ? null : action
      },
    },
  },
  tensors: {
    line: {
      dtype: 'uint8',
      shape: (config) => [2, config.cells],
      write: (state, seat, out, offset) => {
        const { cells, level } = state.config
        out.fill(0, offset, offset + 2 * cells)
        out[offset + state.at[seat]] = 1
        out[offset + cells + level.beacon] = 1
      },
    },
  },
  marks: (state) => (state.terms.includes(1) ? ['arrive'] : []),
  insight: (state) => [{ label: 'at', value: Array.from(state.at).join(' ') }],
  score: (_initial, rewards) => rewards.reduce((sum, reward) => sum + reward, 0),
  levelKey: (config, seed) => JSON.stringify([config.cells, reset(config, seed).config.level]),
  parseActions: (_config, text) =>
    /^[swe]+$/i.test(text) ? Array.from(text.toLowerCase(), (letter) => 'swe'.indexOf(letter)) : null,
  keys: { ArrowLeft: 'West', ArrowRight: 'East' },
}
