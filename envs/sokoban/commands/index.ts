import type { Command } from '#core/env/command'
import { generateLevels } from './generate.ts'
import { importLevels } from './import.ts'
import { solveLevels } from './solve.ts'
import { splitLevels } from './split.ts'
import { levelStats } from './stats.ts'

/** Tools for files of levels. */
export const commands: Readonly<Record<string, Command>> = {
  'levels generate': generateLevels,
  'levels import': importLevels,
  'levels solve': solveLevels,
  'levels split': splitLevels,
  'levels stats': levelStats,
}
