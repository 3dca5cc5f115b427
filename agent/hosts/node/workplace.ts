import type { Workplace } from '../../workplace.ts'
import { chooseBackend } from './backend.ts'
import { openPack } from './packs.ts'
import { createPolicy } from './policies.ts'

/** A process or thread of Node. */
export const workplace: Workplace = { chooseBackend, createPolicy, openPack }
