import { z } from 'zod'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { SPLITS, splitOf } from '#core/env/split'
import { canonicalKey } from '../levels/level.ts'
import { writeLevels } from '../levels/xsb.ts'
import { fileFlags, readFiles } from './files.ts'

const Flags = z.object({
  ...fileFlags,
  out: z.string().describe('folder for train.txt, valid.txt and test.txt'),
})

export const splitLevels: Command = {
  summary: 'divide Sokoban levels into disjoint train, valid and test files (80 : 10 : 10)',
  examples: ['kickpush levels split levels.txt --out splits'],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels split')
    const entries = await readFiles(flags, io)
    // The key decides alone: a level and its mirror images go together, in any file and any order.
    const splits = entries.map(({ level }) => splitOf(canonicalKey(level)))
    for (const split of SPLITS) {
      const group = entries.filter((_, i) => splits[i] === split)
      await io.write(`${flags.out}/${split}.txt`, writeLevels(group))
      io.note(`${split}: ${group.length} levels`)
    }
    return 0
  },
}
