import { z } from 'zod'
import type { Command } from '#core/command'
import { parse } from '#core/config'
import { writeLevels } from '../xsb.ts'
import { distinct, readFiles } from './files.ts'

const Flags = z.object({
  _: z.array(z.string()).default([]).describe('files to read'),
  file: z.array(z.string()).default([]).describe('a file to read (may be given more than once)'),
  distinct: z.boolean().default(false).describe('leave out levels that are equal up to symmetry'),
  out: z.string().optional().describe('write to this file instead of standard output'),
})

export const importLevels: Command = {
  summary: 'check Sokoban level files and write them as plain XSB',
  examples: ['kickpush levels import microban.txt boxoban/*.txt --distinct --out levels.txt'],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels import')
    const all = await readFiles([...flags._, ...flags.file], io)
    const entries = flags.distinct ? distinct(all) : all
    const text = writeLevels(entries)
    if (flags.out === undefined) io.print(text.trimEnd())
    else await io.write(flags.out, text)
    io.note(
      `${all.length} levels read, ${all.length - distinct(all).length} of them duplicates, ${entries.length} written`,
    )
    return 0
  },
}
