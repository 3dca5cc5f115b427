import { availableParallelism, cpus } from 'node:os'
import { BUILT_IN, type Games, packagesOf } from '#registry/games'
import type { Host } from '../../host.ts'
import { inPlace } from '../../trainer/member.ts'
import { Replica } from '../../trainer/replica.ts'
import { Team } from '../../trainer/team.ts'
import { modelNamed } from './models.ts'
import { openPack } from './packs.ts'
import { thread } from './thread.ts'
import { workplaceOf } from './workplace.ts'

/** This process of Node, on this machine, with some games. */
export function nodeWith(games: Games): Host {
  const workplace = workplaceOf(games)
  return {
    envs: games.envs,
    packages: packagesOf(games),
    threads: availableParallelism(),
    machine: machine(),
    model: modelNamed,
    openPack,
    team: (workers, onEvent) => {
      if (workers > 0) return new Team(Array.from({ length: workers }, () => thread(games.added, onEvent)))
      return new Team([inPlace((tell, breathe) => new Replica(workplace, tell, breathe), onEvent)])
    },
  }
}

/** With the games that come with Kickpush. */
export const node: Host = nodeWith(BUILT_IN)

function machine(): string {
  const all = cpus()
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`
}
