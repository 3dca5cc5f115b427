import { FileErrors, UserError } from '#core/base/errors'
import { badLevels, type Fault, told } from '#core/env/collection'
import type { Io } from '#core/env/command'
import type { Level } from '#core/play/match'
import type { Conversation, Policy } from '#core/play/policy'
import type { FiledLevel } from '#stores/collections'

/** A level to be played, and where in a file it is, where it comes from one. */
export interface PlacedLevel extends Level {
  readonly place?: Pick<FiledLevel, 'file' | 'number' | 'line' | 'name'>
}

/**
 * Those of the levels that all agents can read; with `skipBad` the other levels of files are noted and left out, and null
 * says that they cannot be.
 * @throws FileErrors naming the levels of each file that one of the agents cannot read.
 */
export function readableLevels(
  levels: readonly PlacedLevel[],
  policies: readonly (Policy | undefined)[],
  conversation: Conversation,
  skipBad: boolean | null,
  io: Io,
): readonly PlacedLevel[] {
  const readers = new Set(policies.filter((policy) => policy?.unreadable !== undefined))
  if (readers.size === 0) return levels
  const faults = new Map<string, Fault[]>()
  const seen = new Map<string, number>()
  const readable = levels.filter((level) => {
    const { place } = level
    if (place === undefined) return true
    seen.set(place.file, (seen.get(place.file) ?? 0) + 1)
    for (const reader of readers) {
      const reason = reader!.unreadable!(level, conversation)
      if (reason === null) continue
      const own = faults.get(place.file) ?? []
      faults.set(place.file, own)
      own.push({ ...place, reason: `${reader!.id} cannot read it: ${reason}`, bad: true })
      return false
    }
    return true
  })
  if (faults.size === 0) return levels
  if (!skipBad) {
    const hint = skipBad === null ? '' : ' (--skip-bad leaves them out)'
    throw new FileErrors(
      Array.from(faults, ([file, own]) => `${file}: ${badLevels(own, seen.get(file)!)}${hint}`),
    )
  }
  for (const [file, own] of faults) for (const fault of own) io.note(`${file}: ${told(fault)}; left out`)
  if (readable.length === 0) throw new UserError('no level is left that the agents can read')
  return readable
}
