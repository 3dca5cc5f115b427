import { parseDocument } from '#stores/xml'
import { games } from '../games.ts'
import { keepLevels } from './kept.ts'

/**
 * Reads a file of levels by whichever game can, and keeps them under its name.
 * @returns whether one can. @throws UserError when it is meant as one and cannot be read.
 */
export function readLevels(name: string, text: string): boolean {
  const document = parseDocument(text, name)
  for (const env of games.envs) {
    const collection = env.levels?.(document)
    if (!collection || collection.levels.length === 0) continue
    keepLevels(name, { env, collection })
    return true
  }
  return false
}
