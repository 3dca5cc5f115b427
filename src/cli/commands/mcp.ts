import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { png } from '#agent/hosts/node/png'
import { writeLine } from '#core/record/jsonl'
import { writeRunInfo } from '#server/info'
import { serveMcpHttp, serveMcpStdio } from '#server/mcp/serve'
import { Table } from '#server/mcp/table'
import { FileStore } from '#stores/files'
import { makeFolder } from '#stores/folder'
import { accessFlags, accessOf } from '../access.ts'
import type { Command } from '../command.ts'
import { untilInterrupted } from '../interrupt.ts'

const flags = z.object({
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('listen on this port instead of standard input and output; 0 takes any free one'),
  record: z.string().optional().describe('a run folder for every episode, to be watched as it is played'),
  ...accessFlags,
})

/** The games as tools of the Model Context Protocol, so that any agent harness can play. */
export const command: Command = {
  summary: 'let agents play through the Model Context Protocol',
  examples: ['kickpush mcp', 'kickpush mcp --record runs/mcp', 'kickpush mcp --port 8002'],
  flags,
  async run(given, io, { envs }) {
    const options = flags.parse(given)
    const { port, record } = options
    const file = record && path.resolve(record, 'episodes', `${randomUUID().slice(0, 8)}.jsonl`)
    const tell = async (status: 'running' | 'done'): Promise<void> => {
      if (record) await writeRunInfo(new FileStore(path.dirname(record)), path.basename(record), status)
    }
    await tell('running')
    if (record) makeFolder(path.join(record, 'episodes'))
    const table = new Table({
      envs,
      shared: port !== undefined,
      onEvent: file ? (event) => appendFileSync(file, writeLine(event)) : undefined,
    })
    const serving = { table, png, log: io.note }
    if (port === undefined) await serveMcpStdio(serving)
    else {
      const { url, close } = await serveMcpHttp({ port, ...(await accessOf(options, io)) }, serving)
      io.print(`mcp: ${url}`)
      await untilInterrupted()
      await close()
    }
    table.close()
    await tell('done')
    return 0
  },
}
