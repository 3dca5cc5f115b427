import { basename } from 'node:path'
import { z } from 'zod'
import { evaluate, type Result, summarise } from '#agent/evaluation/evaluate'
import { bySeat, fromEverySeat } from '#agent/evaluation/seats'
import { percent } from '#agent/evaluation/statistics'
import { legible, UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { withoutSecrets } from '#core/base/secrets'
import type { Level } from '#core/play/match'
import type { Policy } from '#core/play/policy'
import { chatFlags, chatOptions, costOf, priceFlag, repliesOf } from '../chat.ts'
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
import { EvaluationFolder } from '../evaluation.ts'
import { untilInterrupted } from '../interrupt.ts'
import { Counter } from '../progress.ts'
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
  out: z.string().optional().describe('a run folder for every result and record; the viewer shows it'),
  resume: z.boolean().default(false).describe('go on in that folder: what was answered is not asked again'),
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
    if (resume && out === undefined)
      throw new UserError('kickpush eval: --resume goes on in a folder: give --out')
    const env = chosenEnv(envs, options.env, 'kickpush eval')
    mustBeOne(agent, options.opponent)
    const { levels: given, of } = await chosenLevels(env, options, io)
    const levels = options.opponent === undefined ? given : fromEverySeat(given)
    const stop = new AbortController()
    const chat = { ...chatOptions(options, io), signal: stop.signal }
    const context = { backend, temperature: temperature ?? 1, chat }
    const policies = await seatPolicies(env, levels[0].config, agent, context, io)
    const opponent = await opponentPolicy(levels[0], options.opponent, context)
    const conversation = await conversationOf(env, options, 'kickpush eval', io, taughtTo(policies))
    const folder =
      out === undefined
        ? undefined
        : await EvaluationFolder.open(
            out,
            {
              ...{ env: env.id, version: env.version, look: env.look, levels: of, seed: options.seed },
              ...{
                agents: policies.map(({ id }) => id),
                ...(opponent && { opponent: opponent.id }),
                conversation,
                temperature,
                maxTokens: options.maxTokens,
              },
              ...{ extraBody: options.extraBody, episodes: levels.length, hash: hashOf(levels) },
            },
            { [env.id]: [env.version, env.look] },
            resume,
          )
    const left = levels.map((_, index) => index).filter((index) => !folder?.results.has(index))
    const progress = new Counter(io, left.length, 'episodes')
    const played = evaluate({
      levels: left.map((index) => levels[index]),
      indices: left,
      policies: (folder ? remembering(folder, policies) : policies).slice(0, opponent ? 1 : undefined),
      opponent: opponent && folder ? folder.remembering(opponent) : opponent,
      conversation,
      sampling: options.seed,
      run: folder && basename(out!),
      signal: stop.signal,
      onEvent: folder && ((event) => folder.event(Number(event.episode.slice('eval-'.length)), event)),
      onResult: (result) => {
        folder?.result(result)
        progress.add()
      },
    })
    const results = folder ? await ended(folder, played, stop, out!, io) : await played
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

/** The policies, each wrapped once, so that seats that share one still do. */
function remembering(folder: EvaluationFolder, policies: readonly Policy[]): Policy[] {
  const wrapped = new Map([...new Set(policies)].map((policy) => [policy, folder.remembering(policy)]))
  return policies.map((policy) => wrapped.get(policy)!)
}

/** All results of a folder, in order; the exit code when a signal came first. */
async function ended(
  folder: EvaluationFolder,
  played: Promise<readonly Result[]>,
  stop: AbortController,
  out: string,
  io: Io,
): Promise<Result[] | number> {
  const over = new AbortController()
  const interrupted = untilInterrupted(over.signal)
  try {
    const fresh = await Promise.race([played, interrupted])
    if (typeof fresh === 'number') {
      stop.abort(new UserError('stopped'))
      await played.catch(() => {})
      await folder.close('stopped')
      io.note(`stopped; the same command with --resume goes on in '${out}'`)
      return fresh
    }
    await folder.close('done')
    return [...folder.results.values(), ...fresh].sort((a, b) => a.index - b.index)
  } catch (error) {
    await folder
      .close('failed', error instanceof Error ? legible(error.message, 199) : 'failed')
      .catch(() => {})
    throw error
  } finally {
    over.abort()
  }
}

function hashOf(levels: readonly Level[]): string {
  return hashText(JSON.stringify(levels.map(({ config, seed }) => [config, seed])))
}

const without = (episodes: number | undefined): string =>
  episodes === undefined ? '' : `, without the ${episodes} whose best score is unknown`

const since = (turn: number | undefined): string =>
  turn === undefined ? '' : `, since turn ${turn.toFixed(1)} in the mean`
