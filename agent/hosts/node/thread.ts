import type { RecordEvent } from '#core/record/record'
import type { GameModule } from '#registry/module'
import { beside, startThread } from '#threads/thread'
import { behind, type Member } from '../../trainer/member.ts'
import type { ReplicaWork } from './worker.ts'

/** A replica in a thread of its own, which loads the same games. */
export function thread(games: readonly GameModule[], onEvent: (event: RecordEvent) => void): Member {
  const data: ReplicaWork = { games }
  const worker = startThread({ entry: beside(import.meta.url, 'worker'), data })
  const member = behind(
    {
      post: (ask) => worker.postMessage(ask),
      end: async () => void (await worker.terminate()),
    },
    onEvent,
  )
  worker.on('message', member.hear)
  worker.on('error', (error) => member.fail(error.message))
  worker.on('exit', (code) => member.fail(`it ended with code ${code}`))
  return member
}
