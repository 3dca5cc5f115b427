import { readFileSync } from 'node:fs'
import { root } from './root.ts'

/** Of this package, as package.json says it. */
export const VERSION: string = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version
