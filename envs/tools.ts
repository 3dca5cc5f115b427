import type { LoadTools } from '#core/env/command'

/** Command line tools of the games that bring some: one line each. Browsers and trainings load none of it. */
export const tools: readonly LoadTools[] = [
  () => import('./sokoban/tools.ts'),
  () => import('./football/tools.ts'),
]
