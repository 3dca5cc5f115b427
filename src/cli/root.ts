import { existsSync } from 'node:fs'

/** The package's folder as a file URL with a closing slash, from source and from dist alike. */
export const root: URL = findRoot()

function findRoot(): URL {
  let folder = new URL('./', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) folder = new URL('../', folder)
  return folder
}
