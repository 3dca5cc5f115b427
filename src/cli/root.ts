import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The package's folder as a file URL with a closing slash, from source and from dist alike. */
export const root: URL = findRoot()

/** The path of a file of the package. */
export function packaged(path: string): string {
  return fileURLToPath(new URL(path, root))
}

function findRoot(): URL {
  let folder = new URL('./', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) folder = new URL('../', folder)
  return folder
}
