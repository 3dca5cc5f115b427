import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Ran, ROOT, SKIPPED } from './show.ts'

/** Runs Python programs in the repository's root. */
export type Python = (words: readonly string[], env?: Readonly<Record<string, string>>) => Ran

/** An interpreter, and where it lies. */
export interface Interpreter {
  readonly python: Python
  readonly path: string
}

/**
 * An interpreter with the packages of a requirements file: that of `--python <interpreter>`, which must have them, or a new
 * virtual environment in `folder`. Where there is none, what is needed and why it is not there.
 */
export function findPython(requirements: string, folder: string): Interpreter | string {
  const at = process.argv.indexOf('--python')
  const path = at < 0 ? join(folder, 'venv/bin/python') : process.argv[at + 1]
  const python: Python = (words, env) => {
    const { status, stdout, stderr } = spawnSync(path, words, {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONUNBUFFERED: '1', ...env },
    })
    return { code: status, out: stdout, err: stderr }
  }
  if (at >= 0) return { python, path }
  const made = spawnSync('python3', ['-m', 'venv', join(folder, 'venv')]).status === 0
  const pip = made ? python(['-m', 'pip', 'install', '-q', '-r', join(ROOT, requirements)]) : undefined
  if (pip?.code === 0) return { python, path }
  return `python3 with ${requirements} is needed (${pip?.err.trim().split('\n').at(-1) ?? 'no venv'})`
}

/** The same; exits with 77 (skipped) where there is none. */
export function pythonWith(requirements: string, folder: string): Interpreter {
  const found = findPython(requirements, folder)
  if (typeof found !== 'string') return found
  console.log(`skipped: ${found}`)
  process.exit(SKIPPED)
}
