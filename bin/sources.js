import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What each part of a build is made of. */
const PARTS = {
  node: ['src', 'envs', 'agent', 'server', 'bench', 'package.json'],
  client: ['client', 'src', 'envs', 'agent', 'server', 'recipes', 'models', 'package.json'],
}

/**
 * What the sources of a part are: names, sizes and times of change, so that looking costs milliseconds.
 * @param {string} root the package's folder
 * @param {'node' | 'client'} part
 */
export function sourcesOf(root, part) {
  const files = PARTS[part].flatMap((name) => filesIn(root, name))
  return files
    .sort()
    .map((file) => {
      const { size, mtimeMs } = statSync(join(root, file))
      return `${file} ${size} ${mtimeMs}\n`
    })
    .join('')
}

/**
 * Whether the build in `dist` is of the sources as they are; true in an installed package, which has none.
 * @param {string} root the package's folder
 * @param {'node' | 'client'} part
 */
export function isBuilt(root, part) {
  if (!existsSync(join(root, 'src/core'))) return true
  const file = buildFile(root, part)
  return existsSync(file) && readFileSync(file, 'utf8') === sourcesOf(root, part)
}

/** Where a build says what it is of. */
export const buildFile = (root, part) => join(root, 'dist', `${part}.sources`)

function filesIn(root, name) {
  const path = join(root, name)
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [name]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return filesIn(root, `${name}/${entry.name}`)
    return entry.isFile() ? [`${name}/${entry.name}`] : []
  })
}
