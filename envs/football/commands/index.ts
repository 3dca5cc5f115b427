import type { Command } from '#core/env/command'
import { checkScenarios, importScenarios, listScenarios, scenarioSchema } from './scenarios.ts'
import { matchStats } from './stats.ts'

/** Tools for scenarios and matches. */
export const commands: Readonly<Record<string, Command>> = {
  'scenarios list': listScenarios,
  'scenarios import': importScenarios,
  'scenarios check': checkScenarios,
  'scenarios schema': scenarioSchema,
  stats: matchStats,
}
