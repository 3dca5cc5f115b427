import type { z } from 'zod'
import type { Document } from './document.ts'

/** What a command may touch; the command line gives it, so that environments need no Node import. */
export interface Io {
  /** @throws Error naming the path when it cannot be read. */
  read(path: string): Promise<string>
  /** The text of a file, or its root element where it is XML. @throws Error naming the path when it cannot be read. */
  document(path: string): Promise<Document>
  /** The files that paths name, folders as the level files in them. @throws Error naming a path where there is nothing. */
  files(paths: readonly string[]): readonly string[]
  /** Writes to a temporary name and renames. */
  write(path: string, text: string): Promise<void>
  /** One line to standard output. */
  print(line: string): void
  /** One line about progress to standard error. */
  note(line: string): void
  /** Milliseconds of a monotonic clock, for reports only. */
  now(): number
}

/** A command of the command line: one of ours, or a tool that a game brings. */
export interface Command {
  readonly summary: string
  /** Whole command lines that work. */
  readonly examples: readonly string[]
  /** Flags, each with a description; positional words arrive as `_`. */
  readonly flags: z.ZodObject
  /** @returns the exit code. */
  run(flags: Readonly<Record<string, unknown>>, io: Io): Promise<number>
}

/** What a game brings to the command line: `tools.ts` in its folder, which nothing else loads. */
export interface GameTools {
  /** Tools by name ("levels generate"). */
  readonly commands: Readonly<Record<string, Command>>
}

/** Loads the tools of one game when somebody asks for them. */
export type LoadTools = () => Promise<GameTools>
