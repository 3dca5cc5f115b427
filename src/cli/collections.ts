import type { Level } from '#agent/trainer/evaluate'
import { badLevels, type Fault, told } from '#core/collection'
import type { Io } from '#core/command'
import { resolveConfig } from '#core/config'
import type { Env } from '#core/env'
import { UserError } from '#core/errors'

/** A level of a collection file, and the file. */
export interface FiledLevel extends Level {
  readonly file: string
  readonly number: number
  readonly name?: string
}

/**
 * The levels of collection files in order, under `config`; what has nothing to play is left out and noted.
 * @param options `skipBad` leaves bad levels out as well; level i gets seed `<seed>/<i>`.
 * @throws UserError naming the bad levels of the first file that has any, or a file without a level.
 */
export async function collection(
  env: Env,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>,
  { seed, skipBad }: { readonly seed: string; readonly skipBad: boolean },
  io: Io,
): Promise<FiledLevel[]> {
  if (!env.levels) throw new UserError(`${env.id} has no level files: leave out --levels`)
  const all: FiledLevel[] = []
  for (const file of files) {
    const { levels, faults } = env.levels(await io.document(file))
    noteFaults(faults, levels.length, file, skipBad, io)
    if (levels.length === 0) throw new UserError(`'${file}' holds no level to play`)
    for (const { config: own, number, name } of levels) {
      const resolved = resolveConfig(env, { ...config, ...own })
      all.push({ env, config: resolved, seed: `${seed}/${all.length}`, file, number, name })
    }
  }
  return all
}

/** Notes each level that is left out. @throws UserError where bad ones may not be. */
function noteFaults(faults: readonly Fault[], good: number, file: string, skipBad: boolean, io: Io): void {
  const bad = skipBad ? null : badLevels(faults, good + faults.length)
  if (bad !== null) throw new UserError(`${file}: ${bad} (--skip-bad leaves them out)`)
  for (const fault of faults) io.note(`${file}: ${told(fault)}; left out`)
}
