import { node } from '#agent/hosts/node/index'
import { findModel, readModel } from '#agent/hosts/node/models'
import { workplaceOf } from '#agent/hosts/node/workplace'
import { type Reinforcement, Stage } from '#agent/recipe/recipe'
import { assignCredit, type CreditedEpisode } from '#agent/trainer/credit'
import { Replica } from '#agent/trainer/replica'
import type { Team } from '#agent/trainer/team'
import { policyUpdate } from '#agent/trainer/update'
import { most } from '#core/base/lists'
import { BUILT_IN } from '#registry/games'
import type { Measurement, Survey } from './benchmark.ts'

/** Updates of 256 episodes on text, as the recipe `quick` makes them of 128, from the shipped base. */
const STAGE = Stage.parse({
  name: 'bench',
  kind: 'fre',
  updates: 100,
  groups: 32,
  groupSize: 8,
  minibatches: 4,
  conversation: { actionsPerTurn: 6, maxTurns: 6, memoryActions: 1 },
  algorithm: { bootstrap: false },
  optimizer: { rate: 1e-4 },
  freeze: ['vision.'],
}) as Reinforcement
const DATA = [{ env: 'sokoban', config: { preset: 'tiny-1' }, weight: 1 }]
const UPDATES = 3
const base = () => ({ bytes: readModel(findModel('sokoban-base')), what: 'sokoban-base' })

/** What an update of RL spends its time on, and what a second worker brings. */
export const surveys: readonly Survey[] = [
  { name: 'train.phase', survey: phases },
  { name: 'train.workers', survey: workers },
  { name: 'train.workers.bound', survey: bounds },
]

/** Shares of CPU time in one thread: of play (rules, observations, rewards), writing, credit, gradients and steps. */
async function phases(): Promise<Measurement[]> {
  const replica = new Replica(workplaceOf(BUILT_IN), () => {})
  await replica.start({ backend: 'auto' })
  await replica.load(base())
  await replica.begin({ stage: STAGE, data: DATA })
  const spent: Record<string, number> = {}
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const start = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(start)
    spent[phase] = (spent[phase] ?? 0) + user + system
    return result
  }
  const { model } = replica
  const write = model.generate.bind(model)
  model.generate = (...given) => timed('write', () => write(...given))
  const shares: Record<string, number[]> = {}
  for (let update = 0; update <= UPDATES; update++) {
    for (const phase of Object.keys(spent)) spent[phase] = 0
    const place = { seed: 'bench', update, shard: 0, shards: 1, keep: 0, run: '' }
    const { episodes } = await timed('play', () => replica.rollout(place))
    await timed('credit', () => {
      const credits = assignCredit(episodes, STAGE.algorithm)
      return replica.credit({ shard: 0, credits })
    })
    for (let part = 0; part < STAGE.minibatches; part++) {
      const chosen = episodes.flatMap(({ group }, i) => (group % STAGE.minibatches === part ? [i] : []))
      const tokens = chosen.reduce((sum, i) => sum + count(episodes[i]), 0)
      const job = { shard: 0, episodes: chosen, tokens }
      const { gradient } = await timed('gradient', () => replica.gradient(job))
      await timed('step', () => replica.step({ gradient, rate: 1e-4 }))
    }
    spent.play -= spent.write
    if (update === 0) continue // the first one warms up
    const all = Object.values(spent).reduce((sum, time) => sum + time, 0)
    for (const [phase, time] of Object.entries(spent)) {
      shares[phase] = [...(shares[phase] ?? []), (100 * time) / all]
    }
  }
  replica.dispose()
  return Object.entries(shares).map(([phase, runs]) => row(`train.phase.${phase}`, '%', runs))
}

/** Response tokens played and learnt from per second of the clock with one worker and with two, and the ratio. */
async function workers(): Promise<Measurement[]> {
  const speeds: number[][] = []
  for (const count of [1, 2]) {
    const team = node.team(count, () => {})
    await team.every('start', { backend: 'auto' })
    await team.every('load', base())
    await team.every('begin', { stage: STAGE, data: DATA })
    const runs: number[] = []
    for (let update = 0; update <= UPDATES; update++) {
      const start = performance.now()
      const { tokens } = await policyUpdate(STAGE, {
        team,
        seed: 'bench',
        shards: 2,
        update,
        keep: 0,
        run: '',
      })
      if (update > 0) runs.push((1000 * tokens) / (performance.now() - start))
    }
    await team.close()
    speeds.push(runs)
  }
  const [one, two] = speeds
  return [
    row('train.workers.1', 'tokens/s', one),
    row('train.workers.2', 'tokens/s', two),
    row(
      'train.workers.speedup',
      'times',
      two.map((speed, i) => speed / one[i]),
    ),
  ]
}

/**
 * How many times the work of one worker two can do at most, whatever else the machine does: CPU time of all shards over that
 * of the longest one, phase by phase, with groups dealt as they were played and by tokens.
 */
async function bounds(): Promise<Measurement[]> {
  const rows: Measurement[] = []
  for (const deal of [undefined, 'tokens'] as const) {
    const stage: Reinforcement = { ...STAGE, deal }
    const replica = new Replica(workplaceOf(BUILT_IN), () => {})
    await replica.start({ backend: 'auto' })
    await replica.load(base())
    await replica.begin({ stage, data: DATA })
    const spent = { all: 0, longest: 0 }
    const ask = async (job: string, given: unknown): Promise<{ answer: unknown; time: number }> => {
      const start = process.cpuUsage()
      const run = (replica as unknown as Record<string, (given: unknown) => Promise<unknown>>)[job]
      const answer = await run.call(replica, given)
      const { user, system } = process.cpuUsage(start)
      return { answer, time: user + system }
    }
    const together = async (job: string, given: readonly unknown[]): Promise<unknown[]> => {
      const asked: Awaited<ReturnType<typeof ask>>[] = []
      for (const one of given) asked.push(await ask(job, one))
      spent.all += asked.reduce((sum, { time }) => sum + time, 0)
      spent.longest += most(asked.map(({ time }) => time))
      return asked.map(({ answer }) => answer)
    }
    const alone = async (job: string, given: unknown): Promise<unknown> => (await together(job, [given]))[0]
    const team = { every: alone, first: alone, shards: together } as unknown as Team
    const runs: number[] = []
    for (let update = 0; update <= UPDATES; update++) {
      Object.assign(spent, { all: 0, longest: 0 })
      await policyUpdate(stage, { team, seed: 'bench', shards: 2, update, keep: 0, run: '' })
      if (update > 0) runs.push(spent.all / spent.longest)
    }
    replica.dispose()
    rows.push(row(`train.workers.bound${deal ? `.${deal}` : ''}`, 'times', runs))
  }
  return rows
}

/** Response tokens of an episode. */
const count = ({ values }: CreditedEpisode): number => values.reduce((sum, { length }) => sum + length, 0)

function row(name: string, unit: string, runs: readonly number[]): Measurement {
  const sorted = [...runs].sort((a, b) => a - b)
  return { name, unit, value: sorted[runs.length >> 1], runs }
}
