import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { findEnv } from '#core/env/registry'
import { writeRunInfo } from '#server/info'
import { configsOf } from '#server/vec/part'
import { serveSocket, serveWebSocket, talkOver } from '#server/vec/serve'
import type { TalkOptions } from '#server/vec/talk'
import { MOST_LANES, MOST_THREADS, Open, VEC_PROTOCOL } from '#server/vec/wire'
import { FileStore } from '#stores/files'
import { makeFolder } from '#stores/folder'
import { beside } from '#threads/thread'
import { accessFlags, accessOf } from '../access.ts'
import { collectionFlags, levelConfigs } from '../collections.ts'
import type { Command } from '../command.ts'
import { chosenEnv, whole } from '../episodes.ts'
import { untilInterrupted } from '../interrupt.ts'
import type { LanesWork } from '../lanes-thread.ts'
import { parseConfig } from '../values.ts'

const flags = z.object({
  env: z.string().optional().describe('environment, where a client names none'),
  config: z.string().default('').describe('JSON or key=value,..., where a client gives none'),
  ...collectionFlags,
  lanes: whole(1)
    .max(MOST_LANES)
    .optional()
    .describe('episodes side by side, where a client does not say [1]'),
  threads: whole(0)
    .max(MOST_THREADS)
    .optional()
    .describe('threads that play, where a client does not say; 0 plays in place [0]'),
  socket: z
    .string()
    .optional()
    .describe('listen on a socket of the file system instead of standard input and output'),
  single: z
    .boolean()
    .default(false)
    .describe('--socket is for one client at a time, whose lanes play in place unless it asks for threads'),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('listen for WebSockets on this port instead; 0 takes any free one'),
  record: z
    .string()
    .optional()
    .describe('a run folder for the episodes of lanes that a client wants recorded'),
  ...accessFlags,
})

/** Many episodes for a program in another language: actions in; rewards, ends and observations out. */
export const command: Command = {
  summary: 'serve many episodes at once to Python and others, as numbers',
  examples: [
    'kickpush vec-server',
    'kickpush vec-server --socket /tmp/kickpush.sock --env sokoban --config preset=small-v0 --lanes 1024',
    'kickpush vec-server --port 7000 --record runs/outside',
  ],
  flags,
  async run(given, io, games) {
    const options = flags.parse(given)
    const { socket, port, record, lanes, threads } = options
    if (socket !== undefined && port !== undefined)
      throw new UserError('kickpush vec-server: give either --socket or --port')
    if (options.single && socket === undefined)
      throw new UserError('kickpush vec-server: --single needs --socket')
    const env =
      options.env === undefined ? undefined : chosenEnv(games.envs, options.env, 'kickpush vec-server')
    if (!env && (options.config !== '' || options.levels.length > 0))
      throw new UserError('kickpush vec-server: --config and --levels need --env')
    const levels = env && options.levels.length > 0 ? await levelConfigs(env, options, io) : undefined
    // What no client could open is said now.
    if (env)
      configsOf(
        env,
        Open.parse({ protocol: VEC_PROTOCOL, env: env.id, config: parseConfig(options.config) }),
        levels,
      )
    const file = record && path.resolve(record, 'episodes', `${randomUUID().slice(0, 8)}.jsonl`)
    if (record) {
      await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'running')
      makeFolder(path.join(record, 'episodes'))
    }
    const talk: TalkOptions = {
      find: (id) => findEnv(games.envs, id),
      defaults: {
        ...(env && { env: env.id, config: parseConfig(options.config) }),
        ...(lanes !== undefined && { lanes }),
        ...(threads !== undefined && { threads }),
      },
      levels,
      book: file === undefined ? undefined : { write: (lines) => appendFileSync(file, lines) },
      work: {
        entry: beside(import.meta.url, '../lanes-thread'),
        data: { games: games.added, levels, file } satisfies LanesWork,
      },
      log: io.note,
    }
    if (socket === undefined && port === undefined) await talkOver(process.stdin, process.stdout, talk)
    else {
      const serving =
        socket === undefined
          ? await serveWebSocket({ port: port!, ...(await accessOf(options, io)) }, talk)
          : await serveSocket(socket, talk, options.single)
      io.print(`lanes: ${serving.url}`)
      await untilInterrupted()
      await serving.close()
    }
    if (record) await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), 'done')
    return 0
  },
}
