import { parentPort, workerData } from 'node:worker_threads'
import { loadGames } from '#registry/games'
import type { GameModule } from '#registry/module'
import { answering } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { workplaceOf } from './workplace.ts'

/** What a thread with one replica is given. */
export interface ReplicaWork {
  readonly games: readonly GameModule[]
}

const port = parentPort!
const { games } = workerData as ReplicaWork
const workplace = workplaceOf(await loadGames(games))
const answer = answering(
  (onEvent) => new Replica(workplace, onEvent),
  (said) => port.postMessage(said),
)
port.on('message', answer)
