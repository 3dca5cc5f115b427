import { z } from 'zod'
import { type Ablation, ablate, MEASURES } from '#agent/evaluation/ablation'
import type { Comparison } from '#agent/evaluation/compare'
import { type Result, type Summary, summarise } from '#agent/evaluation/evaluate'
import { fromEverySeat } from '#agent/evaluation/seats'
import { UserError } from '#core/base/errors'
import { most } from '#core/base/lists'
import { withoutSecrets } from '#core/base/secrets'
import { parse } from '#core/env/config'
import type { Env } from '#core/env/env'
import type { Conversation, Policy } from '#core/play/policy'
import { chatFlags, chatOptions, repliesOf } from './chat.ts'
import type { Io } from './command.ts'
import { agentFlags, conversationFlags, conversationOf, shown, taughtTo } from './episodes.ts'
import { hashOfLevels, keeping } from './kept.ts'
import { Counter } from './progress.ts'
import { type PlacedLevel, readableLevels } from './readable.ts'
import { opponentPolicy, seatPolicies } from './seats.ts'
import { parseConfig } from './values.ts'

/** What may differ between ways to ask an agent. */
const Variant = z.strictObject({
  ...conversationFlags,
  temperature: agentFlags.temperature,
  maxTokens: chatFlags.maxTokens,
  extraBody: z.record(z.string(), z.unknown()).optional(),
})
type Variant = z.infer<typeof Variant>
/** Of these only who reads prompts can take notice. */
const OF_CHAT = ['thought', 'prompt', 'listLegal', 'maxTokens', 'extraBody'] as const

const Options = z.object({
  ...conversationFlags,
  ...chatFlags,
  temperature: agentFlags.temperature,
  backend: agentFlags.backend,
  json: z.boolean(),
  seed: z.string(),
  variant: z.array(z.string()),
  out: z.string().optional(),
  resume: z.boolean(),
  skipBad: z.boolean(),
})
type Options = z.infer<typeof Options>

export const variantFlag = z
  .array(z.string())
  .default([])
  .describe(
    `another way to ask the agent, paired by seed with the way that flags say, which is played twice to show the noise: key=value,... or JSON of ${Object.keys(Variant.shape).join(', ')}`,
  )

/** What is played. */
export interface Field {
  readonly env: Env
  readonly levels: readonly PlacedLevel[]
  /** What to say of the levels. */
  readonly of: string
  readonly opponent: string | undefined
}

/** A way to ask an agent. */
interface Way {
  readonly name: string
  readonly policies: readonly Policy[]
  readonly opponent: Policy | undefined
  readonly conversation: Conversation
  /** Everything that may differ, as text. */
  readonly key: string
}

/** One agent asked in several ways on the same levels, and in the first way twice. */
export async function compareVariants(field: Field, agent: string, given: Options, io: Io): Promise<number> {
  const options = Options.parse(given)
  const stop = new AbortController()
  const base = await wayOf(field, agent, 'base', {}, options, io, stop.signal)
  const ways: Way[] = []
  for (const text of options.variant) {
    const way = await wayOf(field, agent, text, readVariant(text), options, io, stop.signal)
    const same = [base, ...ways].find(({ key }) => key === way.key)
    if (same)
      throw new UserError(`--variant ${text}: asks as ${same.name === 'base' ? 'flags do' : same.name} does`)
    ways.push(way)
  }
  let read = field.levels
  for (const { policies, opponent, conversation } of [base, ...ways]) {
    read = readableLevels(read, [...policies, opponent], conversation, options.skipBad, io)
  }
  const levels = field.opponent === undefined ? read : fromEverySeat(read)
  const progress = new Counter(io, (ways.length + 2) * levels.length, 'episodes')
  const onResult = () => progress.add()
  const settings = {
    ...{ env: field.env.id, version: field.env.version, look: field.env.look, levels: field.of },
    ...{ seed: options.seed, agents: base.policies.map(({ id }) => id) },
    ...(base.opponent && { opponent: base.opponent.id }),
    ...{ arms: [base, ...ways].map(({ name, key }) => [name, key]) },
    ...{ episodes: levels.length, hash: hashOfLevels(levels) },
  }
  const { out, resume } = options
  const kept = { command: 'compare', out, resume, env: field.env, settings, stop }
  const all = await keeping(kept, io, async (evaluate) => {
    const played = (
      { policies, opponent, conversation }: Way,
      part: string,
      name: string,
      sampling: string,
    ) => evaluate(part, { levels, policies, opponent, conversation, sampling, onResult }, name)
    const results = [
      await played(base, 'base', 'base', options.seed),
      await played(base, 'again', 'base again', `${options.seed}/again`),
    ]
    for (const [i, way] of ways.entries()) {
      results.push(await played(way, `arm-${i + 1}`, way.name, options.seed))
    }
    return results
  })
  progress.end()
  for (const { policies, opponent } of [base, ...ways]) {
    for (const policy of new Set([...policies, ...(opponent ? [opponent] : [])])) policy.dispose?.()
  }
  if (typeof all === 'number') return all
  const [first, again] = all
  const arms = ways.map(({ name }, i) => ({ name, results: all[i + 2] }))
  tell(field, withoutSecrets(agent), first, arms, ablate(first, again, arms), again, options.json, io)
  return 0
}

/** @throws UserError naming what is unknown or out of bounds. */
function readVariant(text: string): Variant {
  return parse(Variant, parseConfig(text, '--variant'), `--variant ${text}`)
}

async function wayOf(
  { env, levels, opponent: name }: Field,
  agent: string,
  called: string,
  variant: Variant,
  options: Options,
  io: Io,
  signal: AbortSignal,
): Promise<Way> {
  const { temperature, maxTokens, extraBody, ...talk } = variant
  const chat = chatOptions({ ...options, ...(temperature !== undefined && { temperature }) }, io)
  const context = {
    backend: options.backend,
    temperature: temperature ?? options.temperature ?? 1,
    chat: {
      ...{ ...chat, signal },
      ...(maxTokens !== undefined && { maxTokens }),
      ...(extraBody && { extraBody: { ...chat.extraBody, ...extraBody } }),
    },
  }
  const seated = await seatPolicies(env, levels[0].config, [agent], context, io)
  const idle = OF_CHAT.find((key) => variant[key] !== undefined)
  if (idle !== undefined && seated.every(({ sideBySide }) => sideBySide === undefined)) {
    throw new UserError(`--variant ${called}: ${idle} is of agents that read prompts (chat:<model>@<url>)`)
  }
  const opponent = await opponentPolicy(levels[0], name, context)
  const asked = { ...options, ...talk }
  const conversation = await conversationOf(env, asked, `--variant ${called}`, io, taughtTo(seated))
  const { note, signal: _, ...sent } = context.chat
  return {
    name: called,
    policies: opponent ? seated.slice(0, 1) : seated,
    opponent,
    conversation,
    key: JSON.stringify([conversation, context.temperature, sent.maxTokens, sent.extraBody]),
  }
}

function tell(
  { env, of, opponent }: Field,
  agent: string,
  base: readonly Result[],
  arms: readonly { readonly name: string; readonly results: readonly Result[] }[],
  { again, floor, arms: ablated }: Ablation,
  second: readonly Result[],
  json: boolean,
  io: Io,
): void {
  const summaries = [base, second, ...arms.map(({ results }) => results)].map(summarise)
  const names = ['base', 'base again', ...arms.map(({ name }) => name)]
  const compared = [again, ...ablated.map(({ comparison }) => comparison)]
  if (json) {
    const rows = names.map((name, i) => ({
      name,
      ...summaries[i],
      ...(i > 0 && { pairs: compared[i - 1].episodes, difference: differences(compared[i - 1]) }),
      ...(i > 1 && { beyond: ablated[i - 2].beyond }),
    }))
    io.print(
      JSON.stringify({ agent, env: env.id, levels: of, ...(opponent && { opponent }), floor, arms: rows }),
    )
    return
  }
  const against = opponent ? ` against ${withoutSecrets(opponent)}` : ''
  io.print(
    `${agent} on ${env.id}, ${of}${against}: ${base.length} episodes an arm, paired by seed (95 % intervals)`,
  )
  const width = Math.min(40, most(names.map(({ length }) => length))) + 4
  for (const measure of MEASURES) {
    io.print(`  ${measure.padEnd(width)}${'mean'.padEnd(28)}difference from base`)
    for (const [i, name] of names.entries()) {
      const apart = i === 0 ? '' : shown(compared[i - 1][measure].difference)
      const mark = i > 1 && ablated[i - 2].beyond[measure] ? '  beyond the noise' : ''
      io.print(
        `    ${name.padEnd(width - 2)}${shown(summaries[i][measure]).padEnd(28)}${apart}${mark}`.trimEnd(),
      )
    }
  }
  io.print(
    `noise: base and base again may differ by ${floor.success.toFixed(3)} in success and ${floor.return.toFixed(3)} in return`,
  )
  for (const [i, summary] of summaries.entries()) lines(names[i], summary, io)
}

/** How an arm answered, where it answers in words. */
function lines(name: string, summary: Summary, io: Io): void {
  if (summary.lenient === undefined) return
  const said = repliesOf(summary).map(([what, line]) => `${what} ${line}`)
  io.print(`  ${name}: ${said.join('; ')}`)
}

function differences(comparison: Comparison): object {
  return Object.fromEntries(MEASURES.map((measure) => [measure, comparison[measure].difference]))
}
