import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { golden, hashOfTable, KINDS, LONG, readTable, writeRow } from '#agent/golden/golden'
import { nodeWith } from '#agent/hosts/node/index'
import { MemoryStore } from '#stores/memory'
import { readTextFile } from '#stores/text'
import type { Command } from '../command.ts'
import { packaged } from '../root.ts'

const flags = z.object({
  only: z
    .array(z.enum([...KINDS, ...LONG]))
    .default([])
    .describe('only these rows (repeatable): numbers, game, training; episodes and recipe take many minutes'),
  long: z
    .boolean()
    .default(false)
    .describe('the long form: 10,000 random episodes of all games, then the whole of recipes/quick.yaml'),
  workers: z.coerce.number().int().min(0).max(64).optional().describe('threads that train'),
  table: z
    .string()
    .optional()
    .describe('a file with the values to compare with; docs/determinism.md unless given'),
  json: z.boolean().default(false).describe('print a JSON object per row, then one of all'),
})

/** Whether this machine computes what others do, bit for bit. */
export const command: Command = {
  summary:
    'play golden episodes and train five updates; one table of hashes, compared with the published one',
  examples: ['kickpush golden', 'kickpush golden --long', 'kickpush golden --only game --json'],
  flags,
  async run(given, io, games) {
    const { only, long, workers, table, json } = flags.parse(given)
    const published = readTable(await readTextFile(table ?? packaged('docs/determinism.md')))
    const lines: string[] = []
    let differ = 0
    await golden({
      host: nodeWith(games),
      recipe: readFileSync(packaged('recipes/quick.yaml'), 'utf8'),
      store: new MemoryStore('golden'),
      workers,
      kinds: only.length > 0 ? only : long ? LONG : KINDS,
      tell: (row) => {
        const line = writeRow(row)
        lines.push(line)
        const expected = published.get(line.slice(18))
        const verdict = expected === undefined ? 'not published' : expected === row.hash ? 'same' : 'differs'
        if (verdict === 'differs') differ++
        if (json) io.print(JSON.stringify({ ...row, published: expected ?? null, verdict }))
        else io.print(verdict === 'same' ? line : `${line}  ${verdict}${expected ? ` from ${expected}` : ''}`)
      },
    })
    const hash = hashOfTable(lines)
    const engine = `Node ${process.versions.node} (V8 ${process.versions.v8}) on ${process.platform} ${process.arch}`
    if (json) io.print(JSON.stringify({ all: hash, rows: lines.length, differ, engine }))
    else io.print(`${hash}  all of these ${lines.length}: ${engine}${differ > 0 ? `; ${differ} differ` : ''}`)
    return differ > 0 ? 1 : 0
  },
}
