import { z } from 'zod'
import { summarise } from '#agent/evaluation/evaluate'
import { bySeat, fromEverySeat } from '#agent/evaluation/seats'
import { percent } from '#agent/evaluation/statistics'
import { UserError } from '#core/base/errors'
import { withoutSecrets } from '#core/base/secrets'
import { chatFlags, chatOptions, costOf, priceFlag, repliesOf } from '../chat.ts'
import { chosenLevels, collectionFlags } from '../collections.ts'
import type { Command } from '../command.ts'
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
import { mustBeOne, opponentFlag, opponentPolicy, seatPolicies } from '../seats.ts'

const flags = z.object({
  ...levelFlags,
  agent: z.array(z.string()).default([]).describe(`${AGENTS}; for one seat: 0=<agent>`),
  opponent: opponentFlag,
  ...collectionFlags,
  ...conversationFlags,
  ...agentFlags,
  ...chatFlags,
  price: priceFlag,
  ...keptFlags,
})

/** Plays an agent on many seeds or levels and sums up with 95 % bootstrap intervals. */
export const command: Command = {
  summary: 'evaluate an agent on many seeds or levels',
  examples: [
    'kickpush eval --env sokoban --config preset=small-v0 --agent expert --episodes 100 --seed 7',
    'kickpush eval --env football --config preset=academy_3_vs_1_with_keeper,controlled=2 --agent expert --opponent idle',
    'kickpush eval --env sokoban --agent mini:sokoban-base --modality frame --config preset=tiny-1 --json',
  ],
  flags,
  async run(flagged, io, { envs }) {
    const options = flags.parse(flagged)
    const { agent, backend, temperature, json, out, resume, price } = options
    if (agent.length === 0) throw new UserError('kickpush eval: --agent is missing')
    mustHaveOut('eval', resume, out)
    const env = chosenEnv(envs, options.env, 'kickpush eval')
    mustBeOne(agent, options.opponent)
    const { levels: given, of } = await chosenLevels(env, options, io)
    const stop = new AbortController()
    const chat = { ...chatOptions(options, io), signal: stop.signal }
    const context = { backend, temperature: temperature ?? 1, chat }
    const policies = await seatPolicies(env, given[0].config, agent, context, io)
    const opponent = await opponentPolicy(given[0], options.opponent, context)
    const conversation = await conversationOf(env, options, 'kickpush eval', io, taughtTo(policies))
    const read = readableLevels(given, [...policies, opponent], conversation, options.skipBad, io)
    const levels = options.opponent === undefined ? read : fromEverySeat(read)
    const settings = {
      ...{ env: env.id, version: env.version, look: env.look, levels: of, seed: options.seed },
      ...{ agents: policies.map(({ id }) => id), ...(opponent && { opponent: opponent.id }), conversation },
      ...{ temperature, maxTokens: options.maxTokens, extraBody: options.extraBody },
      ...{ episodes: levels.length, hash: hashOfLevels(levels) },
    }
    const progress = new Counter(io, levels.length, 'episodes')
    const kept = { command: 'eval', out, resume, env, settings, stop }
    const results = await keeping(kept, io, (evaluate) =>
      evaluate('eval', {
        levels,
        policies: policies.slice(0, opponent ? 1 : undefined),
        ...{ opponent, conversation, sampling: options.seed, onResult: () => progress.add() },
      }),
    )
    progress.end()
    for (const policy of new Set(policies)) policy.dispose?.()
    opponent?.dispose?.()
    if (typeof results === 'number') return results
    const summary = summarise(results)
    if (json) {
      const cost = summary.usage && price ? { cost: costOf(summary.usage, price) } : {}
      const against = opponent ? { opponent: opponent.id, seats: bySeat(results) } : {}
      io.print(JSON.stringify({ levels: of, ...against, ...summary, ...cost, perEpisode: results }))
      return 0
    }
    const names = agent.map(withoutSecrets).join(' ')
    const against = opponent ? ` against ${withoutSecrets(opponent.id)}` : ''
    io.print(`${names}${against} on ${env.id}, ${summary.episodes} episodes, ${of} (95 % intervals)`)
    for (const { seat, win, draw, loss } of bySeat(results)) {
      io.print(`  seat ${seat}      wins ${percent(win)}, draws ${percent(draw)}, losses ${percent(loss)} %`)
    }
    if (!opponent && env.zeroSum) {
      io.note(`all seats are played by ${names}, and what one wins another loses: --opponent tells`)
    }
    for (const name of ['success', 'return', 'score', 'steps'] as const) {
      const figure = summary[name]
      if (figure)
        io.print(`  ${name.padEnd(12)}${shown(figure)}${name === 'score' ? without(summary.unscored) : ''}`)
    }
    io.print(`  turns       ${summary.turns.toFixed(2)}`)
    for (const [name, line] of repliesOf(summary, price)) io.print(`  ${name.padEnd(12)}${line}`)
    if (summary.stuck) io.print(`  stuck       ${shown(summary.stuck)}${since(summary.stuckTurn)}`)
    if (summary.thought !== undefined) io.print(`  thought     ${summary.thought.toFixed(1)} words`)
    if (summary.truth !== undefined)
      io.print(`  true        ${(100 * summary.truth).toFixed(1)} % of claims in thoughts`)
    return 0
  },
}

const without = (episodes: number | undefined): string =>
  episodes === undefined ? '' : `, without the ${episodes} whose best score is unknown`

const since = (turn: number | undefined): string =>
  turn === undefined ? '' : `, since turn ${turn.toFixed(1)} in the mean`
