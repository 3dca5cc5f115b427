import { z } from 'zod'
import { own } from '#core/base/own'
import { KICKPUSH } from '#core/base/version'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import type { Conversation } from '#core/play/policy'
import type { RunInfo } from '#core/record/run'
import type { Host } from '../host.ts'
import type { Provenance } from '../model/checkpoint.ts'
import type { Recipe, Source, Stage } from '../recipe/recipe.ts'
import type { Metrics } from './update.ts'

/** The best of a stage's looks at valid levels so far. */
const Best = z.strictObject({
  /** The update of the run after which it was, whose checkpoint is kept. */
  update: z.int().min(1),
  /** Share of the levels solved. */
  success: z.number(),
  /** What the stage had used by then. */
  seen: z.record(z.string(), z.number()),
  /** Looks since then, all of them no better. */
  since: z.int().min(0),
})
export type Best = z.infer<typeof Best>

/** How far a run is, as its checkpoints say; no clock, host or path. */
export const Progress = z.strictObject({
  /** Updates done in the whole run, and in the stage. */
  update: z.int().min(0),
  stage: z.string(),
  stageUpdate: z.int().min(0),
  /** The update after which each finished stage ended; `start` is 0. */
  ends: z.record(z.string(), z.int()),
  /** What each stage has used so far, by name (samples, solutions, responses, episodes). */
  seen: z.record(z.string(), z.record(z.string(), z.number())),
  /** What the start says it has seen. */
  start: z.string(),
  optimizerSteps: z.int().min(0),
  /** Of the stage; absent before the first look, and where it does not look. */
  best: Best.optional(),
})
export type Progress = z.infer<typeof Progress>

/** Before the first update, from a model that has seen `start`. */
export function beginning(start: string): Progress {
  return {
    update: 0,
    stage: '',
    stageUpdate: 0,
    ends: { start: 0 },
    seen: {},
    start,
    optimizerSteps: 0,
  }
}

const COUNTED = ['samples', 'solutions', 'episodes', 'responses'] as const

/** One update further. */
export function advanced(progress: Progress, stage: Stage, metrics: Metrics): Progress {
  const before = own(progress.seen, stage.name) ?? {}
  const counts = COUNTED.flatMap((name) =>
    metrics[name] === undefined ? [] : [[name, (before[name] ?? 0) + metrics[name]] as const],
  )
  return {
    ...progress,
    update: progress.update + 1,
    stageUpdate: progress.stageUpdate + 1,
    seen: { ...progress.seen, [stage.name]: Object.fromEntries(counts) },
  }
}

/** The stage ends after this update; what it has `seen` is less where it ends with the weights of an earlier one. */
export function ended(progress: Progress, seen = progress.seen[progress.stage]): Progress {
  const { best: _, ...rest } = progress
  return {
    ...rest,
    seen: { ...progress.seen, [progress.stage]: seen },
    ends: { ...progress.ends, [progress.stage]: progress.update },
  }
}

/** Updates of all stages; fewer are done where one ends early. */
export const updatesOf = ({ stages }: Recipe): number => stages.reduce((sum, stage) => sum + stage.updates, 0)

/** The stage that a stage goes on from. */
export function originOf(recipe: Recipe, index: number): string {
  return recipe.stages[index].from ?? (index === 0 ? 'start' : recipe.stages[index - 1].name)
}

/** Everything the model after `stage` has learnt from, in words. */
export function seenBy(recipe: Recipe, progress: Progress, stage: string): string {
  const index = recipe.stages.findIndex(({ name }) => name === stage)
  if (index < 0) return progress.start
  const { name, kind, ...rest } = recipe.stages[index]
  const counts = Object.entries(progress.seen[name] ?? {}).map(([what, n]) => `${n} ${what}`)
  const how = 'conversation' in rest ? ` in ${rest.conversation.modality}` : ''
  const own = `${name} (${kind}${how}): ${counts.join(', ')}`
  const before = seenBy(recipe, progress, originOf(recipe, index))
  return before ? `${before}; ${own}` : own
}

/** What a checkpoint tells about its model. */
export function provenanceOf(envs: readonly Env[], recipe: Recipe, progress: Progress): Provenance {
  const { stage } = progress
  return {
    envs: versionsOf(envs, envsOf(recipe)),
    conversation: conversationOf(recipe, stage),
    seen: seenBy(recipe, progress, stage),
  }
}

/** How the model after `stage` was last taught to talk; undefined where no stage of this recipe did. */
function conversationOf(recipe: Recipe, stage: string): Conversation | undefined {
  const index = recipe.stages.findIndex(({ name }) => name === stage)
  if (index < 0) return undefined
  const own = recipe.stages[index]
  return 'conversation' in own ? own.conversation : conversationOf(recipe, originOf(recipe, index))
}

/** What run.json says. */
export function infoOf(
  { envs, packages }: Pick<Host, 'envs' | 'packages'>,
  recipe: Recipe,
  id: string,
  backend: string,
  how: Pick<RunInfo, 'status' | 'reason' | 'keepEpisodes' | 'watchLevels' | 'earlier'>,
): RunInfo {
  return {
    format: 1,
    id,
    kickpush: KICKPUSH,
    recipe: recipe.name,
    seed: recipe.seed,
    backend,
    ...how,
    stages: recipe.stages.map(({ name, kind, updates }) => ({ name, kind, updates })),
    envs: versionsOf(envs, envsOf(recipe)),
    ...packagesOf(packages, recipe),
    /** Everything that was asked for, with every default. */
    resolved: recipe,
  }
}

/** What computed before `backend` does, of a run that goes on after `update`; undefined where nothing else did. */
export function earlierBackends(before: RunInfo | null, backend: string, update: number): RunInfo['earlier'] {
  if (!before) return undefined
  const changed = before.backend === backend ? [] : [{ backend: before.backend, until: update }]
  const all = [...(before.earlier ?? []), ...changed]
  const done = all
    .map((one) => ({ ...one, until: Math.min(one.until, update) }))
    .filter(({ until }, i) => until > (i === 0 ? 0 : Math.min(all[i - 1].until, update)))
  while (done.at(-1)?.backend === backend) done.pop()
  return done.length > 0 ? done : undefined
}

/** Ids of all environments a recipe plays. */
export function envsOf(recipe: Recipe): string[] {
  const lists = [recipe.data, ...recipe.stages.flatMap(sourcesOf), recipe.evaluation?.data ?? []]
  return [...new Set(lists.flat().map(({ env }) => env))]
}

const sourcesOf = (stage: Stage): (readonly Source[])[] => [
  stage.data ?? [],
  'valid' in stage ? (stage.valid?.data ?? []) : [],
]

/** The packages of the environments a recipe plays; nothing where all come with Kickpush. */
function packagesOf(packages: Host['packages'], recipe: Recipe): Pick<RunInfo, 'packages'> {
  const own = envsOf(recipe).flatMap((id) =>
    Object.hasOwn(packages, id) ? [[id, packages[id]] as const] : [],
  )
  return own.length > 0 ? { packages: Object.fromEntries(own) } : {}
}

/** Environment id -> [version, look]. */
export function versionsOf(envs: readonly Env[], ids: readonly string[]): Record<string, [number, number]> {
  return Object.fromEntries(
    ids.map((id) => {
      const { version, look } = findEnv(envs, id)
      return [id, [version, look]]
    }),
  )
}

/** Seconds of each update, and the rate over the latest ones. */
export class Clock {
  readonly #laps: number[] = []
  #last = performance.now()

  /** Seconds since the last lap. */
  lap(): number {
    const now = performance.now()
    const seconds = (now - this.#last) / 1000
    this.#last = now
    this.#laps.push(seconds)
    if (this.#laps.length > 20) this.#laps.shift()
    return seconds
  }

  /** Laps per second. */
  get rate(): number {
    return this.#laps.length / this.#laps.reduce((sum, lap) => sum + lap, 0)
  }
}
