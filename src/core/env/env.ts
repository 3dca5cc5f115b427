import type { z } from 'zod'
import type { Item, Scene } from '../draw/scene.ts'
import type { Collection } from './collection.ts'
import type { Document } from './document.ts'
import type { Editor } from './editor.ts'
import type { RewardRule } from './reward.ts'

/**
 * What every simulator's state shows to the rest of the house. It is plain data that holds its own
 * randomness: anyone may clone, save, fork or replay it.
 */
export interface State {
  /**
   * The resolved config this state plays, with everything `reset` drew that a config can say (a generated
   * level, a scenario) written inline: `reset(state.config, seed)` gives the same initial state.
   */
  readonly config: object
  /** Steps taken since reset. */
  t: number
  /** Reward of the last step, one per seat; zero after reset. */
  readonly rewards: Float64Array
  /** Reward terms of the last step, `terms[seat * env.terms.length + i]`; a seat's reward is their sum in order. */
  readonly terms: Float64Array
  /** The rules ended the episode (solved, goal, out of play). */
  terminated: boolean
  /** A limit outside the rules ended it (maximum steps). Never true together with `terminated`. */
  truncated: boolean
}

/** A package of npm. */
export interface Origin {
  readonly package: string
  readonly version: string
}

/**
 * A game. Everything here is pure: the same (version, look, config, seed, actions) gives the same states,
 * hashes, texts and frame pixels, bit for bit, in every process, worker, Node version and browser.
 */
export interface Env<S extends State = State, C extends object = object> {
  /** Lower-case name, unique in the registry. */
  readonly id: string
  /** One line for lists. */
  readonly title: string
  /** The package it comes from, where it does not come with Kickpush; whoever loads it says so, not the game. */
  readonly origin?: Origin
  /** Of rules and generation: rises when the same seed and actions would play differently. */
  readonly version: number
  /** Of texts, scenes and prompts: rises when an observation of the same state changes. */
  readonly look: number
  /** Names of the reward terms, in the order of `state.terms`. */
  readonly terms: readonly string[]
  /** Every knob with default, range and description. */
  readonly config: z.ZodType<C>
  /** Partial configs by name; `config.preset` names one and stays in the resolved config as a label. */
  readonly presets: Readonly<Record<string, object>>
  /** Small configs that together reach every rule; the conformance suite plays them. */
  readonly examples: readonly object[]

  seats(config: C): number
  /** Action names in index order. */
  actions(config: C): readonly string[]
  /**
   * The action a seat plays while it has none of its own and another still acts, as an index. Needed where several seats
   * may act at once; elsewhere a game that has none cannot be played by doing nothing.
   */
  idle?(config: C): number
  /** @throws Error with a clear message when no level or scenario can be made from this config. */
  reset(config: C, seed: string): S
  /**
   * The seats that decide now, ascending, at least one while the episode goes on; all of them without it. The others are
   * not asked: they get no turn, and what they have planned waits. Who is waited for and gives nothing legal to play three
   * times in a row has lost (src/core/play/forfeit.ts).
   */
  toAct?(state: S): readonly number[]
  /**
   * Advances `state` in place by one action index per seat, allocating nothing. The entry of a seat that does not act now
   * is -1, and is not read.
   * After the end of the episode it changes nothing but zeroes rewards and terms.
   */
  step(state: S, actions: ArrayLike<number>): void
  clone(state: S): S
  /** All of the state, little-endian, without NaN; `out` is reused when it is large enough. */
  save(state: S, out?: Uint8Array): Uint8Array
  /** @throws Error when the bytes are not a saved state of this version. */
  load(bytes: Uint8Array): S
  /** The text observation: lines are rows, words on a line are columns (a language model's positions). */
  text(state: S, seat: number): string
  /** What `seat` sees, as a display list with stable item ids. */
  scene(state: S, seat: number): Scene
  /** Pixels of an agent's frame; multiples of 16 where a small model is to read it, so by default. */
  frame(config: C): { readonly width: number; readonly height: number }
  prompt(config: C): Prompt
  /** How the episode stands; final once terminated or truncated. */
  outcome(state: S): Outcome
  /**
   * Which actions do something now, one flag per action. The others may be played all the same: they are like idle,
   * or change nothing that can be seen.
   */
  legal?(state: S, seat: number): boolean[]
  /**
   * The action that a click or tap means to whoever plays `seat`, at (x, y) in the units of its scene: a legal one, or
   * null where it means none. Changes nothing.
   */
  point?(state: S, seat: number, x: number, y: number): number | null
  /** Actions that lead to what is at (x, y), each legal once those before it were played; null where there is no way. */
  route?(state: S, seat: number, x: number, y: number): readonly number[] | null
  /**
   * Another state that `seat` cannot tell from this one: a copy in which what it may not know (a hidden level, another
   * seat's cards) is drawn anew. A game that hides nothing has none; one that has it promises that the seat's text,
   * scene, tensors and legal flags are those of `state`.
   */
  determinize?(state: S, seat: number, random: Uint32Array): S
  /** Whether no success can be reached any more; false says nothing. Once true, it stays true. */
  stuck?(state: S): boolean

  /** What one seat wins others lose: `outcome(state).seats` is there and sums to 0. */
  readonly zeroSum?: boolean

  // What only this game knows. All optional.

  /** Scripted agents by name, without language; `expert` plays well. */
  readonly policies?: Readonly<Record<string, Scripting<S, C>['make']>>
  /** Reward rules by name, beside the ones every game has. */
  readonly rewards?: Readonly<Record<string, RewardRule>>
  /** Words of texts, thoughts and actions, for a small model's vocabulary. */
  readonly words?: readonly string[]
  /** A short truthful thought in `words` about playing `plan` from `state`. */
  think?(state: S, seat: number, plan: readonly number[]): string
  /** A plan drawn over the observation's places, which a small model is asked about while it learns to plan. */
  readonly sketch?: Sketching<S>
  /** Whether every claim of a thought holds for playing `plan` from `state`; null when it claims nothing. */
  truthful?(state: S, seat: number, thought: string, plan: readonly number[]): boolean | null
  /** One decision of an agent as many steps: the actions to play for `action`, asked again after each step. */
  readonly macros?: Readonly<Record<string, Macro<S>>>
  /** Numeric observations by name. */
  readonly tensors?: Readonly<Record<string, TensorSpec<S, C>>>
  /** Names of what the last step did that a viewer marks (push on target, goal). */
  marks?(state: S): readonly string[]
  /**
   * Fewest steps to success from here: Infinity when it cannot be reached any more, null when that takes too long to
   * find out. What a step costs beyond itself is a mistake.
   */
  stepsToGo?(state: S): number | null
  /** Lines about the state that a person likes to see beside it (regret, speeds). */
  insight?(state: S): readonly { readonly label: string; readonly value: string }[]
  /**
   * What people see in the place of `scene`, finer; no agent does. In the same units, with the same size.
   * `played` are the actions of the step that led to `state`, where they are known.
   */
  stage?(state: S, seat: number, played?: readonly number[]): Scene
  /** Items in the units of `scene(state, seat)`, with ids of their own, that a person may see over it and no agent does. */
  overlay?(state: S, seat: number): readonly Item[]
  /** The part of the scene where something happens, which a camera follows; it keeps its size while an episode lasts. */
  focus?(state: S, seat: number): Focus
  /** Where a seat stands, in the units of its scene: by it people see where it has been, and where an action leads. */
  whereabouts?(state: S, seat: number): Spot
  /** What else people see where it has been, by name, as `seat` sees it: the places that it takes now. */
  traces?(state: S, seat: number): Readonly<Record<string, readonly Spot[]>>
  /** All states that differ from this one only in where the seat stands, this one among them: what would it do there? */
  elsewhere?(state: S, seat: number): readonly S[]
  /** How sides that play against each other stand, in the colours in which `seat` (0 without it) sees them. */
  scoreboard?(state: S, seat?: number): Scoreboard
  /** Benchmark score of a whole episode of one seat; null where its reference is unknown. */
  score?(initial: S, rewards: readonly number[]): number | null
  /** Equal for levels that are the same under the game's symmetries; used for disjoint splits. */
  levelKey?(config: C, seed: string): string
  /** The levels of a collection file of the game, and what of it cannot be played. */
  levels?(document: Document): Collection
  /** How a person makes levels of it. */
  readonly editor?: Editor<C>
  /** Reads actions in the game's own notation as indices; null when `text` is not in it. */
  parseActions?(config: C, text: string): readonly number[] | null
  /** Steps per second of a game that goes on by itself; without it a game waits for its player. */
  readonly pace?: number
  /** Turns after which an online episode is truncated, where nobody says; 50 without it. */
  readonly turns?: number
  /** Keyboard keys (KeyboardEvent.code) for playing by hand -> action name. */
  readonly keys?: Readonly<Record<string, string>>
}

/** What a language agent must know to play, without the answer format (the dialogue adds it). */
export interface Prompt {
  /** The rules and the aim. */
  readonly rules: string
  /** How to read the text observation. */
  readonly text: string
  /** How to read the frame. */
  readonly frame: string
}

/** How an episode stands. */
export interface Outcome {
  /** A short name from the game's own terms ("solved", "goal", "out of play", "playing"). */
  readonly name: string
  /** Whether it counts as a success for the controlled seats; for seat 0 where `seats` tells them apart. */
  readonly success: boolean
  /** What it is worth to each seat, where that differs: above 0 a win, 0 a draw, below 0 a loss. */
  readonly seats?: readonly number[]
}

/** A part of a scene, in its units. */
export interface Focus {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Whether a camera follows it until a person says otherwise. */
  readonly follow: boolean
}

/** A place that somebody takes: its middle, and how wide it is. Whole units of a scene. */
export interface Spot {
  readonly x: number
  readonly y: number
  readonly size: number
}

/** How a match of two sides stands, for people. */
export interface Scoreboard {
  readonly sides: readonly [Side, Side]
  /** Time played, as the game counts it ("12:30"). */
  readonly clock: string
  /** What is going on where it is not plain play ("corner"). */
  readonly note?: string
  /** Which side has the ball, the initiative, the board: 0 or 1. */
  readonly holding?: number
  /** Which side tried to score with the last step: 0 or 1. */
  readonly attempt?: number
}

/** A side of a match. */
export interface Side {
  readonly points: number
  /** 0xRRGGBB. */
  readonly colour: number
  /** Its seats; none where the game itself plays it. */
  readonly seats: readonly number[]
}

/** How a scripted agent is made; a method, so that an environment of its own state and config is still an `Env`. */
interface Scripting<S extends State, C extends object> {
  make(config: C): Scripted<S>
}

/** What is asked of every place of an observation about a plan. */
export interface Sketching<S extends State = State> {
  /** How many answers each question has. */
  readonly answers: readonly number[]
  /**
   * By question, the answer at each place of the observation, row by row, where `turn` is played now and `plan`, which
   * begins with it, to the end. Place (row, column) is that of the text's line and word, and of the frame's patch.
   */
  draw(state: S, seat: number, turn: readonly number[], plan: readonly number[]): Sketch
}

/** Answers about the places of an observation. */
export interface Sketch {
  readonly columns: number
  readonly answers: readonly Uint8Array[]
}

/** An agent without language: returns the next action indices (at least one), a whole plan if it has one. */
export interface Scripted<S extends State = State> {
  /** `random` is the caller's generator (core/random.ts); the state is read only. */
  act(state: S, seat: number, random: Uint32Array): readonly number[]
}

/** Continues a decision over several steps; null ends it. `step` counts the actions played for it so far. */
export interface Macro<S extends State = State> {
  next(state: S, seat: number, action: number, step: number): number | null
}

/** A numeric observation: its shape, type, and a writer that fills `out` from `offset` without allocating. */
export interface TensorSpec<S extends State = State, C extends object = object> {
  readonly dtype: 'uint8' | 'float32'
  /** The largest number it may hold; 255 of uint8 and no bound of float32 unless given. None is negative in uint8. */
  readonly high?: number
  shape(config: C): readonly number[]
  write(state: S, seat: number, out: Uint8Array | Float32Array, offset: number): void
}
