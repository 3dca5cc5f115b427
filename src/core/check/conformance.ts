import type { Env } from '../env/env.ts'
import { agentRules } from './agents.ts'
import { costRules } from './cost.ts'
import { extraRules } from './extras.ts'
import { envRules } from './identity.ts'
import { legalRules } from './legality.ts'
import { lookRules } from './look.ts'
import { playRules } from './play.ts'
import { stateRules } from './states.ts'
import { subjectOf, type Tools } from './support.ts'
import { outcomeRules, turnRules } from './turns.ts'

/** One promise of the contract, checked on every example of an environment. */
export interface Check {
  readonly name: string
  /** `unasked`: what it builds on does not hold, so that nobody can tell. */
  readonly status: 'holds' | 'broken' | 'unasked'
  /** What is wrong, first of all when; empty when nothing is. */
  readonly detail: string
  /** The member of the environment that breaks it, or several. */
  readonly member: string
  /** The first example that shows it, and how many do; absent where no example is needed or nothing is wrong. */
  readonly example?: object
  readonly examples?: number
}

/**
 * Plays every example of an environment and checks what the contract promises (core/env.ts). One mistake gives one
 * broken check: where the ground of all others gives way (the same seed plays otherwise, a state is not saved whole),
 * the rest is not asked.
 */
export function conformance(env: Env, tools: Tools = {}): Check[] {
  const checks: Check[] = []
  let stands = true
  const add = (name: string, member: string, ground: boolean, ask: () => Broken | null): void => {
    const broken = stands ? ask() : null
    const status = !stands ? 'unasked' : broken ? 'broken' : 'holds'
    const { detail = '', example, examples } = broken ?? {}
    checks.push({ name, status, member, detail, example, examples })
    if (broken && ground) stands = false
  }
  for (const [name, { member, ground = false, hold }] of Object.entries(envRules)) {
    add(name, member, ground, () => problem(() => hold(env)))
  }
  const rules = {
    ...turnRules,
    ...playRules,
    ...stateRules,
    ...outcomeRules,
    ...lookRules,
    ...legalRules,
    ...agentRules,
    ...extraRules,
    ...costRules,
  }
  for (const [name, { member, ground = false, hold }] of Object.entries(rules)) {
    add(name, member, ground, () => {
      const found = env.examples.flatMap((example) => {
        const broken = problem(() => hold(subjectOf(env, example), tools))
        return broken ? [{ ...broken, example }] : []
      })
      return found.length > 0 ? { ...found[0], examples: found.length } : null
    })
  }
  return checks
}

type Broken = Pick<Check, 'detail' | 'example' | 'examples'>

function problem(rule: () => void): Broken | null {
  try {
    rule()
    return null
  } catch (error) {
    return { detail: error instanceof Error ? error.message : String(error) }
  }
}
