import type { Env } from '#core/env/env'
import { sokoban } from '../../envs/sokoban/index.ts'
import { four } from '../games/four.ts'
import { mines } from '../games/mines.ts'
import { snakes } from '../games/snakes.ts'

/** Games with several seats, beside one that is shipped. */
export const envs: readonly Env[] = [sokoban, four as Env, snakes as Env, mines as Env]
