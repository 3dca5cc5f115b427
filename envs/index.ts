import type { Env } from '#core/env/env'
import { football } from './football/index.ts'
import { puzzles } from './puzzles/index.ts'
import { sokoban } from './sokoban/index.ts'

/** Every environment Kickpush knows: one line each. */
export const envs: readonly Env[] = [sokoban, football, puzzles]
