import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Exit code of a show that could not run here. */
export const SKIPPED = 77

let failures = 0

/** Prints whether a claim holds; `show` ends with exit code 1 when one did not. */
export function claim(text: string, holds: boolean, detail: unknown = ''): void {
  if (!holds) failures++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${text}${detail === '' ? '' : `: ${detail}`}`)
}

/** Runs a show in a temporary folder that is removed afterwards, and exits. */
export async function show(body: (folder: string) => void | Promise<void>): Promise<never> {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-show-'))
  try {
    await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  process.exit(failures === 0 ? 0 : 1)
}

/** What a program printed, and its exit code. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: options.cwd ?? ROOT,
    input: options.input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { code: status, out: stdout, err: stderr }
}

/** Runs the built command line (`npm run build` first). */
export function kickpush(...args: string[]): Ran {
  return run(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...args])
}
