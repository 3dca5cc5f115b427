import { z } from 'zod'
import { type Comparison, compare, type Pair } from '#agent/evaluation/compare'
import type { Result } from '#agent/evaluation/evaluate'
import { bySeat, fromEverySeat } from '#agent/evaluation/seats'
import { percent } from '#agent/evaluation/statistics'
import { UserError } from '#core/base/errors'
import { withoutSecrets } from '#core/base/secrets'
import type { Policy } from '#core/play/policy'
import { chatFlags, chatOptions } from '../chat.ts'
import { chosenLevels, collectionFlags } from '../collections.ts'
import type { Command, Io } from '../command.ts'
import {
  AGENTS,
  agentFlags,
  chosenEnv,
  conversationFlags,
  conversationOf,
  levelFlags,
  shown,
  taughtTo,
} from '../episodes.ts'
import { hashOfLevels, keeping, keptFlags, mustHaveOut } from '../kept.ts'
import { Counter } from '../progress.ts'
import { readableLevels } from '../readable.ts'
import { opponentFlag, opponentPolicy, seatPolicies } from '../seats.ts'
import { compareVariants, type Field, variantFlag } from '../variants.ts'

const flags = z.object({
  _: z.array(z.string()).default([]).describe(`<agent> [agent]: ${AGENTS}; one with --variant, two without`),
  ...levelFlags,
  opponent: opponentFlag,
  ...collectionFlags,
  ...conversationFlags,
  ...agentFlags,
  ...chatFlags,
  variant: variantFlag,
  ...keptFlags,
})
type Options = z.infer<typeof flags>

/** Levels that are shown; all of them are in the JSON. */
const SHOWN = 10

/**
 * Two agents on the same levels, with the same sampling seeds: what differs is owed to the agents. Or one agent asked in
 * several ways, and in the first way twice.
 */
export const command: Command = {
  summary: 'compare two agents, or ways to ask one, on the same seeds',
  examples: [
    'kickpush compare expert random --env sokoban --config preset=tiny-1 --episodes 50',
    'kickpush compare mini:sokoban-base random --env sokoban --config preset=tiny-1 --modality frame',
    'kickpush compare expert builtin-ai --env football --config preset=academy_3_vs_1_with_keeper --json',
    'kickpush compare chat:qwen@http://localhost:8000 --env sokoban --variant thought=false --variant modality=frame --variant memoryActions=0',
  ],
  flags,
  async run(flagged, io, { envs }) {
    const options = flags.parse(flagged)
    const { _: agents, variant } = options
    if (variant.length === 0 && agents.length !== 2) {
      throw new UserError(`kickpush compare: give two agents, like 'expert random' (got ${agents.length})`)
    }
    if (variant.length > 0 && agents.length !== 1) {
      throw new UserError(`kickpush compare: --variant is of one agent (got ${agents.length})`)
    }
    mustHaveOut('compare', options.resume, options.out)
    const env = chosenEnv(envs, options.env, 'kickpush compare')
    const { levels: given, of } = await chosenLevels(env, options, io)
    const field: Field = {
      env,
      of,
      levels: given,
      opponent: options.opponent,
    }
    return variant.length > 0
      ? await compareVariants(field, agents[0], options, io)
      : await compareAgents(field, agents, options, io)
  },
}

async function compareAgents(
  { env, levels: given, of, opponent: name }: Field,
  agents: readonly string[],
  options: Options,
  io: Io,
): Promise<number> {
  const { backend, temperature, json, out, resume } = options
  const stop = new AbortController()
  const chat = { ...chatOptions(options, io), signal: stop.signal }
  const context = { backend, temperature: temperature ?? 1, chat }
  const teams: Policy[][] = []
  for (const agent of agents) {
    teams.push(await seatPolicies(env, given[0].config, [agent], context, io))
  }
  const opponent = await opponentPolicy(given[0], name, context)
  const conversation = await conversationOf(env, options, 'kickpush compare', io, taughtTo(teams.flat()))
  const read = readableLevels(given, [...teams.flat(), opponent], conversation, options.skipBad, io)
  const levels = opponent === undefined ? read : fromEverySeat(read)
  const names = agents.map(withoutSecrets)
  const progress = new Counter(io, teams.length * levels.length, 'episodes')
  const onResult = () => progress.add()
  const settings = {
    ...{ env: env.id, version: env.version, look: env.look, levels: of, seed: options.seed },
    ...{ agents: teams.map((team) => team.map(({ id }) => id)), ...(opponent && { opponent: opponent.id }) },
    ...{ conversation, temperature, maxTokens: options.maxTokens, extraBody: options.extraBody },
    ...{ episodes: levels.length, hash: hashOfLevels(levels) },
  }
  const results = await keeping(
    { command: 'compare', out, resume, env, settings, stop },
    io,
    async (evaluate) => {
      const played: Result[][] = []
      for (const [i, team] of teams.entries()) {
        const policies = opponent ? team.slice(0, 1) : team
        const asked = { levels, policies, opponent, conversation, sampling: options.seed, onResult }
        played.push(await evaluate(`agent-${i + 1}`, asked, names[i]))
      }
      return played
    },
  )
  progress.end()
  for (const policy of new Set(teams.flat())) policy.dispose?.()
  opponent?.dispose?.()
  if (typeof results === 'number') return results
  const comparison = compare(results[0], results[1])
  const seats = results.map(bySeat)
  if (json) {
    const against = opponent ? { opponent: opponent.id, seats } : {}
    io.print(JSON.stringify({ agents: names, ...against, levels: of, ...comparison }))
    return 0
  }
  const against = opponent ? ` against ${withoutSecrets(opponent.id)}` : ''
  show(names, `${env.id}, ${of}${against}`, comparison, io)
  for (const [i, list] of seats.entries()) {
    for (const { seat, win, draw, loss } of list) {
      const figures = `wins ${percent(win)}, draws ${percent(draw)}, losses ${percent(loss)} %`
      io.print(`  ${names[i]} in seat ${seat}: ${figures}`)
    }
  }
  return 0
}

function show([a, b]: readonly string[], where: string, comparison: Comparison, io: Io): void {
  const { episodes, wins, losses, ties, differ } = comparison
  io.print(`${a} and ${b} on the same ${episodes} episodes of ${where} (95 % intervals)`)
  const widths = [12, 29, 29]
  const row = (...cells: readonly string[]) =>
    io.print(`  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('')}`.trimEnd())
  row('', a.slice(0, 27), b.slice(0, 27), 'difference')
  for (const name of ['success', 'return', 'score', 'steps'] as const) {
    const figure = comparison[name]
    if (figure) row(name, shown(figure.a), shown(figure.b), shown(figure.difference))
  }
  io.print(`${a} does better on ${wins}, ${b} on ${losses}, ${ties} are equal`)
  if (differ.length === 0) return
  io.print('seeds where they differ, by return:')
  for (const { seed, a, b } of differ.slice(0, SHOWN)) io.print(`  ${seed.padEnd(12)}${told(a)} | ${told(b)}`)
  if (differ.length > SHOWN) io.print(`  and ${differ.length - SHOWN} more (--json lists all)`)
}

function told({ outcome, return: earned, steps }: Pair['a']): string {
  return `${outcome}, ${earned.toFixed(2)} in ${steps} steps`
}
