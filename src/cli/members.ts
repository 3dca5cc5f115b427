import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The file and line of a game's folder where a member of its `Env` is written: a function of that name, else the
 * field. Several members may be asked for at once ('save and load'); the first that is found is told.
 * @returns "state.ts:74", or null where the sources are not here.
 */
export function placeOfMember(folder: string, members: string): string | null {
  if (!existsSync(folder)) return null
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ name, lines: readFileSync(join(folder, name), 'utf8').split('\n') }))
  for (const member of members.match(/[a-zA-Z]+/g) ?? []) {
    const patterns = [
      new RegExp(`\\b(function|const) ${member}\\b`),
      new RegExp(`^\\s*(async )?['"]?${member}['"]?\\s*[:(]`),
    ]
    for (const pattern of patterns) {
      for (const { name, lines } of files) {
        const at = lines.findIndex((line) => pattern.test(line))
        if (at >= 0) return `${name}:${at + 1}`
      }
    }
  }
  return null
}
