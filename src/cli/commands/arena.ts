import { z } from 'zod'
import { type Game, type Rated, rate, talliesOf } from '#agent/evaluation/rating'
import { playTournament } from '#agent/evaluation/tournament'
import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { most } from '#core/base/lists'
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
  taughtTo,
} from '../episodes.ts'
import { hashOfLevels, keeping, keptFlags, mustHaveOut } from '../kept.ts'
import { playedBefore } from '../played.ts'
import { Counter } from '../progress.ts'
import { readableLevels } from '../readable.ts'
import { seatPolicies } from '../seats.ts'

const flags = z.object({
  _: z.array(z.string()).default([]).describe(`<agent>...: ${AGENTS}`),
  ...levelFlags,
  ...collectionFlags,
  ...conversationFlags,
  records: z
    .array(z.string())
    .default([])
    .describe(
      'record or run folder of games that count as well, a row for everyone who played them: how a person is rated',
    ),
  ...agentFlags,
  ...chatFlags,
  ...keptFlags,
})

/** Agents rated by what they win of each other. */
export const command: Command = {
  summary: 'rate agents, and people, by games on the same seeds',
  examples: [
    'kickpush arena expert random --env sokoban --config preset=tiny-2 --episodes 50',
    'kickpush arena greedy random mini:runs/four --env-module ./examples/four-in-a-row --env four-in-a-row --episodes 40',
    'kickpush arena expert random --env sokoban --records runs/hand',
  ],
  flags,
  async run(flagged, io, { envs }) {
    const options = flags.parse(flagged)
    const { _: agents, backend, temperature, json, records, out, resume } = options
    mustHaveOut('arena', resume, out)
    const twice = agents.find((name, i) => agents.indexOf(name) !== i)
    if (twice !== undefined) throw new UserError(`kickpush arena: '${withoutSecrets(twice)}' is named twice`)
    if (agents.length + records.length < 2 || agents.length === 0) {
      throw new UserError(`kickpush arena: give two agents or more (got ${agents.length})`)
    }
    const env = chosenEnv(envs, options.env, 'kickpush arena')
    const before = await playedBefore(env, records, io)
    const { levels: given, of } = await chosenLevels(env, options, io)
    const stop = new AbortController()
    const chat = { ...chatOptions(options, io), signal: stop.signal }
    const context = { backend, temperature: temperature ?? 1, chat }
    const players: Policy[] = []
    for (const agent of agents) {
      players.push((await seatPolicies(env, given[0].config, [agent], context, io))[0])
    }
    const conversation = await conversationOf(env, options, 'kickpush arena', io, taughtTo(players))
    const levels = readableLevels(given, players, conversation, options.skipBad, io)
    const names = agents.map(withoutSecrets)
    let progress: Counter | undefined
    const settings = {
      ...{ env: env.id, version: env.version, look: env.look, levels: of, seed: options.seed },
      ...{ agents: players.map(({ id }) => id), conversation, temperature, maxTokens: options.maxTokens },
      ...{ extraBody: options.extraBody, episodes: levels.length, hash: hashOfLevels(levels) },
      records: hashText(JSON.stringify([before.games, before.solos.map(({ env: _, ...solo }) => solo)])),
    }
    const kept = { command: 'arena', out, resume, env, settings, stop }
    const played = await keeping(kept, io, (evaluate) =>
      playTournament({
        players: players.map((policy, i) => ({ name: names[i], policy })),
        ...{ levels, before, conversation, sampling: options.seed, evaluate },
        onEpisodes: (all) => {
          progress = new Counter(io, all, 'episodes')
        },
        onResult: () => progress?.add(),
      }),
    )
    progress?.end()
    for (const policy of players) policy.dispose?.()
    if (typeof played === 'number') return played
    const { games, failed, apart } = played
    if (games.length === 0) throw new UserError('kickpush arena: no game was played to its end')
    const rated = rate(games)
    if (json) {
      const pairs = talliesOf(games)
      io.print(
        JSON.stringify({ env: env.id, levels: of, players: rated, pairs, games: games.length, failed }),
      )
      return 0
    }
    const what = apart ? 'games, each level from every seat' : 'pairings, on each level who does better'
    io.print(`${env.id}, ${of}: ${games.length} ${what} (Bradley-Terry, 95 % intervals)`)
    show(rated, games, io)
    if (failed > 0) io.note(`${failed} episodes failed and are left out`)
    return 0
  },
}

function show(rated: readonly Rated[], games: readonly Game[], io: Io): void {
  const width = Math.min(32, most(rated.map(({ name }) => name.length))) + 2
  const points = ({ mean, low, high }: Rated['rating']): string =>
    `${mean.toFixed(0).padStart(5)} [${low.toFixed(0)}, ${high.toFixed(0)}]`
  io.print(`  ${''.padEnd(width)}${'rating'.padEnd(22)}${'over the next'.padEnd(22)}games  points %`)
  for (const { name, rating, over, games, points: share } of rated) {
    const figures = [points(rating).padEnd(22), (over ? points(over) : '').padEnd(22)].join('')
    io.print(
      `  ${name.slice(0, 32).padEnd(width)}${figures}${String(games).padStart(5)}${(100 * share).toFixed(1).padStart(10)}`,
    )
  }
  io.print('points % of a row against a column; 400 more in rating are odds of 10 to 1')
  const letters = rated.map((_, i) => `${i + 1}`)
  io.print(`  ${''.padEnd(width)}${letters.map((letter) => letter.padStart(7)).join('')}`)
  const shares = new Map(
    talliesOf(games).flatMap(({ a, b, games: n, points }) => [
      [JSON.stringify([a, b]), points / n],
      [JSON.stringify([b, a]), 1 - points / n],
    ]),
  )
  for (const [i, { name }] of rated.entries()) {
    const cells = rated.map((other) => {
      const share = shares.get(JSON.stringify([name, other.name]))
      return (share === undefined ? '' : (100 * share).toFixed(1)).padStart(7)
    })
    io.print(`${`${i + 1}`.padStart(2)} ${name.slice(0, 32).padEnd(width - 1)}${cells.join('')}`.trimEnd())
  }
}
