import { fileURLToPath } from 'node:url'
import { root } from './root.ts'

/** What a clone's launcher knows about its build. */
interface Sources {
  isBuilt(root: string, part: 'node' | 'client'): boolean
}

/** Says when the viewer was built before its sources changed: it can't run them as commands do. */
export async function oldViewer(): Promise<string | undefined> {
  const { isBuilt } = (await import(new URL('bin/sources.js', root).href)) as Sources
  if (isBuilt(fileURLToPath(root), 'client')) return undefined
  return 'the viewer was built before its sources changed: `npm run build` builds it again'
}
