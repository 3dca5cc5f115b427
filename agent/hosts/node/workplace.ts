import type { Games } from '#registry/games'
import type { Workplace } from '../../workplace.ts'
import { chooseBackend } from './backend.ts'
import { openPack } from './packs.ts'
import { createPolicy } from './policies.ts'

/** A process or thread of Node with some games. */
export function workplaceOf({ envs }: Games): Workplace {
  return { envs, chooseBackend, createPolicy, openPack }
}
