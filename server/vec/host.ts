import { appendFileSync } from 'node:fs'
import type { Env } from '#core/env/env'
import { answerJobs } from '../jobs.ts'
import type { VecJob } from './fleet.ts'
import { configsOf, Part, weightOf } from './part.ts'

/** In a thread: plays the lanes of one connection. `file` takes records. */
export function hostLanes(
  find: (id: string) => Env,
  levels: readonly object[] | undefined,
  file: string | undefined,
): void {
  let part: Part | undefined
  let actions: Int32Array = new Int32Array(0)
  answerJobs((job: VecJob): unknown => {
    if (job.do === 'open') {
      const { open, memory, from, to, name } = job
      const env = find(open.env)
      actions = new Int32Array(job.actions)
      const book = file === undefined ? undefined : { write: (lines: string) => appendFileSync(file, lines) }
      part = new Part(env, open, memory, from, to, configsOf(env, open, levels), name, book)
      return null
    }
    if (job.do === 'weigh') {
      const env = find(job.open.env)
      return weightOf(env, configsOf(env, job.open, levels)[0], job.open.seed)
    }
    // Of a client that went before it was let in.
    if (!part && job.do === 'close') return null
    if (!part) throw new Error('nothing is open')
    if (job.do === 'reset') return part.reset(job.seeds, job.lanes)
    if (job.do === 'step') return part.step(actions)
    if (job.do === 'render') return part.render(job.lane, job.seat, job.width, job.height)
    if (job.do === 'save') return part.save(job.lane)
    if (job.do === 'load') return part.load(job.lane, job.bytes)
    if (job.do === 'describe') return part.describe(job.lane)
    part.close()
    return null
  })
}
