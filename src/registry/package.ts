import { existsSync } from 'node:fs'

/** package.json of Kickpush as an URL, from source and from a build alike. */
export function packageFile(): string {
  let folder = new URL('./', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) folder = new URL('../', folder)
  return new URL('package.json', folder).href
}
