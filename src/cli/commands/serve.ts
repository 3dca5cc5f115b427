import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { serve } from '#server/server'
import { accessFlags, accessOf } from '../access.ts'
import type { Command } from '../command.ts'
import { commentatorOf } from '../commentator.ts'
import { untilInterrupted } from '../interrupt.ts'
import { playersOf } from '../players.ts'
import { oldViewer } from '../viewer.ts'

const flags = z.object({
  port: z.coerce.number().int().min(0).max(65535).default(3000).describe('port; 0 takes any free one'),
  ...accessFlags,
  runs: z.string().default('runs').describe('folder of run folders'),
  redis: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, 'must be an address like redis://localhost:6379')
    .optional()
    .describe('address of Redis, through which servers show the runs of each other to whoever watches'),
  commentary: z
    .string()
    .optional()
    .describe('chat:<model>@<url> speaks of the episodes that are watched while they are played'),
  origin: z.array(z.string()).default([]).describe('pages of other origins that may connect'),
})

/** The viewer and its server over the runs in a folder, also those that another process is training. */
export const command: Command = {
  summary: 'watch and replay the runs of a folder',
  examples: ['kickpush serve', 'kickpush serve --port 8080 --runs experiments'],
  flags,
  async run(given, io, games) {
    const { port, runs, origin, redis, commentary, ...who } = flags.parse(given)
    if (existsSync(runs) && !statSync(runs).isDirectory()) {
      throw new UserError(`kickpush serve: --runs must be a folder (got '${runs}')`)
    }
    const commentator = commentary === undefined ? undefined : commentatorOf(games, commentary)
    const old = await oldViewer()
    const serving = await serve({
      games,
      port,
      runs,
      origins: origin,
      redis,
      learned: playersOf(games, runs),
      commentator,
      log: io.note,
      ...(await accessOf(who, io)),
    })
    io.print(`viewer: ${serving.url}`)
    if (old) io.note(old)
    io.note(`runs of ${runs}; Ctrl+C stops`)
    await untilInterrupted()
    await serving.close()
    return 0
  },
}
