import { UserError } from '#core/base/errors'
import type { Store } from '#core/base/store'
import type { MetricsPage, RunSummary } from '#core/record/wire'
import { MemoryStore } from '#stores/memory'

/** What the server of this page says of a run of its own, as a store; null where there is no server or no such run. */
export async function claimOf(run: string, base: string): Promise<Store | null> {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(new URL(path, base))
    if (!response.ok) throw new UserError(`the server answered ${response.status} to ${path}`)
    return (await response.json()) as T
  }
  const info = await get<RunSummary[]>('api/runs').then(
    (all) => all.find(({ id }) => id === run),
    () => undefined,
  )
  if (!info) return null
  const store = new MemoryStore(run)
  const place = `api/runs/${encodeURIComponent(run)}`
  for (const [update, mark] of Object.entries(await get<Record<string, unknown>>(`${place}/checkpoints`))) {
    await store.write(`checkpoints/${update}/progress.json`, JSON.stringify(mark))
  }
  for (let after = 0, more = true; more; ) {
    const { rows, total } = await get<MetricsPage>(`${place}/metrics?after=${after}`)
    await store.append('metrics.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    after += rows.length
    more = rows.length > 0 && after < total
  }
  await store.write('run.json', JSON.stringify(info))
  return store
}
