import type { RecordEvent } from '#core/record/record'
import { beside, startThread } from '#threads/thread'
import { behind, type Member } from '../../trainer/member.ts'

/** A replica in a thread of its own. */
export function thread(onEvent: (event: RecordEvent) => void): Member {
  const worker = startThread({ entry: beside(import.meta.url, 'worker') })
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
