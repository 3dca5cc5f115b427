import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Ran, ROOT, SKIPPED } from './show.ts'

/** Runs Python programs in the repository's root. */
export type Python = (words: readonly string[], env?: Readonly<Record<string, string>>) => Ran

/**
 * An interpreter with the packages of a requirements file: that of `--python <interpreter>`, which must have them, or a new
 * virtual environment in `folder`. Exits with 77 (skipped) where there is none.
 */
export function pythonWith(requirements: string, folder: string): { python: Python; path: string } {
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
  if (pip?.code !== 0) {
    console.log(
      `skipped: python3 with ${requirements} is needed (${pip?.err.trim().split('\n').at(-1) ?? 'no venv'})`,
    )
    process.exit(SKIPPED)
  }
  return { python, path }
}
