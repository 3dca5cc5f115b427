import type { Scene } from '../draw/scene.ts'

/** A place of a scene, in its units. */
export interface At {
  readonly x: number
  readonly y: number
}

/**
 * How a person makes a level of a game: on a scene of its own, with brushes, by carrying things, or both. Configs that it
 * takes and gives are resolved ones; between two strokes they need not be playable: `reset` says what is wrong with one.
 * Everything is pure.
 */
export interface Editor<C extends object = object> {
  /** What can be painted, by name; none where things are only carried. */
  readonly brushes: readonly string[]
  /** The level as it is now. */
  scene(config: C): Scene
  /** The config with `brush` put at a place; the same where that means nothing. */
  paint(config: C, brush: string, at: At): C
  /** The config with what stands at a place carried to another; null where nothing stands. */
  carry(config: C, from: At, to: At): C | null
  /** The config with so many more columns and rows (fewer below 0); the same where that cannot be. */
  grow?(config: C, columns: number, rows: number): C
  /** What of it makes the level, without what only says how it is played: for files, links and recipes. */
  least(config: C): Partial<C>
  /** The level in the game's own notation, where it has one. */
  write?(config: C): string
}
