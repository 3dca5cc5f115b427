import { statSync } from 'node:fs'
import type { Game } from '#agent/evaluation/rating'
import { type Before, pointsOf, type Solo } from '#agent/evaluation/tournament'
import { UserError } from '#core/base/errors'
import { readText } from '#core/base/store'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { readRecord } from '#core/record/jsonl'
import type { EndEvent, StartEvent } from '#core/record/record'
import { FileStore } from '#stores/files'
import type { Io } from './command.ts'

/** The texts of a record, or of all records of a run folder. @throws UserError when it cannot be read. */
export async function recordTexts(path: string, io: Io): Promise<string[]> {
  if (!isFolder(path)) return [await io.read(path)]
  const store = new FileStore(path)
  const files = await store.list('episodes')
  return Promise.all(files.map(async (file) => (await readText(store, `episodes/${file}`)) ?? ''))
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false // what it is instead, reading it tells
  }
}

/**
 * Games that were recorded, as a tournament counts them: two players against each other, or one on a level alone.
 * @throws UserError when a record cannot be read, or none of them counts.
 */
export async function playedBefore(env: Env, paths: readonly string[], io: Io): Promise<Before> {
  const games: Game[] = []
  const solos: Solo[] = []
  let left = 0
  for (const path of paths) {
    for (const text of await recordTexts(path, io)) {
      const open = new Map<string, StartEvent>()
      for (const { event } of readRecord(text).events) {
        if (event.type === 'start') open.set(event.episode, event)
        if (event.type !== 'end') continue
        const start = open.get(event.episode)
        const one = start && readGame(env, start, event)
        if (!one) left++
        else if ('a' in one) games.push(one)
        else solos.push(one)
      }
    }
  }
  const count = games.length + solos.length
  if (paths.length > 0 && count === 0) {
    throw new UserError(
      `no game of ${env.id} ${env.version} that was played to its end in ${paths.join(' ')}`,
    )
  }
  if (left > 0) {
    io.note(
      `${left} recorded episodes do not count: of another game or version, broken off, or of more than two players`,
    )
  }
  return { games, solos }
}

function readGame(env: Env, start: StartEvent, end: EndEvent): Game | Solo | undefined {
  if (start.env !== env.id || start.version !== env.version || end.failed !== undefined) return undefined
  const { agents, seed } = start
  const config = resolveConfig(env, start.config)
  const [a, ...others] = new Set(agents)
  if (others.length === 0) {
    const earned = end.return.reduce((sum, x) => sum + x, 0) / agents.length
    return { env, config, seed, name: a, success: end.success, return: earned }
  }
  const [b] = others
  const { seats } = end
  if (others.length > 1 || !seats) return undefined
  const mean = (name: string): number => {
    const own = seats.filter((_, seat) => agents[seat] === name)
    return own.reduce((sum, x) => sum + x, 0) / own.length
  }
  return { a, b, points: pointsOf(mean(a) - mean(b)), level: JSON.stringify([config, seed]) }
}
