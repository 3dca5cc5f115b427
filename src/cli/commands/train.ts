import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { type Recipe, readRecipe } from '#agent/trainer/recipe'
import { type TrainProgress, train } from '#agent/trainer/train'
import type { Command } from '#core/command'
import { UserError } from '#core/errors'
import { FileStore } from '#stores/files'
import { BACKENDS } from '../episodes.ts'
import { programmeOf } from '../exhibition.ts'
import { untilInterrupted } from '../interrupt.ts'
import { duration, ProgressLine } from '../progress.ts'
import { resultLines } from '../results.ts'
import { openServer } from '../serving.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<recipe>: a YAML file, like recipes/quick.yaml'),
  set: z.array(z.string()).default([]).describe('write over the recipe: stages.fre.updates=20'),
  seed: z.string().optional().describe("the recipe's seed"),
  backend: z.enum(BACKENDS).default('auto').describe('what computes'),
  out: z.string().optional().describe('run folder; runs/<recipe> unless given'),
  resume: z.boolean().default(false).describe('go on from the last checkpoint of --out'),
  workers: z.coerce.number().int().min(0).max(64).optional().describe('threads; as cores allow unless given'),
  keepEpisodes: z.coerce.number().int().min(0).default(4).describe('episodes recorded per update'),
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
    'kickpush train recipes/quick.yaml --out runs/two --resume',
  ],
  flags,
  async run(given, io) {
    const { _: words, ...options } = flags.parse(given)
    if (words.length === 0) throw new UserError('kickpush train: which recipe? (recipes/quick.yaml)')
    const overrides = options.seed === undefined ? options.set : [...options.set, `seed=${options.seed}`]
    const recipe = await readRecipe(words[0], overrides)
    if (options.resume && options.out === undefined) {
      throw new UserError('kickpush train: --resume needs --out <run folder>')
    }
    const out = options.out ?? freeFolder(recipe.name)
    const server =
      options.serve === undefined
        ? undefined
        : await openServer(
            { port: options.serve, runs: dirname(out), programme: programmeOf(recipe, options.backend) },
            io,
          )
    const stop = new AbortController()
    const line = new ProgressLine(io)
    let training = true
    const interrupted = untilInterrupted().then(() => {
      if (training) line.note('stopping after this update; Ctrl+C again stops at once')
      stop.abort(new Interrupted())
    })
    let begun = false
    try {
      const { cells } = await train({
        recipe,
        store: new FileStore(out),
        run: basename(out),
        resume: options.resume,
        backend: options.backend,
        workers: options.workers,
        keepEpisodes: options.keepEpisodes,
        signal: stop.signal,
        onProgress: (progress) => line.show(describe(progress, recipe)),
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
      io.note(`stopped; go on with: kickpush train ${words[0]} --out ${out} --resume`)
      return 0
    } finally {
      await server?.close()
    }
  },
}

class Interrupted extends Error {}

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
