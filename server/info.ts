import type { Store } from '#core/base/store'
import { KICKPUSH } from '#core/base/version'
import type { RunInfo, RunKind } from '#core/record/run'

/**
 * Makes a run of something that plays but does not learn, or changes its status.
 * @param store the folder named `id` in it becomes the run.
 * @throws StoreError
 */
export async function writeRunInfo(
  store: Store,
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
  await store.write(`${id}/run.json`, `${JSON.stringify(info, null, 2)}\n`)
}
