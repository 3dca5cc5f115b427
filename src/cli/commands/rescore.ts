import { z } from 'zod'
import { respond } from '#agent/dialogue/respond'
import { type Interval, interval } from '#agent/evaluation/statistics'
import { type RewardOptions, rewardRule, scoredTurns } from '#agent/rewards/registry'
import { UserError } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { play } from '#core/play/play'
import type { Policy, Request, Response } from '#core/play/policy'
import { readRecord } from '#core/record/jsonl'
import type { StartEvent, TurnEvent } from '#core/record/record'
import type { Command, Io } from '../command.ts'
import { shown } from '../episodes.ts'
import { recordTexts } from '../played.ts'
import { parseReward } from '../values.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<run>: a run folder, or a record'),
  reward: z.string().default('format-accuracy').describe('rule, or rule=...,alpha=... with its options'),
  reader: z
    .enum(['recorded', 'strict', 'lenient'])
    .default('recorded')
    .describe('how answers are read: as they were, by the format only, or all that can be read'),
  json: z.boolean().default(false).describe('print one JSON object'),
})
type Reader = z.infer<typeof flags>['reader']

/** Stored answers under another rule or another reading: nobody is asked again. */
export const command: Command = {
  summary: 'score recorded answers by another reward or reading',
  examples: [
    'kickpush rescore runs/qwen --reward lmm-r1-verifier',
    'kickpush rescore runs/qwen --reader strict --json',
  ],
  flags,
  async run(given, io, { envs }) {
    const { _: words, reward, reader, json } = flags.parse(given)
    if (words.length === 0) throw new UserError('kickpush rescore: which run?')
    const options = parseReward(reward, 'kickpush rescore')
    const episodes = await recorded(words[0], envs, io)
    const scored = []
    for (const episode of episodes) scored.push(await rescore(episode, envs, options, reader))
    if (scored.length === 0)
      throw new UserError(`'${words[0]}' holds no episode with answers of this version`)
    const summary = {
      episodes: scored.length,
      cut: scored.filter(({ cut }) => cut).length,
      reward: interval(scored.map((one) => one.reward)),
      terms: meansOf(scored.map(({ terms }) => terms)),
    }
    if (json) io.print(JSON.stringify({ rule: options.rule, reader, ...summary, perEpisode: scored }))
    else show(options.rule, reader, summary, io)
    return 0
  },
}

interface Recorded {
  readonly start: StartEvent
  readonly turns: readonly TurnEvent[]
}

interface Scored {
  readonly episode: string
  readonly reward: number
  readonly terms: Readonly<Record<string, number>>
  /** An answer is read otherwise than it was played: what was answered after it was asked of other states. */
  readonly cut: boolean
}

/** The episodes of a run or record that were ended, by environments of this version. */
async function recorded(path: string, envs: readonly Env[], io: Io): Promise<Recorded[]> {
  const found: Recorded[] = []
  for (const text of await recordTexts(path, io)) {
    const open = new Map<string, { start: StartEvent; turns: TurnEvent[] }>()
    for (const { event } of readRecord(text).events) {
      const episode = open.get(event.episode)
      if (event.type === 'start') open.set(event.episode, { start: event, turns: [] })
      else if (event.type === 'turn') episode?.turns.push(event)
      else if (event.type === 'end' && episode && event.failed === undefined) found.push(episode)
    }
  }
  return found.filter(({ start }) =>
    envs.some(({ id, version }) => id === start.env && version === start.version),
  )
}

/** Plays the recorded answers again, read anew, and scores them. */
async function rescore(
  { start, turns }: Recorded,
  envs: readonly Env[],
  options: RewardOptions,
  reader: Reader,
): Promise<Scored> {
  const env = findEnv(envs, start.env)
  const config = resolveConfig(env, start.config)
  let cut = false
  const writer: Policy = {
    id: 'recorded',
    act: async (requests) =>
      requests.map((request) => {
        const turn = turns.find(({ seat, turn }) => seat === request.seat && turn === request.turn)
        if (!turn || cut)
          return { valid: false, actions: [], end: 'failed', reason: 'nothing was answered here' }
        const response = read(turn, request, reader)
        const names = env.actions(request.state.config)
        cut ||= response.actions.map((action) => names[action]).join() !== turn.actions.join()
        return response
      }),
  }
  const policies = new Array<Policy>(env.seats(config)).fill(writer)
  const { seed, conversation } = start
  const match = { episode: start.episode, env, config, seed, policies, conversation }
  const [episode] = await play([match], { score: false })
  const rule = rewardRule(env, options)
  const terms: Record<string, number> = {}
  for (const seat of policies.keys()) {
    for (const turn of scoredTurns(episode, seat)) {
      if (episode.turns[seat].at(-1)?.response.end === 'failed' && turn.last) continue
      for (const [name, term] of Object.entries(rule(turn))) {
        terms[name] = (terms[name] ?? 0) + term / policies.length
      }
    }
  }
  return {
    episode: start.episode,
    reward: Object.values(terms).reduce((sum, term) => sum + term, 0),
    terms,
    cut,
  }
}

function read(turn: TurnEvent, request: Request, reader: Reader): Response {
  const names = request.env.actions(request.state.config)
  const { valid, format, end, response: text, thought, reasoning } = turn
  const asRecorded: Response = {
    valid,
    actions: turn.actions.map((name) => names.indexOf(name)),
    ...{ format, end, text, thought, reasoning },
  }
  if (reader === 'recorded' || text === undefined) return asRecorded
  const stopped = end === 'cut off' || end === 'refused' || end === 'filtered' ? end : undefined
  const again = respond({ text, reasoning, stopped }, request)
  if (reader === 'lenient' || again.format !== 'lenient') return again
  return { ...again, valid: false, actions: [], format: undefined, end: 'malformed' }
}

function meansOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const terms of all) {
    for (const [name, term] of Object.entries(terms)) sums[name] = (sums[name] ?? 0) + term / all.length
  }
  return sums
}

function show(
  rule: string,
  reader: Reader,
  {
    episodes,
    cut,
    reward,
    terms,
  }: { episodes: number; cut: number; reward: Interval; terms: Record<string, number> },
  io: Io,
): void {
  io.print(
    `${rule} on ${episodes} recorded episodes, answers read ${reader === 'recorded' ? 'as they were' : `by the ${reader} reader`}`,
  )
  io.print(`  ${'reward'.padEnd(12)}${shown(reward)}`)
  for (const [name, mean] of Object.entries(terms)) io.print(`  ${name.padEnd(12)}${mean.toFixed(3)}`)
  if (cut > 0) {
    io.print(`${cut} episodes are scored up to an answer that is read otherwise than it was played`)
  }
}
