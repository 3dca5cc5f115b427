import { z } from 'zod'
import type { Command, Io } from '#core/command'
import { didYouMean, UserError } from '#core/errors'
import { KICKPUSH } from '#core/version'
import { envs } from '#envs'
import { describeFlags, expandShort, parseFlags } from './flags.ts'
import { io as terminal } from './io.ts'

/** Every command by name; each is loaded when it runs. Environments add their own (levels, scenarios). */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  train: () => import('./commands/train.ts'),
  eval: () => import('./commands/eval.ts'),
  compare: () => import('./commands/compare.ts'),
  audit: () => import('./commands/audit.ts'),
  play: () => import('./commands/play.ts'),
  serve: () => import('./commands/serve.ts'),
  'dataset export': () => import('./commands/dataset-export.ts'),
  'reward-server': () => import('./commands/reward-server.ts'),
  'env-server': () => import('./commands/env-server.ts'),
  replay: () => import('./commands/replay.ts'),
  'new-env': () => import('./commands/new-env.ts'),
  check: () => import('./commands/check.ts'),
  bench: () => import('./commands/bench.ts'),
  reproduce: () => import('./commands/reproduce.ts'),
}

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 a check failed, 2 bad input, 3 a record of another environment version.
 */
export async function main(argv: readonly string[], io: Io = terminal): Promise<number> {
  const words = expandShort(argv)
  try {
    if (words.length === 0 || words[0] === '--help' || words[0] === 'help') {
      io.print(await overview())
      return 0
    }
    if (words[0] === '--version') {
      io.print(KICKPUSH)
      return 0
    }
    const { name, command, rest } = await find(words)
    if (rest.includes('--help')) {
      io.print(help(name, command))
      return 0
    }
    return await command.run(parseFlags(command.flags, rest, `kickpush ${name}`), io)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    io.note(error.message)
    return 2
  }
}

async function find(
  words: readonly string[],
): Promise<{ name: string; command: Command; rest: readonly string[] }> {
  const two = words.slice(0, 2).join(' ')
  for (const env of envs) {
    const commands = env.commands ?? {}
    if (Object.hasOwn(commands, two)) return { name: two, command: commands[two], rest: words.slice(2) }
    if (Object.hasOwn(commands, words[0]))
      return { name: words[0], command: commands[words[0]], rest: words.slice(1) }
  }
  for (const name of [two, words[0]]) {
    if (!Object.hasOwn(COMMANDS, name)) continue
    const { command } = await COMMANDS[name]()
    return { name, command, rest: words.slice(name === two ? 2 : 1) }
  }
  const known = [...Object.keys(COMMANDS), ...envs.flatMap((env) => Object.keys(env.commands ?? {}))]
  const tools = known.filter((name) => name.startsWith(`${words[0]} `))
  if (tools.length > 0) {
    throw new UserError(`kickpush ${words[0]}: which one? ${tools.map((tool) => `'${tool}'`).join(', ')}`)
  }
  throw new UserError(`kickpush: unknown command '${words[0]}'${didYouMean(words[0], known)}`)
}

async function overview(): Promise<string> {
  const rows = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => [name, (await load()).command.summary] as const),
  )
  const tools = envs.flatMap((env) =>
    Object.entries(env.commands ?? {}).map(([name, { summary }]) => [name, summary] as const),
  )
  const width = Math.max(...[...rows, ...tools].map(([name]) => name.length)) + 2
  const list = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, summary]) => `  ${name.padEnd(width)}${summary}`).join('\n')
  return `kickpush ${KICKPUSH}: train, stream and replay game agents

usage: kickpush <command> [flags]        kickpush <command> --help

${list(rows)}
${tools.length > 0 ? `\ntools of the environments\n${list(tools)}\n` : ''}
environments: ${envs.map((env) => env.id).join(', ')}`
}

function help(name: string, command: Command): string {
  const flags = z.object(command.flags.shape)
  return `kickpush ${name}: ${command.summary}

${describeFlags(flags)}

examples
${command.examples.map((example) => `  ${example}`).join('\n')}`
}
