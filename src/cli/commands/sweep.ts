import { join } from 'node:path'
import { z } from 'zod'
import { percent, tInterval } from '#agent/evaluation/statistics'
import { nodeWith } from '#agent/hosts/node/index'
import { override } from '#agent/recipe/override'
import { readYaml } from '#agent/recipe/yaml'
import { rowsOfDots } from '#agent/study/rows'
import { seedsIn } from '#agent/study/study'
import {
  judgingOf,
  recipeOfRun,
  type Setting,
  type Swept,
  settingsOf,
  sweep,
  sweptAt,
} from '#agent/study/sweep'
import { UserError } from '#core/base/errors'
import { MODALITIES } from '#core/play/policy'
import { FileStore } from '#stores/files'
import type { Command } from '../command.ts'
import { BACKENDS } from '../episodes.ts'
import { Interrupted, untilInterrupted } from '../interrupt.ts'
import { lanesFlag, machine } from '../lanes.ts'
import { ProgressLine } from '../progress.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<recipe>: a YAML file, like recipes/quick.yaml'),
  grid: z
    .array(z.string())
    .default([])
    .describe('values to try, every combination: stages.fre.optimizer.rate=0.001,0.0005'),
  set: z.array(z.string()).default([]).describe('write over the recipe of all: stages.fre.updates=20'),
  seeds: z.string().default('1-3').describe('trainings of each combination, like 1-3 or 1,2,5'),
  agent: z.string().optional().describe('the stage that is judged; the last unless given'),
  modality: z
    .enum(MODALITIES)
    .optional()
    .describe("what it sees then; as its stage's conversation unless given"),
  episodes: z.coerce.number().int().min(2).max(20_000).default(200).describe('valid levels'),
  temperature: z.coerce.number().min(0).default(0).describe('of sampling then; 0 is greedy'),
  out: z.string().optional().describe('folder of runs, table and picture; what is there already is kept'),
  lanes: lanesFlag('runs at a time'),
  backend: z.enum(BACKENDS).default('auto').describe('what computes'),
})

/** A recipe over a grid of settings and some seeds, judged on valid levels; goes on where it was stopped. */
export const command: Command = {
  summary: 'train a recipe over a grid of settings and some seeds, and compare them on valid levels',
  examples: [
    'kickpush sweep recipes/quick.yaml --grid stages.fre.optimizer.rate=0.001,0.0005 --seeds 1-3',
    'kickpush sweep mine.yaml --grid stages.fre.groups=16,32 --grid stages.fre.groupSize=4,8 --out runs/groups',
    'kickpush sweep recipes/quick.yaml --grid stages.fre.algorithm.name=grpo,rloo --agent fre --episodes 400',
  ],
  flags,
  async run(given, io, games) {
    const { _: words, grid, set, seeds: asked, lanes, backend, out: wanted, ...how } = flags.parse(given)
    const [file] = words
    if (file === undefined) throw new UserError('kickpush sweep: which recipe? (recipes/quick.yaml)')
    const what = `recipe ${file}`
    const document = readYaml(await io.read(file), what)
    for (const one of set) override(document, one)
    const settings = settingsOf(grid)
    const seeds = seedsIn(asked, 'kickpush sweep --seeds')
    const recipe = (setting: Setting, seed: number) => recipeOfRun(document, setting, seed, how, what)
    // All of them before the first is trained.
    const [first] = settings.map((setting) => recipe(setting, seeds[0]))
    const judging = judgingOf(first, how)
    const out = wanted ?? join('runs', `sweep-${first.name}`)
    const folder = new FileStore(out)
    const stores = {
      sweep: folder,
      run: ({ name }: Setting, seed: number) => new FileStore(join(out, name, `seed-${seed}`)),
    }
    const line = new ProgressLine(io)
    const stop = new AbortController()
    void untilInterrupted().then((code) => {
      line.note('stopping after this update; Ctrl+C again stops at once')
      stop.abort(new Interrupted(code))
    })
    const write = async (): Promise<string> => {
      const found = await Promise.all(
        settings.map(async (setting) => {
          const all = await Promise.all(
            seeds.map((seed) => sweptAt(folder, setting, seed, recipe(setting, seed))),
          )
          return { setting, runs: all.filter((one) => one !== null) }
        }),
      )
      const told = [file, ...grid.map((one) => `--grid ${one}`), ...set.map((one) => `--set ${one}`)]
      const text = report(found, seeds, {
        title: `${first.name}: ${judging.agent} on ${judging.episodes} valid levels, ${judging.modality}, temperature ${judging.temperature}`,
        command: `kickpush sweep ${told.join(' ')} --seeds ${asked}`,
      })
      const rows = byMean(found).map(({ setting, runs }) => ({
        name: shortOf(setting),
        values: runs.map(({ success }) => 100 * success),
      }))
      if (rows.length > 0) {
        const axis = 'valid levels solved, % (a dot is a training)'
        await io.write(join(out, 'sweep.svg'), rowsOfDots(`${first.name}: ${judging.agent}`, rows, axis))
      }
      const figures = found.map(({ setting, runs }) => ({ set: setting.overrides, runs }))
      await io.write(join(out, 'sweep.json'), `${JSON.stringify({ judging, figures }, null, 2)}\n`)
      await io.write(join(out, 'report.md'), text)
      return text
    }
    let done = 0
    try {
      await sweep({
        host: nodeWith(games),
        settings,
        seeds,
        recipe,
        stores,
        lanes,
        backend,
        signal: stop.signal,
        onNote: (note) => line.note(note),
        onProgress: ({ stage, update, updates, rate }) =>
          line.show(
            `${done} of ${settings.length * seeds.length} runs; ${stage} ${update}/${updates}  ${rate.toFixed(2)} updates/s`,
          ),
        onRun: async (setting, seed, { success }) => {
          done++
          line.note(`${labelOf(setting)}, seed ${seed}: ${(100 * success).toFixed(1)} % of valid levels`)
          await write()
        },
      })
    } catch (error) {
      line.end()
      if (!(error instanceof Interrupted)) throw error
      io.note('stopped; the same command goes on')
      return error.code
    }
    line.end()
    io.print(await write())
    return 0
  },
}

interface Found {
  readonly setting: Setting
  readonly runs: readonly Swept[]
}

const labelOf = ({ overrides }: Setting): string => overrides.join(' ') || 'as it is'
/** For a picture: the last word of each key. */
const shortOf = ({ overrides }: Setting): string =>
  overrides.map((one) => one.slice(one.lastIndexOf('.', one.indexOf('=')) + 1)).join(' ') || 'as it is'
const meanOf = ({ runs }: Found): number => runs.reduce((sum, { success }) => sum + success, 0) / runs.length

/** The best first; those that tie, and have nothing yet, as they were given. */
const byMean = (found: readonly Found[]): Found[] =>
  found.filter(({ runs }) => runs.length > 0).sort((a, b) => meanOf(b) - meanOf(a))

function report(
  found: readonly Found[],
  seeds: readonly number[],
  { title, command }: { title: string; command: string },
): string {
  const sorted = byMean(found)
  const rows = sorted.map(({ setting, runs }) => {
    const shares = runs.map(({ success }) => success)
    const mean = shares.length > 1 ? percent(tInterval(shares)) : (100 * shares[0]).toFixed(1)
    const updates = runs.reduce((sum, one) => sum + one.updates, 0) / runs.length
    const each = runs.map(({ success }) => (100 * success).toFixed(1)).join(', ')
    return `| ${labelOf(setting)} | ${mean} | ${each} | ${Math.round(updates)} |`
  })
  const missing = found.length * seeds.length - found.reduce((sum, { runs }) => sum + runs.length, 0)
  const [best] = sorted
  return `${[
    `# ${title}`,
    '',
    `\`${command}\`, ${machine()}, ${new Date().toISOString().slice(0, 10)}.${missing > 0 ? ` ${missing} runs are still to be trained.` : ''}`,
    '',
    '| settings | levels solved, %: mean and t interval of the seeds | each seed | updates |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...(rows.length > 0 ? ['![every training a dot](sweep.svg)', ''] : []),
    ...(best && found.length > 1
      ? [
          `Best: \`${best.setting.overrides.map((one) => `--set '${one}'`).join(' ')}\`. It was chosen on these levels and seeds, so its`,
          'figure is too high: what it is worth say test levels and other seeds.',
        ]
      : []),
  ].join('\n')}\n`
}
