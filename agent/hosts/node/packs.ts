import { LevelPack } from '#stores/pack'
import type { OpenPack } from '../../trainer/levels.ts'

/** Opens files and folders of an environment's levels. @throws UserError when they cannot be read. */
export const openPack: OpenPack = (env, files, options) => new LevelPack(env, files, options)
