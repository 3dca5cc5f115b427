import type { Env } from '#core/env'
import { sokoban } from './sokoban/index.ts'

/** Every environment Kickpush knows: one line each. */
export const envs: readonly Env[] = [sokoban]
