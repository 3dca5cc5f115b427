import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunInfo, RunKind } from '#core/run'
import { KICKPUSH } from '#core/version'
import { makeFolder } from '#stores/folder'

/** Makes the run folder of something that plays but does not learn, or changes its status. */
export async function writeRunInfo(
  folder: string,
  id: string,
  status: RunInfo['status'],
  kind: Exclude<RunKind, 'training'> = 'records',
): Promise<void> {
  const info: RunInfo = {
    format: 1,
    id,
    kind,
    kickpush: KICKPUSH,
    recipe: id,
    seed: '',
    backend: '',
    stages: [],
    status,
    envs: {},
  }
  makeFolder(path.join(folder, 'episodes'))
  await writeAside(path.join(folder, 'run.json'), `${JSON.stringify(info, null, 2)}\n`)
}

/** Writes under a temporary name, then renames, so that nobody reads a half. */
export async function writeAside(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}
