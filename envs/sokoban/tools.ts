import type { Command } from '#core/env/command'
import { generateLevels } from './commands/generate.ts'
import { importLevels } from './commands/import.ts'
import { solveLevels } from './commands/solve.ts'
import { splitLevels } from './commands/split.ts'
import { levelStats } from './commands/stats.ts'

/** Tools for files of levels. */
export const commands: Readonly<Record<string, Command>> = {
  'levels generate': generateLevels,
  'levels import': importLevels,
  'levels solve': solveLevels,
  'levels split': splitLevels,
  'levels stats': levelStats,
}
