import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
let home = ''

/** A package that says where it runs from, with our bin and our dependencies. */
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kickpush-bin-'))
  cpSync(join(ROOT, 'bin'), join(home, 'bin'), { recursive: true })
  write(
    'package.json',
    JSON.stringify({
      type: 'module',
      imports: { '#core/*': { source: './src/core/*.ts', default: './dist/src/core/*.js' } },
    }),
  )
  // The import map and types in what is run show that it is TypeScript and its own sources.
  write('src/core/where.ts', "export const where: string = 'source'\n")
  write('src/cli/main.ts', MAIN)
  write('dist/src/core/where.js', "export const where = 'dist'\n")
  write('dist/src/cli/main.js', MAIN)
})
afterEach(() => rmSync(home, { recursive: true }))

const MAIN = `import { where } from '#core/where'
export const main = async (words) => {
  if (words[0] === 'fail') setTimeout(() => { throw new Error('late') }, 1)
  console.log(where, words.join(' '))
  return 3
}
export const report = (error) => (console.error('told: ' + error.message), 70)
`

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), text)
}

/** Runs it from a folder that is not its own. */
function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'bin/kickpush.js'), ...words], {
    cwd: tmpdir(),
    encoding: 'utf8',
  })
  return { status, out: stdout.trim(), err: stderr.trim() }
}

/** What the build writes when it is done. */
function markBuilt(): void {
  const code = `import { buildFile, sourcesOf } from './bin/sources.js'
import { writeFileSync } from 'node:fs'
for (const part of ['node', 'client']) writeFileSync(buildFile('.', part), sourcesOf('.', part))`
  spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: home })
}

it('a build of the sources as they are runs; sources that changed since run themselves', () => {
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
  markBuilt()
  expect(run('a', 'b')).toEqual({ status: 3, out: 'dist a b', err: '' })
  write('src/core/where.ts', "export const where: string = 'newer source'\n")
  expect(run('a')).toEqual({ status: 3, out: 'newer source a', err: '' })
})

it('a build that is older than its sources says so where they cannot run', () => {
  expect(run()).toEqual({
    status: 3,
    out: 'dist',
    err: 'kickpush runs a build that is older than its sources: `npm install && npm run build`',
  })
})

it('an installed package has no sources and runs its build', () => {
  rmSync(join(home, 'src'), { recursive: true })
  expect(run('serve')).toEqual({ status: 3, out: 'dist serve', err: '' })
})

it('what is thrown when nobody waits for it is told as well', () => {
  markBuilt()
  expect(run('fail')).toMatchObject({ status: 70, err: 'told: late' })
})
