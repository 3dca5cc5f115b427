import { didYouMean, FileErrors, shown, UserError, visible } from '#core/base/errors'
import { most } from '#core/base/lists'
import { KICKPUSH } from '#core/base/version'
import type { Io, LoadTools } from '#core/env/command'
import { tools } from '#envs/tools'
import type { Games } from '#registry/games'
import { importGame } from '#registry/import'
import { reasonOf } from '#stores/text'
import type { Command } from './command.ts'
import { describeFlags, parseFlags, usageOf } from './flags.ts'
import { type Asked, askedGames, GAME_FLAGS, gamesOf } from './games.ts'
import { io as terminal } from './io.ts'

type Load = () => Promise<{ readonly command: Command }>

/** Every command by name; each is loaded when it runs. */
const OWN: Commands = {
  train: () => import('./commands/train.ts'),
  doctor: () => import('./commands/doctor.ts'),
  eval: () => import('./commands/eval.ts'),
  compare: () => import('./commands/compare.ts'),
  arena: () => import('./commands/arena.ts'),
  rescore: () => import('./commands/rescore.ts'),
  audit: () => import('./commands/audit.ts'),
  play: () => import('./commands/play.ts'),
  serve: () => import('./commands/serve.ts'),
  'dataset export': () => import('./commands/dataset-export.ts'),
  'reward-server': () => import('./commands/reward-server.ts'),
  'env-server': () => import('./commands/env-server.ts'),
  'vec-server': () => import('./commands/vec-server.ts'),
  mcp: () => import('./commands/mcp.ts'),
  replay: () => import('./commands/replay.ts'),
  gallery: () => import('./commands/gallery.ts'),
  export: () => import('./commands/export.ts'),
  'new-env': () => import('./commands/new-env.ts'),
  check: () => import('./commands/check.ts'),
  golden: () => import('./commands/golden.ts'),
  bench: () => import('./commands/bench.ts'),
  'bench calibration': () => import('./commands/bench-calibration.ts'),
  reproduce: () => import('./commands/reproduce.ts'),
  sweep: () => import('./commands/sweep.ts'),
}

type Commands = Readonly<Record<string, Load>>

/** Every command: ours, and the tools that environments bring (levels, scenarios), which are loaded to be named. */
async function everything(
  games: Games,
): Promise<{ readonly all: Commands; readonly brought: readonly string[] }> {
  const brought = await Promise.all([...tools, ...(await toolsOf(games.added))].map((load) => load()))
  const loads = brought.flatMap(({ commands }) =>
    Object.entries(commands).map(([name, command]) => [name, async () => ({ command })] as const),
  )
  return { all: { ...Object.fromEntries(loads), ...OWN }, brought: loads.map(([name]) => name) }
}

/** What modules of games export as `tools`. */
async function toolsOf(added: Games['added']): Promise<LoadTools[]> {
  const modules: { readonly tools?: unknown }[] = await Promise.all(added.map((game) => importGame(game)))
  return modules.flatMap((one) => (typeof one.tools === 'function' ? [one.tools as LoadTools] : []))
}

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 a check failed, 2 bad input or a system that refuses, 3 a record of another
 * environment version, 70 a mistake of our own.
 */
export async function main(argv: readonly string[], to: Io = terminal): Promise<number> {
  // A record or a model's answer must not move the cursor of whoever reads it.
  const io = {
    ...to,
    print: (text: string) => to.print(visible(text)),
    note: (text: string) => to.note(visible(text)),
  }
  const spelled = argv.map((word) => (word === '-h' ? '--help' : word))
  const words = spelled[0] === 'help' ? [...spelled.slice(1), '--help'] : spelled
  try {
    const asked = askedGames(words)
    if (asked.words[0] === '--version') io.print(KICKPUSH)
    else if (asked.words.length === 0 || asked.words[0] === '--help') io.print(await overview(asked))
    else return await runCommand(asked, io)
    return 0
  } catch (error) {
    return report(error, io)
  }
}

/**
 * Says in one line what ended a command, of bad files in one for each; the only place that does. Where a mistake of our own lies is told when
 * KICKPUSH_DEBUG is set.
 * @returns the exit code.
 */
export function report(error: unknown, io: Io = terminal): number {
  if (error instanceof FileErrors) {
    for (const line of error.lines) io.note(line)
    return 2
  }
  const line = lineOf(error)
  if (line !== undefined) {
    io.note(line)
    return 2
  }
  const { message, stack } = error instanceof Error ? error : new Error(shown(error))
  if (process.env.KICKPUSH_DEBUG) io.note(stack ?? message)
  else io.note(new UserError(`kickpush: internal error (KICKPUSH_DEBUG=1 shows where): ${message}`).message)
  return 70
}

async function runCommand(given: Asked, io: Io): Promise<number> {
  const { words } = given
  const games = await gamesOf(given, process.cwd())
  const asked = words.includes('--help')
  const names = [words.slice(0, 2).join(' '), words[0]]
  const all = names.some((one) => Object.hasOwn(OWN, one)) ? OWN : (await everything(games)).all
  const name = names.find((one) => Object.hasOwn(all, one))
  if (name === undefined) {
    const group = Object.keys(all).filter((one) => one.startsWith(`${words[0]} `))
    if (group.length === 0 || !asked) throw unknown(words, group, Object.keys(all))
    io.print(await listOf(group, all))
    return 0
  }
  const { command } = await all[name]()
  if (asked) {
    io.print(helpOf(name, command))
    return 0
  }
  const rest = words.slice(name.split(' ').length)
  return await command.run(parseFlags(command.flags, rest, `kickpush ${name}`), io, games)
}

function unknown(words: readonly string[], group: readonly string[], all: readonly string[]): UserError {
  if (group.length === 0) {
    const [word] = words
    return new UserError(`kickpush: unknown command '${word}'${didYouMean(word, all)}`)
  }
  const [first, given] = words
  const names = group.map((name) => name.slice(first.length + 1))
  const problem = given === undefined ? 'which one?' : `no '${given}'`
  return new UserError(`kickpush ${first}: ${problem}${didYouMean(given ?? '', names)}`)
}

/** One line for what is wrong outside of us: bad input, or a system that refuses; undefined for our own mistakes. */
function lineOf(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message
  if (!(error instanceof Error)) return undefined
  const { syscall, path } = error as NodeJS.ErrnoException
  if (syscall === undefined) return undefined
  return new UserError(`cannot ${syscall}${path ? ` '${path}'` : ''}: ${reasonOf(error)}`).message
}

async function overview(given: Asked): Promise<string> {
  const games = await gamesOf(given, process.cwd())
  const { all, brought } = await everything(games)
  return `kickpush ${KICKPUSH}: train, stream and replay game agents

usage: kickpush <command> [flags]        kickpush <command> --help

${await listOf(Object.keys(OWN), all)}
${brought.length > 0 ? `\ntools of the environments\n${await listOf(brought, all)}\n` : ''}
${GAME_FLAGS}

environments: ${games.envs.map((env) => env.id).join(', ')}`
}

async function listOf(names: readonly string[], all: Commands): Promise<string> {
  const width = most(Object.keys(all).map((name) => name.length)) + 2
  const lines = names.map(async (name) => {
    const { command } = await all[name]()
    return `  ${name.padEnd(width)}${command.summary}`
  })
  return (await Promise.all(lines)).join('\n')
}

function helpOf(name: string, command: Command): string {
  const flags = describeFlags(command.flags)
  const examples = command.examples.map((example) => `  ${example}`).join('\n')
  return [
    `kickpush ${name}: ${command.summary}`,
    usageOf(name, command.flags),
    ...(flags ? [flags] : []),
    `examples\n${examples}`,
  ].join('\n\n')
}
