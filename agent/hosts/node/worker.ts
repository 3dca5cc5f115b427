import { parentPort } from 'node:worker_threads'
import { answering } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { workplace } from './workplace.ts'

/** A thread with one replica. */
const port = parentPort!
const answer = answering(
  (onEvent) => new Replica(workplace, onEvent),
  (said) => port.postMessage(said),
)
port.on('message', answer)
