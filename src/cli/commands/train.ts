import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { nodeWith } from '#agent/hosts/node/index'
import { readRecipe } from '#agent/hosts/node/recipe'
import { parseRecipe, type Recipe } from '#agent/recipe/recipe'
import { RunFolder, recipeOfRun } from '#agent/trainer/folder'
import type { TrainProgress } from '#agent/trainer/stage'
import { KEEP, train } from '#agent/trainer/train'
import { UserError } from '#core/base/errors'
import type { Games } from '#registry/games'
import { FileStore } from '#stores/files'
import type { Command } from '../command.ts'
import { BACKENDS } from '../episodes.ts'
import { programmeOf } from '../exhibition.ts'
import { gamesOfRun } from '../games.ts'
import { Interrupted, untilInterrupted } from '../interrupt.ts'
import { duration, ProgressLine } from '../progress.ts'
import { resultLines } from '../results.ts'
import { type OpenServer, openServer } from '../serving.ts'
import { TensorBoardLog } from '../tensorboard.ts'

/** Levels that one can watch being learnt, unless told otherwise. */
const WATCH = 4

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<recipe>: a YAML file, like recipes/quick.yaml'),
  set: z.array(z.string()).default([]).describe('write over the recipe: stages.fre.updates=20'),
  seed: z.string().optional().describe("the recipe's seed"),
  backend: z.enum(BACKENDS).optional().describe('what computes [auto; resumed: as begun]'),
  out: z.string().optional().describe('run folder; runs/<recipe> unless given'),
  resume: z
    .union([z.boolean(), z.string()])
    .optional()
    .describe("go on from a run folder's last checkpoint; the folder holds the recipe"),
  workers: z.coerce.number().int().min(0).max(64).optional().describe('threads; as cores allow unless given'),
  keepEpisodes: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(`episodes recorded per update [${KEEP}; resumed: as begun]`),
  watchLevels: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe(
      `levels played about 40 times while it trains, to watch them being learnt [${WATCH}; resumed: as begun]`,
    ),
  log: z
    .enum(['tensorboard'])
    .optional()
    .describe('also log metrics for another program, in its folder of the run'),
  serve: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('also serve the viewer, from this port on'),
})

/** Training as one command; with `--serve` the viewer runs beside it in a thread of its own and stays. */
export const command: Command = {
  summary: 'train a recipe, and watch it',
  examples: [
    'kickpush train recipes/quick.yaml --serve 3000',
    'kickpush train recipes/quick.yaml --set stages.fre.updates=20 --seed 2 --out runs/two',
    'kickpush train --resume runs/two',
  ],
  flags,
  async run(given, io, asked) {
    const { _: words, ...options } = flags.parse(given)
    const { recipe, out, games } = await chosen(words[0], options, asked)
    const host = nodeWith(games)
    let server: OpenServer | undefined
    const checked = async (): Promise<void> => {
      if (options.serve === undefined) return
      const programme = programmeOf(games, recipe, options.backend ?? 'auto')
      server = await openServer(
        { port: options.serve, runs: dirname(out), programme, games: games.added },
        io,
      )
    }
    const stop = new AbortController()
    const line = new ProgressLine(io)
    let training = true
    const interrupted = untilInterrupted().then((code) => {
      if (training) line.note('stopping after this update; Ctrl+C again stops at once')
      stop.abort(new Interrupted(code))
    })
    let begun = false
    let log: TensorBoardLog | undefined
    try {
      const { cells } = await train({
        host,
        recipe,
        store: new FileStore(out),
        run: basename(out),
        resume: options.resume !== undefined,
        backend: options.backend,
        workers: options.workers,
        keepEpisodes: options.keepEpisodes,
        watchLevels: options.watchLevels ?? (options.resume === undefined ? WATCH : undefined),
        signal: stop.signal,
        onChecked: checked,
        onProgress: (progress) => {
          line.show(describe(progress, recipe))
          if (options.log === undefined) return
          log ??= new TensorBoardLog(join(out, options.log))
          log.add(progress.row)
        },
        onNote: (note) => {
          if (!begun) line.note(`run: ${out}`)
          begun = true
          line.note(note)
        },
      })
      training = false
      line.end()
      const report = join(out, 'report.md')
      if (recipe.evaluation) for (const text of resultLines(recipe.evaluation, cells)) io.print(text)
      io.note(`report: ${report}`)
      if (server) {
        io.note(`viewer: ${server.url}; Ctrl+C stops`)
        await interrupted
      }
      return 0
    } catch (error) {
      line.end()
      if (!(error instanceof Interrupted)) throw error
      io.note(`stopped; go on with: kickpush train --resume ${quoted(out)}`)
      return error.code
    } finally {
      await server?.close()
    }
  },
}

/** What is trained and where. A run that goes on brings its recipe, which a file and `--set` can write over. */
async function chosen(
  file: string | undefined,
  { resume, out, set, seed }: Omit<z.infer<typeof flags>, '_'>,
  games: Games,
): Promise<{ recipe: Recipe; out: string; games: Games }> {
  const overrides = seed === undefined ? set : [...set, `seed=${seed}`]
  if (resume === undefined || resume === false) {
    if (file === undefined) throw new UserError('kickpush train: which recipe? (recipes/quick.yaml)')
    const recipe = await readRecipe(file, overrides)
    return { recipe, out: out ?? freeFolder(recipe.name), games }
  }
  // `--resume recipes/quick.yaml --out runs/two`: the flag took the recipe for its folder.
  const [folder, other] = resume === true ? [out] : out === undefined ? [resume] : [out, resume]
  if (folder === undefined || (file !== undefined && other !== undefined)) {
    throw new UserError('kickpush train: --resume needs one run folder, like --resume runs/quick')
  }
  const given = file ?? other
  const info = await new RunFolder(new FileStore(folder)).readInfo()
  const all = info ? await gamesOfRun(games, info, folder) : games
  if (given !== undefined) return { recipe: await readRecipe(given, overrides), out: folder, games: all }
  if (!info) throw new UserError(`${folder} holds no run to resume`)
  const begun = JSON.stringify(recipeOfRun(info, folder))
  return { recipe: parseRecipe(begun, overrides, `recipe of ${folder}`), out: folder, games: all }
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** `runs/<name>`, or the first of `runs/<name>-2`, `-3` ... that is free. */
function freeFolder(name: string): string {
  for (let i = 1; ; i++) {
    const folder = join('runs', i === 1 ? name : `${name}-${i}`)
    if (!existsSync(folder)) return folder
  }
}

function describe({ stage, update, updates, left, rate, eta, row }: TrainProgress, recipe: Recipe): string {
  if (left === 0 && recipe.evaluation) return `evaluation on ${recipe.evaluation.episodes} held-out levels`
  const number = recipe.stages.findIndex(({ name }) => name === stage) + 1
  const shown = ['success', 'return', 'reward', 'loss'].filter((name) => typeof row[name] === 'number')
  const figures = shown.map((name) => `${name} ${(row[name] as number).toFixed(3)}`).join('  ')
  const where = `${stage} ${update}/${updates}, stage ${number} of ${recipe.stages.length}`
  // What a narrow terminal cuts off should not be the time that is left.
  return `${where}  ${duration(eta)} left  ${rate.toFixed(2)} updates/s  ${figures}`
}
