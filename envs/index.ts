import type { Env } from '#core/env'

/** Every environment Kickpush knows: one line each. */
export const envs: readonly Env[] = []
