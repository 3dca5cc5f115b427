import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { READERS } from '#agent/dialogue/readers'
import { type Check, conformance } from '#core/check/conformance'
import { findEnv } from '#core/env/registry'
import type { Command } from '../command.ts'
import { measure } from '../measure.ts'
import { placeOfMember } from '../members.ts'
import { packaged } from '../root.ts'

const flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('[environment]: all of them unless given'),
  json: z.boolean().default(false).describe('print checks as JSON'),
})

/** The conformance suite from the command line, for people who add an environment. */
export const command: Command = {
  summary: 'check that environments keep the contract',
  examples: ['kickpush check', 'kickpush check sokoban --json'],
  flags,
  async run(given, io, { envs, added }) {
    const { _: names, json } = flags.parse(given)
    const chosen = names.length > 0 ? names.map((name) => findEnv(envs, name)) : envs
    let broken = 0
    for (const env of chosen) {
      const checks = conformance(env, { ...measure, readers: READERS })
      broken += checks.filter(({ status }) => status === 'broken').length
      const module = added.find(({ ids }) => ids.includes(env.id))
      const folder = module ? dirname(fileURLToPath(module.href)) : packaged(`envs/${env.id}`)
      const shown = module ? relative('', folder) || '.' : `envs/${env.id}`
      for (const check of checks) {
        const place = check.status === 'broken' ? placeOfMember(folder, check.member) : null
        const file = place === null ? undefined : `${shown}/${place}`
        if (json) io.print(JSON.stringify({ env: env.id, ...check, file }))
        else if (check.status !== 'unasked') io.print(lineOf(env.id, check, file))
      }
      const unasked = checks.filter(({ status }) => status === 'unasked').length
      if (unasked > 0 && !json)
        io.print(`     ${env.id}: ${unasked} more promises build on that, and were not asked`)
    }
    if (!json)
      io.print(broken === 0 ? 'all checks hold' : `${broken} ${broken === 1 ? 'check' : 'checks'} failed`)
    return broken === 0 ? 0 : 1
  },
}

function lineOf(
  id: string,
  { status, name, detail, member, example, examples = 0 }: Check,
  file?: string,
): string {
  if (status === 'holds') return `ok   ${id}: ${name}`
  const others = examples > 1 ? ` and ${examples - 1} more` : ''
  const where = example === undefined ? '' : `, in ${JSON.stringify(example)}${others}`
  return `FAIL ${id}: ${name}: ${detail} [${file ? `${member}: ${file}` : member}${where}]`
}
