import { z } from 'zod'

/**
 * A run folder, the only thing between a learner and whoever watches it:
 *
 *   run.json              what it is (RunInfo); rewritten whole
 *   metrics.jsonl         one MetricsRow per update; appended
 *   episodes/<name>.jsonl record events of the episodes kept, one after the other (0.1.0: interleaved); appended
 *   credit/<name>.jsonl   what training used of them, a CreditLine per trajectory (record/credit.ts)
 *   pool/<stage>/         past selves that a stage plays against
 *   checkpoints/<update>/ weights and everything a resume needs; without its progress.json, written last, it is none
 *   lock                  which process is writing
 *   report.md             what came out, with plots beside it
 */
export const RunInfo = z.looseObject({
  format: z.literal(1),
  id: z.string(),
  /** What wrote it; a training unless it says so. */
  kind: z.enum(['training', 'exhibition', 'evaluation', 'records']).optional(),
  kickpush: z.string(),
  recipe: z.string(),
  seed: z.string(),
  /** What computes now. */
  backend: z.string(),
  /** What computed before, each until so many updates were done; absent where it never changed. */
  earlier: z.array(z.looseObject({ backend: z.string(), until: z.int().min(0) })).optional(),
  /** Stages in order with their budgets, so that a viewer can show progress before the first update. */
  stages: z.array(z.looseObject({ name: z.string(), kind: z.string(), updates: z.int().min(0) })),
  /** `diverged`: weights, gradients or a loss were no numbers any more; `failed`: something else went wrong. */
  status: z.enum(['running', 'stopped', 'done', 'failed', 'diverged']),
  /** Why it failed or diverged, in one line. */
  reason: z.string().optional(),
  /** Episodes recorded per update, so that a resume records as many. */
  keepEpisodes: z.int().min(0).optional(),
  /** Levels that are played again and again (segments `watch-<updates done>`); absent for none. */
  watchLevels: z.int().min(0).optional(),
  /** Environment id -> [version, look]. */
  envs: z.record(z.string(), z.tuple([z.int(), z.int()])),
  /** Of games that do not come with Kickpush: the package by environment id, and what to load it by. */
  packages: z
    .record(z.string(), z.looseObject({ package: z.string(), version: z.string(), module: z.string() }))
    .optional(),
})
export type RunInfo = z.infer<typeof RunInfo>
export type RunKind = NonNullable<RunInfo['kind']>

/** Numbers of one update. `update` counts over the whole run, `stage` names where it belongs; the rest are metrics. */
export const MetricsRow = z.looseObject({
  update: z.int().min(0),
  stage: z.string(),
})
export type MetricsRow = z.infer<typeof MetricsRow>
