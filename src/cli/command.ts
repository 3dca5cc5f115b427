import type { Io, Command as Tool } from '#core/env/command'
import type { Games } from '#registry/games'

export type { Io } from '#core/env/command'

/** A command of ours: like a tool that a game brings, and it is handed the games there are. */
export interface Command extends Omit<Tool, 'run'> {
  /** @returns the exit code. */
  run(flags: Readonly<Record<string, unknown>>, io: Io, games: Games): Promise<number>
}
