import { envRules, extraRules } from './checks/extras.ts'
import { lookRules } from './checks/look.ts'
import { playRules } from './checks/play.ts'
import { subjectOf } from './checks/support.ts'
import type { Env } from './env.ts'

/** One promise of the contract, checked on one config. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What is wrong; empty when nothing is. */
  readonly detail: string
}

/** Plays every example of an environment and checks what the contract promises (core/env.ts). */
export function conformance(env: Env): Check[] {
  const checks = Object.entries(envRules).map(([name, rule]) => check(name, () => rule(env)))
  for (const example of env.examples) {
    const rules = { ...playRules, ...lookRules, ...extraRules }
    for (const [name, rule] of Object.entries(rules)) {
      checks.push(check(`${name} ${label(example)}`, () => rule(subjectOf(env, example))))
    }
  }
  return checks
}

function check(name: string, rule: () => void): Check {
  try {
    rule()
    return { name, ok: true, detail: '' }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function label(example: object): string {
  const json = JSON.stringify(example)
  return json.length > 60 ? `${json.slice(0, 57)}...` : json
}
