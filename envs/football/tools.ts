import type { Command } from '#core/env/command'
import { checkScenarios, importScenarios, listScenarios, scenarioSchema } from './commands/scenarios.ts'
import { matchStats } from './commands/stats.ts'

/** Tools for scenarios and matches. */
export const commands: Readonly<Record<string, Command>> = {
  'scenarios list': listScenarios,
  'scenarios import': importScenarios,
  'scenarios check': checkScenarios,
  'scenarios schema': scenarioSchema,
  stats: matchStats,
}
