import { z } from 'zod'
import { audit, auditedRules, type Finding, VERDICTS } from '#agent/rewards/audit'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import type { Env } from '#core/env/env'
import { Conversation } from '#core/play/policy'
import { chosenLevels, collectionFlags } from '../collections.ts'
import type { Command, Io } from '../command.ts'
import { chosenEnv, whole } from '../episodes.ts'
import { flagOf } from '../flags.ts'
import { opponentFlag, opponentPolicy } from '../seats.ts'

const MODES = ['online', 'global'] as const
const flags = z.object({
  env: z.string().optional().describe('environment; every one that has an expert unless given'),
  config: z
    .string()
    .default('')
    .describe("JSON or key=value,...; the environment's first example unless given"),
  ...collectionFlags,
  opponent: opponentFlag,
  episodes: whole(2).max(10_000).default(40).describe('levels that everybody plays'),
  seed: z.string().default('audit').describe('of the levels'),
  mode: z.enum(MODES).optional().describe('online, global; both unless given'),
  actionsPerTurn: whole(1).default(5).describe('most actions of one online answer'),
  maxTurns: whole(1)
    .default(10)
    .describe('turns of online; a global answer has as many actions as all of them'),
  json: z.boolean().default(false).describe('print one JSON object per exploiter and rule'),
})
type Options = z.infer<typeof flags>

/** Which rewards can be had without playing well: scripted exploiters under every rule, against honest play. */
export const command: Command = {
  summary: 'find reward rules that pay for something else than play',
  examples: [
    'kickpush audit',
    'kickpush audit --env sokoban --config preset=tiny-1 --mode global',
    'kickpush audit --env football --config preset=academy_3_vs_1_with_keeper,reward=magebench --max-turns 40 --json',
  ],
  flags,
  async run(given, io, { envs }) {
    const options = flags.parse(given)
    if (
      options.env === undefined &&
      (options.config !== '' || options.levels.length > 0 || options.opponent !== undefined)
    ) {
      throw new UserError(
        'kickpush audit: --config, --levels and --opponent are of one environment; give --env',
      )
    }
    const chosen =
      options.env === undefined
        ? envs.filter((env) => env.policies?.expert)
        : [chosenEnv(envs, options.env, 'kickpush audit')]
    for (const env of chosen) {
      if (!env.policies?.expert)
        throw new UserError(`kickpush audit: ${env.id} has no expert to compare with`)
      for (const mode of MODES) {
        if (options.mode !== undefined && options.mode !== mode) continue
        await auditOne(env, mode, options, io)
      }
    }
    return 0
  },
}

async function auditOne(env: Env, mode: (typeof MODES)[number], options: Options, io: Io): Promise<void> {
  const config =
    options.config === '' && options.levels.length === 0 ? JSON.stringify(env.examples[0]) : options.config
  const { levels, of } = await chosenLevels(env, { ...options, config, split: 'all' }, io)
  const { actionsPerTurn, maxTurns } = options
  const turns = mode === 'global' ? maxTurns * actionsPerTurn : maxTurns
  const conversation = parse(
    Conversation,
    { mode, actionsPerTurn, maxTurns: turns },
    'kickpush audit',
    flagOf,
  )
  const opponent = await opponentPolicy(levels[0], options.opponent, { temperature: 1 })
  const findings = await audit(levels, conversation, auditedRules(levels[0]), opponent)
  opponent?.dispose?.()
  if (options.json) {
    for (const finding of findings) io.print(JSON.stringify({ env: env.id, mode, ...finding }))
    return
  }
  const { preset } = levels[0].config as { preset?: string }
  io.print(
    `${env.id}${preset ? ` ${preset}` : ''}${opponent ? ` against ${opponent.id}` : ''}, ${mode}, ${levels.length} ${options.levels.length > 0 ? of : 'levels'}`,
  )
  for (const rule of new Set(findings.map((finding) => finding.rule))) {
    show(
      findings.filter((finding) => finding.rule === rule),
      io,
    )
  }
  io.print(summary(findings))
  io.print('')
}

function show(findings: readonly Finding[], io: Io): void {
  const { rule, random, expert } = findings[0]
  io.print(`\n  ${rule}: random is paid ${random.toFixed(3)}, the expert ${expert.toFixed(3)}`)
  io.print(
    `    ${'exploiter'.padEnd(20)}${'reward'.padStart(8)}  over random           over honest play      if twice as long`,
  )
  for (const { player, reward, overRandom, overHonest, overShorter, verdict } of findings) {
    const differences = [overRandom, overHonest, overShorter].map(({ mean, low, high }) =>
      `${signed(mean)} [${signed(low)}, ${signed(high)}]`.padEnd(20),
    )
    const cells = [`    ${player.padEnd(20)}${reward.toFixed(3).padStart(8)}`, ...differences]
    io.print(`${cells.join('  ')}${verdict ? `  PAYS ${verdict}` : ''}`)
  }
}

function summary(findings: readonly Finding[]): string {
  const paying = findings.filter(({ verdict }) => verdict !== undefined)
  if (paying.length === 0) return '\n  no exploiter pays'
  const rows = VERDICTS.flatMap((verdict) => {
    const some = paying.filter((finding) => finding.verdict === verdict)
    const named = some.map(({ rule, player }) => `${player} (${rule})`)
    return some.length > 0 ? [`  paid ${verdict}: ${named.join(', ')}`] : []
  })
  return `\n${rows.join('\n')}`
}

const signed = (x: number): string => `${x < 0 ? '' : '+'}${x.toFixed(2)}`
