import { cpus } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { RunFolder } from '#agent/trainer/folder'
import { readRecipe } from '#agent/trainer/recipe'
import { collect, reproduce, runOf, scaled } from '#agent/trainer/reproduce'
import { readYaml } from '#agent/trainer/yaml'
import type { Command } from '#core/command'
import { parse } from '#core/config'
import { didYouMean, UserError } from '#core/errors'
import { readText } from '#core/store'
import { FileStore } from '#stores/files'
import { BACKENDS } from '../episodes.ts'
import { ProgressLine } from '../progress.ts'
import { reproductionReport, Study } from '../reproduction.ts'
import { packaged } from '../root.ts'

const STUDIES = ['lmm-r1']

const flags = z.object({
  _: z
    .array(z.string())
    .max(1)
    .default([])
    .describe(`<study>: ${STUDIES.join(', ')}`),
  seeds: z.coerce.number().int().min(1).max(100).default(3).describe('trainings of every row'),
  budget: z.coerce.number().positive().max(100).default(1).describe("factor on every stage's updates"),
  out: z.string().default('runs/lmm-r1').describe('folder of the runs; what is there already is kept'),
  set: z.array(z.string()).default([]).describe('write over the recipe: evaluation.episodes=100'),
  backend: z.enum(BACKENDS).default('auto').describe('what computes'),
  workers: z.coerce.number().int().min(0).max(64).optional().describe('threads; as cores allow unless given'),
})

/** The paper's comparison at home: all rows, several seeds, one report; goes on where it was stopped. */
export const command: Command = {
  summary: 'train and compare the rows of a paper',
  examples: [
    'kickpush reproduce lmm-r1',
    'kickpush reproduce lmm-r1 --seeds 1 --budget 0.1 --out runs/small',
  ],
  flags,
  async run(given, io) {
    const { _: studies, seeds, budget, out, set, backend, workers } = flags.parse(given)
    const name = studies[0] ?? ''
    if (!STUDIES.includes(name)) {
      throw new UserError(`kickpush reproduce: no study '${name}'${didYouMean(name, STUDIES)}`)
    }
    const recipe = await readRecipe(packaged(`recipes/${name}.yaml`), set)
    const about = packaged(`recipes/studies/${name}.yaml`)
    const study = parse(Study, readYaml(await io.read(about), about), about)
    const line = new ProgressLine(io)
    const report = join(out, 'report.md')
    const open = (run: string) => new FileStore(join(out, run))
    const write = async () => {
      const runs = Array.from({ length: seeds }, (_, i) => new RunFolder(open(runOf(i + 1))))
      const text = reproductionReport({
        study,
        recipe: scaled(recipe, 1, budget),
        seeds: await collect(open, seeds),
        metrics: await Promise.all(runs.map((run) => run.readMetrics())),
        command: `kickpush reproduce ${name} --seeds ${seeds} --budget ${budget}`,
        machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`,
        date: new Date().toISOString().slice(0, 10),
      })
      const curves = await readText(runs[0].store, 'curves.svg')
      if (curves !== null) await io.write(join(out, 'curves.svg'), curves)
      const picture =
        curves === null ? '' : '\n## Learning curves (seed 1)\n\n![Learning curves](curves.svg)\n'
      await io.write(report, `${text}${picture}`)
    }
    await reproduce({
      recipe,
      store: open,
      seeds,
      budget,
      backend,
      workers,
      keepEpisodes: 2,
      transfer: study.transfer,
      onProgress: ({ stage, update, updates, rate }) =>
        line.show(`${stage} ${update}/${updates}  ${rate.toFixed(2)} updates/s`),
      onNote: (note) => line.note(note),
      onSeed: write,
    })
    line.end()
    io.print(await io.read(report))
    return 0
  },
}
