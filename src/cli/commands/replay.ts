import { z } from 'zod'
import { didYouMean, shown, UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import type { Difference } from '#core/record/differences'
import { type ReadRecord, readRecord } from '#core/record/jsonl'
import { Replay } from '#core/record/replay'
import { isSight, writeSight } from '#core/record/sight'
import { type Verification, verifyRecord } from '#core/record/verify'
import type { Command, Io } from '../command.ts'
import { writeGif, writePngs } from '../pictures.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('<record>: a JSONL file, or - for standard input'),
  verify: z.boolean().default(false).describe('re-simulate and compare everything that can be compared'),
  episode: z.string().optional().describe('which episode, when the record holds several'),
  step: z.coerce.number().int().min(0).optional().describe('show the state after this many steps'),
  png: z.string().optional().describe('write one PNG per step into this folder'),
  gif: z.string().optional().describe('write an animation to this file'),
  asSeat: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('write the episode as this seat saw it: no seed, level or hash; needs --out'),
  out: z.string().optional().describe('file for --as-seat'),
  size: z.coerce.number().int().min(16).max(2048).default(448).describe('width of pictures in pixels'),
  json: z.boolean().default(false).describe('print JSON'),
})
type Options = z.infer<typeof flags>

/** Exit codes of a verification. */
const DIFFERS = 1
const OTHER_VERSION = 3

/** A record re-simulated: verified, shown, or drawn. */
export const command: Command = {
  summary: 'show, verify or draw a record',
  examples: [
    'kickpush replay episode.jsonl --verify',
    'kickpush replay episode.jsonl --step 12',
    'kickpush replay episode.jsonl --gif episode.gif',
    'kickpush replay episode.jsonl --as-seat 0 --out seen.jsonl',
  ],
  flags,
  async run(given, io, { envs }) {
    const options = flags.parse(given)
    if (options._.length === 0) throw new UserError('kickpush replay: which record?')
    if ((options.asSeat === undefined) !== (options.out === undefined)) {
      throw new UserError('kickpush replay: --as-seat and --out go together')
    }
    const text = await io.read(options._[0])
    if (isSight(text))
      throw new UserError('an episode as a seat saw it cannot be played again: drop it on the viewer')
    return options.verify ? verify(text, envs, options, io) : await show(text, envs, options, io)
  },
}

function verify(text: string, envs: readonly Env[], { json, episode: only }: Options, io: Io): number {
  const result = verifyRecord(text, envs)
  const episodes = result.episodes.filter(({ episode }) => only === undefined || episode === only)
  if (episodes.length === 0) {
    const names = result.episodes.map(({ episode }) => episode)
    throw new UserError(nothing(only, names, result))
  }
  if (json) io.print(JSON.stringify({ ...result, episodes }))
  else {
    for (const episode of episodes)
      io.print(episodes.length > 1 ? `${episode.episode}: ${verdict(episode)}` : verdict(episode))
    for (const { line, problem } of result.bad) io.print(`line ${line} is lost: ${problem}`)
    if (result.torn) io.print('the last line is cut off and is lost')
    const unchecked = new Set(episodes.flatMap((episode) => episode.unchecked))
    if (unchecked.size > 0) io.note(`not checked (no simulation can): ${[...unchecked].join(', ')}`)
  }
  if (result.bad.length > 0 || episodes.some(({ status }) => status === 'differs')) return DIFFERS
  return episodes.some(({ status }) => status === 'other version') ? OTHER_VERSION : 0
}

/** Why there is no episode to look at. */
function nothing(
  only: string | undefined,
  names: readonly string[],
  { bad, torn }: Pick<ReadRecord, 'bad' | 'torn'>,
): string {
  if (only !== undefined && names.length > 0) return `no episode '${only}'${didYouMean(only, names)}`
  if (bad.length > 0) return `the record holds no episode; line ${bad[0].line} ${bad[0].problem}`
  return torn ? 'the record is cut off in its first line' : 'the record is empty'
}

function verdict({ status, steps, complete, difference, needs }: Verification): string {
  if (status === 'other version') return `not simulated: it needs ${needs?.env} version ${needs?.version}`
  if (difference) return differs(difference)
  return `verified, ${steps} steps${complete ? '' : '; the record stops before the end of the episode'}`
}

function differs({ t, what, recorded, simulated, line }: Difference): string {
  const where = line === undefined ? '' : ` (line ${line})`
  return `differs at step ${t}${where}: ${what} is recorded as ${shown(recorded)}, simulated as ${shown(simulated)}`
}

/** Draws an episode, or prints one of its states. */
async function show(text: string, envs: readonly Env[], options: Options, io: Io): Promise<number> {
  const read = readRecord(text)
  const { events } = read
  const names = [...new Set(events.map(({ event }) => event.episode))]
  const name = options.episode ?? names[0]
  if (name === undefined || !names.includes(name)) throw new UserError(nothing(options.episode, names, read))
  const replay = new Replay(envs)
  for (const { line, event } of events) if (event.episode === name) replay.push(event, line)
  const { status, start, env, state, difference } = replay
  if (status === 'other version') {
    io.note(`not simulated: it needs ${start?.env} version ${start?.version}`)
    return OTHER_VERSION
  }
  if (!env || !state) {
    throw new UserError(start && difference ? differs(difference) : `episode '${name}' has no start`)
  }
  if (options.step !== undefined && options.step > state.t) {
    throw new UserError(`--step ${options.step}: the episode has steps 0 to ${state.t}`)
  }
  if (difference) io.note(`not as recorded: ${differs(difference)}`)
  if (options.asSeat !== undefined && options.out !== undefined) {
    await io.write(options.out, writeSight(replay, options.asSeat))
    io.note(`as seat ${options.asSeat} saw it: ${options.out}`)
    return 0
  }
  if (options.png) await writePngs(replay, options.png, options.size)
  if (options.gif) await writeGif(replay, options.gif, options.size)
  if (options.png || options.gif) return 0
  const t = options.step ?? state.t
  const at = replay.stateAt(t)
  const response = replay.turns.filter((turn) => turn.t <= t).at(-1)?.response
  const { agents, seed } = start!
  const shown = { episode: name, env: env.id, agents, seed, step: t, steps: state.t }
  const seen = { text: env.text(at, 0), response, outcome: env.outcome(at).name }
  if (options.json) io.print(JSON.stringify({ ...shown, ...seen }))
  else {
    io.print(`${env.id} ${agents.join(' ')} seed ${seed}, step ${t} of ${state.t}`)
    io.print([seen.text, ...(response ? [response] : []), seen.outcome].join('\n'))
  }
  return 0
}
