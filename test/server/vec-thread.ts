import { workerData } from 'node:worker_threads'
import { hostLanes } from '#server/vec/host'
import { toy } from '../toy.ts'

/** Its levels take for ever. */
const endless: typeof toy = {
  ...toy,
  reset() {
    for (;;);
  },
}

hostLanes((id) => (id === 'endless' ? endless : toy), undefined, (workerData as { file?: string }).file)
