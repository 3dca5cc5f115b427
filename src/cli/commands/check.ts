import { z } from 'zod'
import type { Command } from '#core/command'
import { conformance } from '#core/conformance'
import { findEnv } from '#core/registry'
import { envs } from '#envs'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('[environment]: all of them unless given'),
  json: z.boolean().default(false).describe('print checks as JSON'),
})

/** The conformance suite from the command line, for people who add an environment. */
export const command: Command = {
  summary: 'check that environments keep the contract',
  examples: ['kickpush check', 'kickpush check sokoban --json'],
  flags,
  async run(given, io) {
    const { _: names, json } = flags.parse(given)
    const chosen = names.length > 0 ? names.map((name) => findEnv(envs, name)) : envs
    let failed = 0
    for (const env of chosen) {
      const checks = conformance(env)
      failed += checks.filter((check) => !check.ok).length
      for (const check of checks) {
        if (json) io.print(JSON.stringify({ env: env.id, ...check }))
        else
          io.print(
            `${check.ok ? 'ok  ' : 'FAIL'} ${env.id}: ${check.name}${check.ok ? '' : `: ${check.detail}`}`,
          )
      }
    }
    if (!json) io.print(failed === 0 ? 'all checks hold' : `${failed} checks failed`)
    return failed === 0 ? 0 : 1
  },
}
