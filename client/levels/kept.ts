import type { Collection } from '#core/env/collection'
import type { Env } from '#core/env/env'

/** A collection of levels that was opened here, kept while the page lives. */
export interface OpenedLevels {
  readonly env: Env
  readonly collection: Collection
}

const opened = new Map<string, OpenedLevels>()

export function keepLevels(name: string, levels: OpenedLevels): void {
  opened.set(name, levels)
}

export function levelsOf(name: string): OpenedLevels | undefined {
  return opened.get(name)
}

/** Names of the files that were opened. */
export function levelFiles(): string[] {
  return [...opened.keys()]
}
