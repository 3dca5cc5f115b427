import { availableParallelism, cpus } from 'node:os'
import type { Host } from '../../host.ts'
import { inPlace } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { Team } from '../../trainer/team.ts'
import { modelNamed } from './models.ts'
import { openPack } from './packs.ts'
import { thread } from './thread.ts'
import { workplace } from './workplace.ts'

/** This process of Node, on this machine. */
export const node: Host = {
  threads: availableParallelism(),
  machine: machine(),
  model: modelNamed,
  openPack,
  team: (workers, onEvent) => {
    if (workers > 0) return new Team(Array.from({ length: workers }, () => thread(onEvent)))
    return new Team([inPlace((tell, breathe) => new Replica(workplace, tell, breathe), onEvent)])
  },
}

function machine(): string {
  const all = cpus()
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`
}
