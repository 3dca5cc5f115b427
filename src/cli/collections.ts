import { z } from 'zod'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { SPLITS, type Split, splitOf } from '#core/env/split'
import { collectedLevels, collectionFiles, type FiledLevel } from '#stores/collections'
import { levelFlags, seededLevels } from './episodes.ts'
import type { PlacedLevel } from './readable.ts'
import { parseConfig } from './values.ts'

/** Flags of commands that take their levels from files. */
export const collectionFlags = {
  levels: z
    .array(z.string())
    .default([])
    .describe('file or folder of levels to play instead (may be given more than once)'),
  skipBad: z.boolean().default(false).describe('leave out levels of files that cannot be read, and say why'),
}

const Chosen = z.object({ ...levelFlags, ...collectionFlags })
type Chosen = Omit<z.infer<typeof Chosen>, 'env'>

/** Episodes of commands that play seeds, where nobody says. */
const EPISODES = 100

/**
 * The levels of a command, one per episode, and what to say of them: those of files, or of seeds. Of files all are
 * played, unless `split` or `episodes` choose some.
 * @throws UserError when files cannot be read, or a split has too few levels.
 */
export async function chosenLevels(
  env: Env,
  options: Chosen,
  io: Io,
): Promise<{ levels: PlacedLevel[]; of: string }> {
  const { levels: paths, episodes, split } = options
  if (paths.length === 0) {
    return seededLevels(env, { ...options, episodes: episodes ?? EPISODES, split: split ?? 'test' })
  }
  const levels = await filedLevels(env, options, io)
  const of = split === undefined || split === 'all' ? 'levels' : `${split} levels`
  return { levels, of: `${of} of ${paths.join(' ')}` }
}

/** @throws UserError when no level is left. */
async function filedLevels(env: Env, options: Chosen, io: Io): Promise<PlacedLevel[]> {
  const { levels: paths, episodes = Number.POSITIVE_INFINITY, seed, split = 'all' } = options
  const config = parseConfig(options.config)
  const chosen: PlacedLevel[] = []
  for await (const level of filed(env, options, io)) {
    if (chosen.length >= episodes) break
    const resolved = resolveConfig(env, { ...config, ...level.config })
    if (split !== 'all' && splitOfLevel(env, resolved) !== split) continue
    chosen.push({ env, config: resolved, seed: `${seed}/${chosen.length}`, place: placeOf(level) })
  }
  if (chosen.length === 0) throw new UserError(`no ${split} level in ${paths.join(' ')}`)
  return chosen
}

const placeOf = ({ file, number, line, name }: FiledLevel): PlacedLevel['place'] => ({
  file,
  number,
  line,
  name,
})

/** @throws UserError for an environment that cannot tell its levels apart. */
function splitOfLevel(env: Env, config: object): Split {
  if (!env.levelKey) throw new UserError(`${env.id} has no splits (${SPLITS.join(', ')}) of files`)
  return splitOf(env.levelKey(config, ''))
}

/** What the levels of files add to a config. @throws UserError when the files cannot be read. */
export async function levelConfigs(env: Env, { levels, skipBad }: Files, io: Io): Promise<object[]> {
  const configs: object[] = []
  for await (const { config } of filed(env, { levels, skipBad }, io)) configs.push(config)
  return configs
}

interface Files {
  readonly levels: readonly string[]
  readonly skipBad: boolean
}

function filed(env: Env, { levels, skipBad }: Files, io: Io): AsyncGenerator<FiledLevel> {
  return collectedLevels(env, collectionFiles(levels), { skipBad, read: io.document, note: io.note })
}

/**
 * Level `index` (from 1) of files.
 * @throws UserError when they have fewer.
 */
export async function levelAt(
  env: Env,
  index: number,
  options: Files & { readonly config: string; readonly seed: string },
  io: Io,
): Promise<PlacedLevel> {
  let count = 0
  for await (const level of filed(env, options, io)) {
    if (++count < index) continue
    const config = resolveConfig(env, { ...parseConfig(options.config), ...level.config })
    return { env, config, seed: options.seed, place: placeOf(level) }
  }
  throw new UserError(`--index ${index} is beyond the ${count} levels of ${options.levels.join(' ')}`)
}
