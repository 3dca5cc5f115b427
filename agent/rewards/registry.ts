import { z } from 'zod'
import { didYouMean, UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import { own } from '#core/base/own'
import type { Env } from '#core/env/env'
import type { RewardRule, ScoredTurn } from '#core/env/reward'
import { succeeds } from '#core/env/turns'
import type { Episode } from '#core/play/play'
import { lmmR1Verifier } from './lmm-r1.ts'
import { formatAccuracy, magebench } from './rules.ts'

/** How a recipe chooses a reward rule. */
export const RewardOptions = z.strictObject({
  rule: z
    .string()
    .default('format-accuracy')
    .describe('format-accuracy, magebench, lmm-r1-verifier, or a rule the environment brings'),
  alpha: z.number().min(0).default(0.5).describe('worth of the format (format-accuracy)'),
  scale: z.number().positive().default(0.1).describe('factor on environment rewards (format-accuracy)'),
  measure: z
    .enum(['best-prefix', 'return'])
    .default('best-prefix')
    .describe('how environment rewards count (format-accuracy)'),
  truth: z.number().min(0).default(0).describe('cost of a thought that is not true (format-accuracy)'),
})
export type RewardOptions = z.infer<typeof RewardOptions>

const RULES: Readonly<Record<string, (options: RewardOptions) => RewardRule>> = {
  'format-accuracy': formatAccuracy,
  magebench: () => magebench,
  'lmm-r1-verifier': () => lmmR1Verifier,
}

/** Names of the rules that can score `env`; its own rules come first and may take the place of a common one. */
export function rewardRules(env: Env): string[] {
  return [...new Set([...Object.keys(env.rewards ?? {}), ...Object.keys(RULES)])]
}

/** The rule that `options` name. @throws UserError with the names there are. */
export function rewardRule(env: Env, options: RewardOptions): RewardRule {
  const rule = own(env.rewards, options.rule) ?? own(RULES, options.rule)?.(options)
  if (rule) return rule
  throw new UserError(
    `no reward rule '${options.rule}' for ${env.id}${didYouMean(options.rule, rewardRules(env))}`,
  )
}

/** The turns of one seat of a played episode, as reward rules see them. */
export function scoredTurns(episode: Episode, seat: number): ScoredTurn[] {
  const { env, config } = episode.match
  const names = env.actions(config)
  const before: number[] = []
  const turns = episode.turns[seat]
  return turns.map((turn, i) => {
    const last = i === turns.length - 1
    const { valid, format, thought, actions } = turn.response
    const truth = valid && thought && env.truthful?.(turn.request.state, seat, thought, actions)
    const scored: ScoredTurn = {
      format: valid && format !== 'lenient',
      response: turn.response.text ?? '',
      thought: thought ?? '',
      truth: typeof truth === 'boolean' ? truth : null,
      actions: actions.map((action) => names[action]),
      rewards: turn.rewards,
      before: before.slice(),
      terms: turn.terms,
      last,
      terminated: last && episode.terminated,
      truncated: last && episode.truncated,
      success: last && succeeds(episode.outcome, seat),
    }
    append(before, turn.rewards)
    return scored
  })
}
