import { workerData } from 'node:worker_threads'
import type { Row } from '#agent/dataset/row'
import { type Score, scoreAnswer } from '#agent/dataset/score'
import { Tasks } from '#agent/dataset/tasks'
import { opensThought } from '#agent/dialogue/reply'
import type { RewardOptions } from '#agent/rewards/registry'
import { UserError } from '#core/base/errors'
import { loadGames } from '#registry/games'
import type { GameModule } from '#registry/module'
import { answerJobs } from '#server/jobs'
import { rewardsOf, type Sample } from '#server/reward'

/** What a thread of the reward server scores by. */
export interface RewardWork {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  readonly rows: readonly Row[]
  readonly options: RewardOptions
  /** The environment that is scored; all unless given. */
  readonly only?: string
}

const { games, rows, options, only } = workerData as RewardWork
const tasks = new Tasks(rows, (await loadGames(games)).envs)

answerJobs((body: Uint8Array) => rewardsOf(body, (samples) => Promise.all(samples.map(score))))

async function score(sample: Sample, i: number): Promise<Score> {
  try {
    const task = tasks.find(sample)
    if (only !== undefined && task.env.id !== only) {
      throw new UserError(`its level is of ${task.env.id}; this server scores ${only}`)
    }
    const reply = { text: sample.response, opened: opensThought(sample.prompt) }
    return await scoreAnswer(task, reply, options)
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`sample ${i}: ${error.message}`)
    throw error
  }
}
