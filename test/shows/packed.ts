import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claim, type Ran, ROOT, run } from './show.ts'

/** The package as npm would publish it, built from the sources as they are. @returns the tarball's path. */
export function pack(folder: string): string {
  const built = run('node', ['build.mjs'])
  claim('it builds', built.code === 0, built.err.slice(0, 300))
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  return join(folder, name)
}

/** Installs packages into a new folder, without optional parts. */
export function install(home: string, ...packages: readonly string[]): Ran {
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "type": "module", "private": true }')
  const words = ['install', '--omit=optional', '--no-audit', '--no-fund', ...packages]
  return run('npm', words, { cwd: home })
}

/** Where the repository is. */
export { ROOT }
