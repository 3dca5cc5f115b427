import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { workerData } from 'node:worker_threads'
import { findModel, readModel, shippedNames } from '#agent/hosts/node/models'
import { createPolicy } from '#agent/hosts/node/policies'
import { aboutModel } from '#agent/model/checkpoint'
import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import type { Policy } from '#core/play/policy'
import type { AskedMove, LearnedAgent } from '#core/record/wire'
import { loadGames } from '#registry/games'
import { answerJobs } from '#server/jobs'
import { decide, type PlayersWork } from './players.ts'

/** Runs that are looked into, the newest. */
const RUNS = 20
/** Models that are kept ready. */
const READY = 4

const { games, runs } = workerData as PlayersWork
const { envs } = await loadGames(games)

/** Model files by agent: those that come with Kickpush, and the newest checkpoint of each run. */
function files(): Map<string, string> {
  const found = new Map(shippedNames().map((name) => [`mini:${name}`, findModel(name)]))
  for (const name of newestRuns()) {
    try {
      found.set(`mini:${name}`, findModel(path.join(runs, name)))
    } catch (error) {
      if (!(error instanceof UserError)) throw error // a run without a checkpoint (yet)
    }
  }
  return found
}

function newestRuns(): string[] {
  try {
    return readdirSync(runs)
      .map((name) => ({
        name,
        changed: statSync(path.join(runs, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      }))
      .sort((a, b) => b.changed - a.changed)
      .slice(0, RUNS)
      .map(({ name }) => name)
  } catch {
    return [] // no folder yet
  }
}

function offered(): LearnedAgent[] {
  return [...files()].flatMap(([name, file]) => {
    try {
      const trained = Object.keys(aboutModel(readModel(file), file).envs)
      const known = trained.filter((id) => envs.some((env) => env.id === id))
      return known.length > 0 ? [{ name, envs: known }] : []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [] // its file is of another kind, or is gone by now
    }
  })
}

const ready = new Map<string, Policy>()

/** @throws UserError for an agent that is not offered: no other file is read for who asks. */
async function agentOf(name: string, env: Env): Promise<Policy> {
  const file = files().get(name)
  if (file === undefined) throw new UserError(`no agent '${name}' plays here`)
  const key = `${env.id} ${file} ${statSync(file).mtimeMs}`
  const known = ready.get(key)
  if (known) return known
  const policy = await createPolicy(`mini:${file}`, { env, temperature: 0 })
  ready.set(key, policy)
  for (const [other, old] of ready) {
    if (ready.size <= READY) break
    old.dispose?.()
    ready.delete(other)
  }
  return policy
}

answerJobs((asked: AskedMove | undefined) => (asked === undefined ? offered() : decide(envs, agentOf, asked)))
