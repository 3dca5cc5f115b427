import { z } from 'zod'
import { evaluate, summarise } from '#agent/trainer/evaluate'
import type { Command } from '#core/command'
import { UserError } from '#core/errors'
import { collection } from '../collections.ts'
import {
  AGENTS,
  agentFlags,
  chosenEnv,
  conversationFlags,
  conversationOf,
  levelFlags,
  seededLevels,
  shown,
  taughtTo,
} from '../episodes.ts'
import { Counter } from '../progress.ts'
import { seatPolicies } from '../seats.ts'
import { parseConfig } from '../values.ts'

const flags = z.object({
  ...levelFlags,
  agent: z.array(z.string()).default([]).describe(`${AGENTS}; for one seat: 0=<agent>`),
  levels: z.string().optional().describe("collection file of the game's levels; one episode each"),
  skipBad: z.boolean().default(false).describe('leave out levels of the file that cannot be read'),
  ...conversationFlags,
  ...agentFlags,
})

/** Plays an agent on many seeds or levels and sums up with 95 % bootstrap intervals. */
export const command: Command = {
  summary: 'evaluate an agent on many seeds or levels',
  examples: [
    'kickpush eval --env sokoban --config preset=small-v0 --agent expert --episodes 100 --seed 7',
    'kickpush eval --env sokoban --agent mini:sokoban-base --modality frame --config preset=tiny-1 --json',
  ],
  flags,
  async run(given, io) {
    const options = flags.parse(given)
    const { agent, backend, temperature, json } = options
    if (agent.length === 0) throw new UserError('kickpush eval: --agent is missing')
    const env = chosenEnv(options.env, 'kickpush eval')
    const { levels, of } =
      options.levels === undefined
        ? seededLevels(env, options)
        : {
            levels: await collection(env, [options.levels], parseConfig(options.config), options, io),
            of: `levels of ${options.levels}`,
          }
    const policies = await seatPolicies(env, levels[0].config, agent, { backend, temperature }, io)
    const conversation = conversationOf(env, options, 'kickpush eval', taughtTo(policies))
    const progress = new Counter(io, levels.length, 'episodes')
    const onEnd = () => progress.add()
    const results = await evaluate({ levels, policies, conversation, sampling: options.seed, onEnd })
    progress.end()
    for (const policy of new Set(policies)) policy.dispose?.()
    const summary = summarise(results)
    if (json) {
      io.print(JSON.stringify({ levels: of, ...summary, perEpisode: results }))
      return 0
    }
    io.print(`${agent.join(' ')} on ${env.id}, ${summary.episodes} episodes, ${of} (95 % intervals)`)
    for (const name of ['success', 'return', 'score', 'steps'] as const) {
      const figure = summary[name]
      if (figure)
        io.print(`  ${name.padEnd(12)}${shown(figure)}${name === 'score' ? without(summary.unscored) : ''}`)
    }
    io.print(`  turns       ${summary.turns.toFixed(2)}`)
    io.print(`  malformed   ${(100 * summary.malformed).toFixed(2)} % of turns`)
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
