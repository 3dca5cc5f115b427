import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { nodeWith } from '#agent/hosts/node/index'
import { judge } from '#agent/study/judge'
import { collect, reproduce } from '#agent/study/reproduce'
import { readStudy, seedsIn } from '#agent/study/study'
import { didYouMean, UserError } from '#core/base/errors'
import { FileStore } from '#stores/files'
import type { Command, Io } from '../command.ts'
import { BACKENDS } from '../episodes.ts'
import { Interrupted, untilInterrupted } from '../interrupt.ts'
import { lanesFlag, machine } from '../lanes.ts'
import { ProgressLine } from '../progress.ts'
import { reproductionReport } from '../reproduction.ts'
import { packaged } from '../root.ts'
import { readTried, type Tried } from '../tried.ts'

/** Those that come with it. */
export const STUDIES: readonly string[] = readdirSync(packaged('recipes/studies'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => basename(file, '.yaml'))
  .sort()

const flags = z.object({
  _: z
    .array(z.string())
    .max(1)
    .default([])
    .describe(`<study>: ${STUDIES.join(', ')}, or a YAML file`),
  seeds: z.string().optional().describe("trainings, like 101-110 or 1,2,5; the study's unless given"),
  explore: z
    .boolean()
    .default(false)
    .describe('for choices: valid levels, other seeds, and a line in the log of what was tried'),
  set: z
    .array(z.string())
    .default([])
    .describe("write over the study's recipe, only with --explore: stages.fre.updates=10"),
  out: z.string().optional().describe('folder of the runs and the report; what is there already is kept'),
  lanes: lanesFlag('seeds trained at a time'),
  backend: z.enum(BACKENDS).default('auto').describe('what computes'),
})

/** A study at home: one training per seed, all agents in all plays, one report; goes on where it was stopped. */
export const command: Command = {
  summary: 'run a study: train its recipe from several seeds and judge its claims',
  examples: [
    'kickpush reproduce lmm-r1',
    'kickpush reproduce lmm-r1 --seeds 101-103 --lanes 1 --out runs/three',
    'kickpush reproduce lmm-r1 --explore --set stages.fre.updates=20',
  ],
  flags,
  async run(given, io, games) {
    const { _: words, explore, set, lanes, backend, ...options } = flags.parse(given)
    if (words.length === 0) throw new UserError(`kickpush reproduce: which study? (${STUDIES.join(', ')})`)
    const file = fileOf(words[0])
    const name = basename(file, '.yaml')
    if (set.length > 0 && !explore) {
      throw new UserError('kickpush reproduce: a study is run as it is; --set needs --explore')
    }
    const frozen = readStudy(await io.read(file), set, `study ${name}`)
    const { study } = frozen
    const asked = options.seeds ?? (explore ? study.explore : study.seeds)
    const seeds = seedsIn(asked, 'kickpush reproduce --seeds')
    if (explore) mustBeFree(seeds, seedsIn(study.seeds, `study ${name}`))
    const split = explore ? 'valid' : 'test'
    const out = options.out ?? join('runs', explore ? `${name}-${frozen.hash.slice(0, 8)}` : name)
    const log = file.replace(/\.ya?ml$/, '.tried.jsonl')
    const told = [words[0], ...(explore ? ['--explore'] : []), ...set.map((one) => `--set ${one}`)]
    if (options.seeds !== undefined) told.push(`--seeds ${asked}`)
    const stores = {
      study: new FileStore(out),
      run: (seed: number) => new FileStore(join(out, `seed-${seed}`)),
    }
    const write = async (): Promise<void> => {
      const { text, pictures, figures } = reproductionReport({
        frozen,
        seeds: await collect(study, stores, seeds),
        split,
        tried: existsSync(log) ? readTried(await io.read(log), log) : [],
        command: `kickpush reproduce ${told.join(' ')}`,
        machine: machine(),
        date: today(),
      })
      for (const [picture, svg] of pictures) await io.write(join(out, picture), svg)
      await io.write(join(out, 'report.json'), `${JSON.stringify(figures, null, 2)}\n`)
      await io.write(join(out, 'report.md'), text)
    }
    const line = new ProgressLine(io)
    const stop = new AbortController()
    void untilInterrupted().then((code) => {
      line.note('stopping after this update; Ctrl+C again stops at once')
      stop.abort(new Interrupted(code))
    })
    const reproducing = reproduce({
      host: nodeWith(games),
      frozen,
      stores,
      seeds,
      split,
      lanes,
      backend,
      onProgress: (seed, { stage, update, updates, rate }) =>
        line.show(`seed ${seed}: ${stage} ${update}/${updates}  ${rate.toFixed(2)} updates/s`),
      onNote: (note) => line.note(note),
      onSeed: write,
      signal: stop.signal,
    })
    try {
      await reproducing
    } catch (error) {
      line.end()
      if (!(error instanceof Interrupted)) throw error
      io.note('stopped; the same command goes on')
      return error.code
    }
    line.end()
    if (explore) {
      const results = await collect(study, stores, seeds)
      const found = study.claims.map((claim) => {
        const { difference, agent, baseline } = judge(claim, results)
        return { claim: claim.claim, mean: difference.mean, bySeed: agent.map((x, i) => x - baseline[i]) }
      })
      await remember(
        log,
        { date: today(), seeds: asked, settings: set.join(', ') || 'as in the file', found },
        io,
      )
    }
    await write()
    io.print(await io.read(join(out, 'report.md')))
    return 0
  },
}

function fileOf(word: string): string {
  if (/\.ya?ml$/.test(word)) return word
  if (STUDIES.includes(word)) return packaged(`recipes/studies/${word}.yaml`)
  throw new UserError(`kickpush reproduce: no study '${word}'${didYouMean(word, STUDIES)}`)
}

/** Seeds that a study is tested with stay unseen until then. */
function mustBeFree(seeds: readonly number[], kept: readonly number[]): void {
  const taken = seeds.find((seed) => kept.includes(seed))
  if (taken === undefined) return
  throw new UserError(`kickpush reproduce --explore: seed ${taken} is kept for the test`)
}

async function remember(log: string, tried: Tried, io: Io): Promise<void> {
  const before = existsSync(log) ? await io.read(log) : ''
  await io.write(log, `${before}${JSON.stringify(tried)}\n`)
}

const today = (): string => new Date().toISOString().slice(0, 10)
